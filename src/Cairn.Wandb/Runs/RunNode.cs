using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Streams;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>A run being told about. What a document does not ask for is not read.</summary>
internal sealed class RunNode(ProjectNode project, Run run, WandbServices services, RunSnapshot? snapshot = null)
{
    private RunSnapshot? read = snapshot;
    private StreamState? state;

    public ProjectNode Project { get; } = project;

    public Run Run { get; } = run;

    public WandbServices Services { get; } = services;

    public string Name => RunIdentity.NameOf(Run);

    public string Id => NodeId.Of("Run", $"v1:{Name}:{Project.Name}:{Project.Entity.Name}");

    public string State => Run.Status switch
    {
        RunStatus.Running => "running",
        RunStatus.Scheduled => "pending",
        RunStatus.Finished => "finished",
        RunStatus.Failed => "failed",
        RunStatus.Killed => "killed",
        _ => "crashed",
    };

    public async ValueTask<RunSnapshot> SnapshotAsync(CancellationToken cancellationToken) =>
        read ??= await Services.Runs.FindRunAsync(Run.Id, cancellationToken) ?? new RunSnapshot(Run, [], new Dictionary<string, string>(), [], []);

    public async ValueTask<string?> TagAsync(string key, CancellationToken cancellationToken) =>
        (await SnapshotAsync(cancellationToken)).Tags.GetValueOrDefault(key);

    public async ValueTask<StreamState> StateAsync(CancellationToken cancellationToken) =>
        state ??= await StreamState.LoadAsync(Services.Runs, Run.Id, cancellationToken);

    /// <summary>The config as it was sent, with what other doors added.</summary>
    public async ValueTask<string> ConfigAsync(CancellationToken cancellationToken)
    {
        var document = await Services.Runs.FindDocumentAsync(Run.Id, RunConfig.Document, cancellationToken);
        return RunConfig.Write(document, (await SnapshotAsync(cancellationToken)).Params);
    }

    /// <summary>The summary as it was sent, or the newest values.</summary>
    public async ValueTask<string> SummaryAsync(CancellationToken cancellationToken) =>
        await Services.Runs.FindDocumentAsync(Run.Id, RunSummary.Document, cancellationToken)
        ?? RunSummary.Write(await SnapshotAsync(cancellationToken));

    /// <summary>Members of the config's "_wandb", as JSON text: by "t", clients know that a run has begun.</summary>
    public async ValueTask<string> OwnConfigAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        using var config = LenientJson.Parse(await ConfigAsync(cancellationToken), "config");
        var wanted = config.RootElement.TryGetProperty("_wandb", out var own) && own.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Object
            ? value.EnumerateObject().Where(member => keys.Count == 0 || keys.Contains(member.Name))
            : [];
        return $"{{{string.Join(',', wanted.Select(member => $"{JsonText.Quote(member.Name)}:{member.Value.GetRawText()}"))}}}";
    }

    /// <summary>The active run with that node id, or null.</summary>
    public static async ValueTask<RunNode?> FindAsync(WandbRequest request, string? id, CancellationToken cancellationToken)
    {
        // v1:{run}:{project}:{entity}; only a project's name may hold colons.
        if (NodeId.Read("Run", id) is not { } text || !text.StartsWith("v1:", StringComparison.Ordinal))
        {
            return null;
        }

        var rest = text[3..];
        var first = rest.IndexOf(':', StringComparison.Ordinal);
        var last = rest.LastIndexOf(':');
        return first > 0 && last > first ? await FindAsync(request, rest[(first + 1)..last], rest[..first], cancellationToken) : null;
    }

    /// <summary>The active run of that name in that project, or null.</summary>
    public static async ValueTask<RunNode?> FindAsync(WandbRequest request, string? project, string? name, CancellationToken cancellationToken) =>
        await ProjectNode.FindAsync(request, project, cancellationToken) is { } found ? await FindAsync(request, found, name, cancellationToken) : null;

    public static async ValueTask<RunNode?> FindAsync(WandbRequest request, ProjectNode project, string? name, CancellationToken cancellationToken) =>
        await RunIdentity.FindAsync(request.Services.Runs, project.Experiment.Id, name, cancellationToken) is { } run
            ? new RunNode(project, run, request.Services)
            : null;
}
