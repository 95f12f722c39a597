namespace Cairn.Wandb.Tests.Replay;

/// <summary>Recorded sessions of real clients, where the machine has them.</summary>
public sealed class RecordedSessionTests
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CAIRN_WANDB_SESSIONS");

    // Artifacts have tests of their own; their answers need uploads that the recordings do not hold whole.
    private static readonly string[] Artifacts = ["Artifact", "Alias", "ClientID"];

    [Theory]
    [InlineData("0.13.9-full-flow.jsonl")]
    [InlineData("0.13.9-article-flow.jsonl")]
    [InlineData("0.20.1-legacy-article-flow.jsonl")]
    [InlineData("0.28.3-full-flow.jsonl")]
    [InlineData("0.28.3-article-flow.jsonl")]
    [InlineData("npm-wandb-sdk-0.5.1.jsonl")]
    public async Task What_a_client_sent_is_answered_in_the_same_shape(string name)
    {
        Assert.SkipWhen(Folder is null || !File.Exists(Path.Combine(Folder, name)), "Set CAIRN_WANDB_SESSIONS to a folder with recorded sessions.");
        await using var server = new WandbServer();
        await server.InitializeAsync();
        var session = new RecordedSession(server);
        await session.PlayAsync(
            Path.Combine(Folder!, name),
            operation => !Artifacts.Any(word => operation.Contains(word, StringComparison.OrdinalIgnoreCase)));
        Assert.True(session.Sent > 0);
        Assert.True(session.Faults.Count == 0, $"{session.Faults.Count} of {session.Sent}:{Environment.NewLine}{string.Join(Environment.NewLine, session.Faults.Take(60))}");
    }
}
