namespace Cairn.Wandb.Tests.Artifacts;

/// <summary>What real clients of two generations once sent, sent again.</summary>
public sealed class RecordedSessionTests : IAsyncLifetime
{
    private readonly WandbServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("0.13.9-article-flow.jsonl")]
    [InlineData("0.13.9-nocache-download.jsonl")]
    [InlineData("0.13.9-full-flow.jsonl")]
    [InlineData("0.20.1-legacy-article-flow.jsonl")]
    [InlineData("0.28.3-article-flow.jsonl")]
    [InlineData("0.28.3-nocache-download.jsonl")]
    [InlineData("0.28.3-full-flow.jsonl")]
    public async Task A_recorded_client_is_answered_in_the_shape_it_reads(string name)
    {
        var session = RecordedSession.Find(name);
        Assert.SkipWhen(session is null, "The recorded sessions are not on this machine.");
        await session!.ReplayAsync(server.Http, operation => (operation.Contains("rtifact", StringComparison.Ordinal) && !operation.StartsWith("Probe", StringComparison.Ordinal)) || operation.EndsWith("Aliases", StringComparison.Ordinal) || operation == "ClientIDMapping");
        Assert.True(session.Faults.Count == 0, string.Join('\n', session.Faults.Take(20)));
        Assert.True(session.Sent > 10);
    }
}
