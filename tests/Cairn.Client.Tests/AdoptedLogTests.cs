using Cairn.Client.Tests.Fakes;

namespace Cairn.Client.Tests;

/// <summary>Looks at what the whole process prints, so nothing else may run beside it.</summary>
[Collection(nameof(MemoryTests))]
public sealed class AdoptedLogTests : IAsyncDisposable
{
    private readonly FakeCairn _server = new();

    [Fact]
    public async Task An_adopted_run_prints_its_log_because_the_launcher_captures_it()
    {
        _server.AddRun("launched");
        using var client = new CairnClient(_server.Options());
        var run = await CairnRun.StartAsync(client, ownsClient: false, new RunOptions(), new RunEnvironment("launched", null, null), default);
        var console = Console.Out;
        using var captured = new StringWriter();
        Console.SetOut(captured);
        try
        {
            run.Log("hello");
        }
        finally
        {
            Console.SetOut(console);
        }

        await run.DisposeAsync();
        Assert.Equal($"hello{Environment.NewLine}", captured.ToString());
        Assert.Empty(_server.Runs["launched"].Logs);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
