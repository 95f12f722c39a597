using Cairn.Client.Tests.Fakes;

namespace Cairn.Client.Tests;

/// <summary>Counts what the whole process allocates, so nothing else may run beside it. The collection is for all tests of that kind.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public sealed class MemoryTests : IAsyncDisposable
{
    private readonly FakeCairn _server = new();
    private readonly TestFolder _folder = new();

    [Fact]
    public async Task A_large_file_is_hashed_sent_and_fetched_in_constant_memory()
    {
        const long Size = 96 << 20;
        const long Bound = 24 << 20;
        using var client = new CairnClient(_server.Options());
        var artifact = new NewArtifact("big", "model").AddFile(_folder.WriteLarge("big.bin", Size, 2));
        await client.GetServerAsync();
        var progress = new ProgressLog();
        var before = GC.GetTotalAllocatedBytes();

        await client.LogArtifactAsync("exp", artifact, progress: progress);

        // Everything in this process, the fake server included.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Bound);
        Assert.Equal(Size, progress.Best(TransferPhase.Hashing).BytesDone);
        Assert.InRange(progress.Reports.Count, 10, 450);
        before = GC.GetTotalAllocatedBytes();

        var file = await new UsedArtifact(client, await client.RecordInputAsync("any", "big:latest")).FileAsync();

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, Bound);
        Assert.Equal(Size, new FileInfo(file).Length);
    }

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _server.DisposeAsync();
    }
}
