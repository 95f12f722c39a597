using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Streams;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>
/// <c>upsertBucket</c>: makes or changes a run. With an id, it changes the run of that id; else it finds the run by project
/// and name and makes both where they are missing. What is null stays as it is.
/// </summary>
internal sealed class RunUpsert(RunDesks desks)
{
    public async ValueTask<object?> HandleAsync(FieldCall call)
    {
        var input = call.Input;
        if (input.Has("id"))
        {
            var known = await RunNode.FindAsync(call.Request, input.Text("id"), call.CancellationToken)
                ?? throw CairnException.NotFound($"There is no run with the id '{input.Text("id")}'.");
            return new UpsertedRun(await ChangeAsync(call, known, isStart: false), IsNew: false);
        }

        var name = input.Text("name") ?? RunIdentity.NewName();
        RunIdentity.CheckName(name);
        var project = await ProjectAsync(call, input.Text("modelName") ?? ProjectNode.Default);
        if (await RunNode.FindAsync(call.Request, project, name, call.CancellationToken) is { } existing)
        {
            return new UpsertedRun(await ChangeAsync(call, existing, isStart: true), IsNew: false);
        }

        return new UpsertedRun(await CreateAsync(call, project, name), IsNew: true);
    }

    private static async ValueTask<ProjectNode> ProjectAsync(FieldCall call, string name) =>
        new(await call.Request.Services.Experiments.EnsureAsync(new NewExperiment(name), call.CancellationToken));

