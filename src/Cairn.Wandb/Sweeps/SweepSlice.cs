using System.Globalization;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Sweeps;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Sweeps;

/// <summary>Sweeps: making and changing them, and what their agents ask.</summary>
internal sealed class SweepSlice(ISweepStore sweeps, SweepDirector director) : ISchemaSlice
{
    public string Text =>
        """
        extend type Project {
          sweep(sweepName: String!): Sweep
          sweeps(filters: JSONString, order: String, first: Int = 50, after: String): SweepConnection
          totalSweeps: Int!
        }
        extend type Run {
          sweep: Sweep
          exitcode: Int
          shouldStop: Boolean
          failed: Boolean
          running: Boolean
        }
        extend type Mutation {
          upsertSweep(input: UpsertSweepInput!): UpsertSweepPayload
          createAgent(input: CreateAgentInput!): CreateAgentPayload
          agentHeartbeat(input: AgentHeartbeatInput!): AgentHeartbeatPayload
        }
        type Sweep {
          id: ID!
          name: String!
          displayName: String
          method: String
          state: String!
          description: String
          bestLoss: Float
          config: String!
          controller: JSONString
          scheduler: JSONString
          createdAt: DateTime!
          updatedAt: DateTime!
          heartbeatAt: DateTime
          earlyStopJobRunning: Boolean
          runCount: Int
          runCountExpected: Int
          project: Project!
          user: User
          runs(first: Int = 1000, after: String): RunConnection
          agents: AgentConnection
        }
        type SweepConnection { edges: [SweepEdge!]! pageInfo: PageInfo! }
        type SweepEdge { node: Sweep! cursor: String! }
        type Agent { id: ID! name: String host: String state: String heartbeatAt: DateTime }
        type AgentConnection { edges: [AgentEdge!]! }
        type AgentEdge { node: Agent! }
        input UpsertSweepInput {
          id: ID
          config: String
          description: String
          displayName: String
          entityName: String
          projectName: String
          controller: JSONString
          scheduler: JSONString
          launchScheduler: JSONString
          templateVariableValues: JSONString
          priorRunsFilters: JSONString
          state: String
          clientMutationId: String
        }
        type UpsertSweepPayload { sweep: Sweep configValidationWarnings: [String!]! inserted: Boolean }
        input CreateAgentInput { host: String! projectName: String entityName: String sweep: String! }
        type CreateAgentPayload { agent: Agent }
        input AgentHeartbeatInput { id: ID! metrics: JSONString runState: JSONString }
        type AgentHeartbeatPayload { agent: Agent commands: JSONString }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Object<ProjectNode>("Project")
            .FieldAsync("sweep", async (project, call) => await FindAsync(project, call.Arguments.Text("sweepName"), call.CancellationToken))
            .FieldAsync("sweeps", async (project, call) => await ListAsync(project, call))
            .FieldAsync("totalSweeps", async (project, call) => (await sweeps.ListAsync(project.Experiment.Id, call.CancellationToken)).Count);
        schema.Object<RunNode>("Run")
            .FieldAsync("sweep", async (run, call) => await FindAsync(run.Project, await run.TagAsync(RunLabels.Sweep, call.CancellationToken), call.CancellationToken))
            .Field("exitcode", run => run.Run.Status switch { RunStatus.Finished => 0, RunStatus.Failed or RunStatus.Killed or RunStatus.Crashed => 1, _ => null })
            .Field("shouldStop", run => run.Run.StopRequested)
            .Field("failed", run => run.Run.Status is RunStatus.Failed or RunStatus.Crashed)
            .Field("running", run => run.Run.Status == RunStatus.Running);
        schema.Mutation
            .FieldAsync("upsertSweep", async (_, call) => await UpsertAsync(call))
            .FieldAsync("createAgent", async (_, call) => await CreateAgentAsync(call))
            .FieldAsync("agentHeartbeat", async (_, call) => await BeatAsync(call));
        schema.Object<SweepNode>("Sweep")
            .Field("id", node => node.Id)
            .Field("name", node => node.Sweep.Name)
            .Field("displayName", node => node.Sweep.DisplayName)
            .Field("method", node => node.Plan.Method)
            .Field("state", node => node.State)
            .Field("description", node => node.Sweep.Description)
            .FieldAsync("bestLoss", async (node, call) => await director.BestAsync(node.Sweep, node.Plan, call.CancellationToken))
            .Field("config", node => node.Sweep.Config)
            .Field("controller", _ => null)
            .Field("scheduler", _ => null)
            .Field("createdAt", node => WandbTime.Of(node.Sweep.CreatedAt))
            .Field("updatedAt", node => WandbTime.Of(node.Sweep.UpdatedAt))
            .Field("heartbeatAt", node => WandbTime.Of(node.Sweep.UpdatedAt))
            .Field("earlyStopJobRunning", node => node.Plan.EarlyStop is not null)
            .FieldAsync("runCount", async (node, call) => (await sweeps.ListTrialsAsync(node.Sweep.Id, call.CancellationToken)).Count)
            .Field("runCountExpected", node => node.Plan.ExpectedTrials is { } count and <= int.MaxValue ? count : null)
            .Field("project", node => node.Project)
            .Field("user", _ => Viewer.Of())
            .FieldAsync("runs", async (node, call) => await RunsAsync(node, call))
            .FieldAsync("agents", async (node, call) => new Page<SweepAgent>(await sweeps.ListAgentsAsync(node.Sweep.Id, call.CancellationToken)));
        schema.Object<Page<SweepNode>>("SweepConnection").Field("edges", page => page.Edges).Field("pageInfo", page => page.End);
        schema.Object<Edge<SweepNode>>("SweepEdge").Field("node", edge => edge.Node).Field("cursor", edge => edge.Cursor);
        schema.Object<SweepAgent>("Agent")
            .Field("id", agent => NodeId.Of("Agent", agent.Id))
            .Field("name", agent => agent.Id.ToString(CultureInfo.InvariantCulture))
            .Field("host", agent => agent.Host)
            .Field("state", _ => "RUNNING")
            .Field("heartbeatAt", agent => WandbTime.Of(agent.HeartbeatAt));
        schema.Object<Page<SweepAgent>>("AgentConnection").Field("edges", page => page.Items);
        schema.Object<SweepAgent>("AgentEdge").Field("node", agent => agent);
        schema.Object<UpsertedSweep>("UpsertSweepPayload")
            .Field("sweep", upserted => upserted.Node)
            .Field("configValidationWarnings", _ => Array.Empty<string>())
            .Field("inserted", upserted => upserted.IsNew);
        schema.Object<SweepAgent>("CreateAgentPayload").Field("agent", agent => agent);
        schema.Object<Beat>("AgentHeartbeatPayload").Field("agent", beat => beat.Agent).Field("commands", beat => beat.Commands);
    }

    private async ValueTask<SweepNode?> FindAsync(ProjectNode project, string? name, CancellationToken cancellationToken) =>
        !string.IsNullOrEmpty(name) && await sweeps.FindAsync(project.Experiment.Id, name, cancellationToken) is { } found ? new SweepNode(project, found) : null;

    private async ValueTask<Page<SweepNode>> ListAsync(ProjectNode project, FieldCall call)
    {
        if (call.Arguments.Text("filters") is { Length: > 0 } filters && filters.Trim() is not ("{}" or "null"))
        {
            throw CairnException.Invalid("filters", "Filters of sweeps are not supported. List the sweeps and choose among them.");
        }

        var all = await sweeps.ListAsync(project.Experiment.Id, call.CancellationToken);
        var offset = Cursor.Offset(call.Arguments.Text("after"));
        var first = (int)Math.Clamp(call.Arguments.Number("first") ?? 50, 1, 1000);
        return new Page<SweepNode>([.. all.Skip(offset).Take(first).Select(sweep => new SweepNode(project, sweep))], offset, all.Count > offset + first);
    }

    private async ValueTask<RunPage> RunsAsync(SweepNode node, FieldCall call)
    {
        var services = call.Request.Services;
        var trials = await sweeps.ListTrialsAsync(node.Sweep.Id, call.CancellationToken);
        var offset = Cursor.Offset(call.Arguments.Text("after"));
        var first = (int)Math.Clamp(call.Arguments.Number("first") ?? 1000, 1, 1000);
        var found = await services.Runs.FindRunsAsync([.. trials.Skip(offset).Take(first).Select(trial => trial.RunId)], call.CancellationToken);
        var nodes = found.Where(run => run.Lifecycle == Lifecycle.Active).Select(run => new RunNode(node.Project, run, services)).ToList();
        return new RunPage(new Page<RunNode>(nodes, offset, trials.Count > offset + first), () => ValueTask.FromResult(trials.Count));
    }

    private async ValueTask<UpsertedSweep> UpsertAsync(FieldCall call)
    {
        var input = call.Input;
        RefuseLaunch(input);
        if (input.Has("id"))
        {
            var known = await ByIdAsync(call, "Sweep", input.Text("id"));
            var changed = known.Sweep with
            {
                Config = input.Text("config") ?? known.Sweep.Config,
                Description = input.Text("description") ?? known.Sweep.Description,
                DisplayName = input.Text("displayName") ?? known.Sweep.DisplayName,
                State = StateOf(input.Text("state")) ?? known.Sweep.State,
            };
            SweepConfig.Read(changed.Config);
            return new UpsertedSweep(new SweepNode(known.Project, await director.ChangeAsync(changed, call.CancellationToken)), IsNew: false);
        }

        var config = input.Text("config") ?? throw CairnException.Invalid("config", "'config' is missing. Give the sweep a method and parameters.");
        SweepConfig.Read(config);
        var experiment = await call.Request.Services.Experiments.EnsureAsync(new NewExperiment(input.Text("projectName") ?? ProjectNode.Default), call.CancellationToken);
        var now = call.Request.Services.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var made = await sweeps.AddAsync(
            new Sweep(0, experiment.Id, RunIdentity.NewName(), input.Text("displayName"), input.Text("description"), config, StateOf(input.Text("state")) ?? SweepState.Pending, now, now),
            call.CancellationToken);
        return new UpsertedSweep(new SweepNode(new ProjectNode(experiment), made), IsNew: true);
    }

    private static void RefuseLaunch(InputValues input)
    {
        foreach (var field in new[] { "launchScheduler", "scheduler", "controller", "priorRunsFilters" })
        {
            if (input.Text(field) is { Length: > 0 } value && value is not ("null" or "{}" or """{"type": "cloud"}""" or """{"type":"cloud"}"""))
            {
                throw CairnException.Invalid(field, $"'{field}' is not supported: this server itself chooses the parameters, and starts no jobs.");
            }
        }
    }

    private async ValueTask<SweepAgent> CreateAgentAsync(FieldCall call)
    {
        var input = call.Input;
        var name = input.Required("sweep");
        var project = await ProjectNode.FindAsync(call.Request, input.Text("projectName") ?? ProjectNode.Default, call.CancellationToken);

        // "entity/project/sweep" is taken apart by clients; a bare name is looked for in the project.
        var sweep = project is null ? null : await FindAsync(project, name, call.CancellationToken);
        return sweep is null
            ? throw CairnException.NotFound($"There is no sweep '{name}' in the project '{input.Text("projectName")}'.")
            : await sweeps.AddAgentAsync(sweep.Sweep.Id, input.Required("host"), call.Request.Services.Clock.GetUtcNow().ToUnixTimeMilliseconds(), call.CancellationToken);
    }

    private async ValueTask<Beat> BeatAsync(FieldCall call)
    {
        var agent = Number("Agent", call.Input.Text("id")) is { } number ? await sweeps.FindAgentAsync(number, call.CancellationToken) : null;
        var sweep = agent is null ? null : await sweeps.FindAsync(agent.SweepId, call.CancellationToken);
        if (agent is null || sweep is null)
        {
            throw CairnException.NotFound($"There is no agent with the id '{call.Input.Text("id")}'.");
        }

        var commands = await director.BeatAsync(
            agent,
            sweep,
            SweepConfig.Read(sweep.Config),
            Busy(call.Input.Text("runState")),
            () =>
            {
                var name = RunIdentity.NewName();
                return (RunIdentity.Of(sweep.ExperimentId, name), name);
            },
            call.CancellationToken);
        var program = SweepConfig.Read(sweep.Config).Program;
        return new Beat(agent, JsonText.Write(writer => Write(writer, commands, program)));
    }

    // {"run": true}, {"run": "running"}: what an agent has under way.
    private static List<string> Busy(string? runState)
    {
        using var state = LenientJson.Parse(string.IsNullOrWhiteSpace(runState) ? "{}" : runState, "runState");
        return state.RootElement.ValueKind != JsonValueKind.Object
            ? []
            : [.. state.RootElement.EnumerateObject()
                .Where(run => run.Value.ValueKind == JsonValueKind.True || (run.Value.ValueKind == JsonValueKind.String && run.Value.GetString() is "running" or "queued"))
                .Select(run => run.Name)];
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<SweepCommand> commands, string? program)
    {
        writer.WriteStartArray();
        foreach (var command in commands)
        {
            writer.WriteStartObject();
            switch (command)
            {
                case SweepCommand.Run run:
                    writer.WriteString("type"u8, "run"u8);
                    writer.WriteString("run_id"u8, run.Trial.ClientRunId);
                    writer.WriteString("program"u8, program ?? "");
                    writer.WritePropertyName("args"u8);
                    writer.WriteRawValue(run.Trial.Arguments, skipInputValidation: true);
                    writer.WriteStartArray("logs"u8);
                    writer.WriteEndArray();
                    break;
                case SweepCommand.Stop stop:
                    writer.WriteString("type"u8, "stop"u8);
                    writer.WriteString("run_id"u8, stop.ClientRunId);
                    break;
                default:
                    writer.WriteString("type"u8, "exit"u8);
                    break;
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private async ValueTask<SweepNode> ByIdAsync(FieldCall call, string kind, string? id)
    {
        var sweep = Number(kind, id) is { } number ? await sweeps.FindAsync(number, call.CancellationToken) : null;
        if (sweep is null)
        {
            throw CairnException.NotFound($"There is no sweep with the id '{id}'.");
        }

        return new SweepNode(new ProjectNode(await call.Request.Services.Experiments.GetAsync(sweep.ExperimentId, call.CancellationToken)), sweep);
    }

    private static long? Number(string kind, string? id) =>
        NodeId.Read(kind, id) is { } text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static SweepState? StateOf(string? state) => state?.ToUpperInvariant() switch
    {
        null or "" => null,
        "PENDING" => SweepState.Pending,
        "RUNNING" => SweepState.Running,
        "PAUSED" => SweepState.Paused,
        "STOPPED" => SweepState.Stopped,
        "FINISHED" => SweepState.Finished,
        "CANCELED" or "CANCELLED" => SweepState.Canceled,
        _ => throw CairnException.Invalid("state", $"'state' is '{state}'; it must be PENDING, RUNNING, PAUSED, STOPPED, FINISHED or CANCELED."),
    };

    private sealed record UpsertedSweep(SweepNode Node, bool IsNew);

    private sealed record Beat(SweepAgent Agent, string Commands);
}