    private static async Task<RunNode> CreateAsync(FieldCall call, ProjectNode project, string name)
    {
        var input = call.Input;
        var services = call.Request.Services;
        var id = RunIdentity.Of(project.Experiment.Id, name);
        var content = Content(call, id, new Dictionary<string, string>());
        var author = call.Request.Http.Request.Headers["X-WANDB-USERNAME"] is [{ Length: > 0 } user, ..] ? user : null;
        var created = await services.Journal.CreateAsync(
            new NewRun(
                project.Experiment.Id,
                id,
                Named(input) ?? RunNames.Make(),
                StartedAt: null,
                author,
                input.Text("jobType"),
                call.Request.Http.Features.Get<LaunchedBy>()?.Run,
                Group: Given(input, "groupName"),
                ClientId: name,
                Content: content),
            call.CancellationToken);
        if (created.Lifecycle == Lifecycle.Deleted)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, $"The run '{name}' of '{project.Name}' was deleted. Restore it, or start under another id.");
        }

        return new RunNode(project, created, services);
    }

    private async Task<RunNode> ChangeAsync(FieldCall call, RunNode node, bool isStart)
    {
        // Whoever starts under a known id goes on with that run, also where it had ended or was made for a sweep.
        var status = Status(call.Input) ?? (isStart && node.Run.Status != RunStatus.Running ? RunStatus.Running : null);
        var snapshot = await node.SnapshotAsync(call.CancellationToken);
        var update = Content(call, node.Run.Id, snapshot.Tags) with
        {
            Name = Named(call.Input),
            Group = Given(call.Input, "groupName"),
            JobType = Given(call.Input, "jobType"),
            Status = status,
            // A run that a command resumes belongs to that command's run from now on: it is part of what that one does.
            ParentId = isStart && call.Request.Http.Features.Get<LaunchedBy>()?.Run is { } launcher && launcher != node.Run.Id ? launcher : null,
            StopRequested = status == RunStatus.Running && node.Run.StopRequested ? false : null,
        };
        using (var desk = await desks.EnterAsync(node.Run.Id, call.CancellationToken))
        {
            desk.State ??= await StreamState.LoadAsync(node.Services.Runs, node.Run.Id, call.CancellationToken);
            update = update with
            {
                RemovedParams = await GoneAsync(node, update, call.CancellationToken),
                Points = node.Run.IsOver ? [.. RunSummary.Points(NewNumbers(snapshot, update), desk.State, snapshot.Latest, Now(call))] : [],
            };
            return new RunNode(node.Project, await node.Services.Journal.ApplyAsync(update, call.CancellationToken), node.Services);
        }
    }

    // Clients send the config whole: what they sent before and do not send now is gone. Params of other clients stay.
    private static async ValueTask<IReadOnlyList<string>> GoneAsync(RunNode node, RunUpdate update, CancellationToken cancellationToken)
    {
        if (!update.Documents.Any(document => document.Name == RunConfig.Document)
            || await node.Services.Runs.FindDocumentAsync(node.Run.Id, RunConfig.Document, cancellationToken) is not { } before)
        {
            return [];
        }

        using var read = LenientJson.Parse(before, "config");
        return [.. RunConfig.Params(read.RootElement).Select(param => param.Key).Except(update.Params.Select(param => param.Key), StringComparer.Ordinal)];
    }

    // A number that is shown in place of a measured one is no measurement.
    private static IEnumerable<Param> NewNumbers(RunSnapshot snapshot, RunUpdate update)
    {
        var measured = snapshot.Latest.ToDictionary(metric => metric.Key, metric => metric.Point.Value, StringComparer.Ordinal);
        var shown = snapshot.Summary.ToDictionary(value => value.Key, value => value.Number, StringComparer.Ordinal);
        return update.Summary.Where(value =>
            !measured.TryGetValue(value.Key, out var newest) || (shown.TryGetValue(value.Key, out var number) && number == newest && value.Number != newest));
    }

    private static long Now(FieldCall call) => call.Request.Services.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static RunUpdate Content(FieldCall call, RunId id, IReadOnlyDictionary<string, string> tags)
    {
        var input = call.Input;
        var documents = new List<RunDocument>();
        IReadOnlyList<Param> parameters = [];
        IReadOnlyList<Param> summary = [];
        if (input.Text("config") is { } config)
        {
            using var read = LenientJson.Parse(config, "config");
            parameters = RunConfig.Params(read.RootElement);
            documents.Add(new RunDocument(RunConfig.Document, config));
        }

        if (input.Text("summaryMetrics") is { } values)
        {
            using var read = LenientJson.Parse(values, "summaryMetrics");
            summary = [.. RunSummary.Values(read.RootElement).DistinctBy(value => value.Key)];
            documents.Add(new RunDocument(RunSummary.Document, values));
        }

        return new RunUpdate(id)
        {
            Params = parameters,
            MayChangeParams = true,
            Summary = summary,
            Documents = documents,
            Tags = Tags(input, tags),
            HeartbeatAt = input.Has("id") ? null : Now(call),
        };
    }

    private static List<TagChange> Tags(InputValues input, IReadOnlyDictionary<string, string> tags)
    {
        var changes = input.Has("tags") ? RunLabels.Change(tags, input.Texts("tags")).ToList() : [];
        Set(RunLabels.Notes, "notes");
        Set(RunLabels.Commit, "commit");
        Set(RunLabels.Repository, "jobRepo");
        Set(RunLabels.Program, "jobProgram");
        Set(RunLabels.Host, "host");
        Set(RunLabels.Sweep, "sweep");
        return changes;

        void Set(string tag, string field)
        {
            if (input.Text(field) is { } value && tags.GetValueOrDefault(tag) != value && (value.Length > 0 || tags.ContainsKey(tag)))
            {
                changes.Add(new TagChange(tag, value));
            }
        }
    }

    private static RunStatus? Status(InputValues input) => input.Text("state") switch
    {
        null or "" => null,
        "running" => RunStatus.Running,
        "pending" => RunStatus.Scheduled,
        "finished" => RunStatus.Finished,
        "failed" => RunStatus.Failed,
        "crashed" => RunStatus.Crashed,
        "killed" or "preempted" or "preempting" => RunStatus.Killed,
        var other => throw CairnException.Invalid("state", $"'state' is '{other}'; it must be running, pending, finished, failed, crashed or killed."),
    };

    private static string? Named(InputValues input) => Given(input, "displayName");

    private static string? Given(InputValues input, string field) => input.Text(field) is { Length: > 0 } text ? text : null;
}

/// <summary>What <c>upsertBucket</c> answers.</summary>
internal sealed record UpsertedRun(RunNode Run, bool IsNew);
