using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Runs;
using Cairn.Core.Webhooks;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Streams;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>Runs: making, changing, finding, stopping and deleting them.</summary>
internal sealed class RunSlice(RunDesks desks) : ISchemaSlice
{
    public string Text =>
        """
        extend type Project {
          run(name: String!, desc: String): Run
          bucket(name: String!, missingOk: Boolean, desc: String): Run
          runs(filters: JSONString, order: String, first: Int = 50, after: String): RunConnection
          runCount(filters: JSONString): Int!
        }
        extend type Mutation {
          upsertBucket(input: UpsertBucketInput!): UpsertBucketPayload
          deleteRun(input: DeleteRunInput!): DeleteRunPayload
          stopRun(input: StopRunInput!): StopRunPayload
          notifyScriptableRunAlert(input: RunAlertInput!): RunAlertPayload
        }
        type Run {
          id: ID!
          projectId: String!
          name: String!
          displayName: String
          description: String
          notes: String
          state: String!
          config: JSONString
          wandbConfig(keys: [String!]): JSONString
          summaryMetrics: JSONString
          tags: [String!]!
          group: String
          jobType: String
          sweepName: String
          commit: String
          host: String
          readOnly: Boolean!
          createdAt: DateTime!
          heartbeatAt: DateTime
          updatedAt: DateTime
          stopped: Boolean!
          user: User
          project: Project!
          entity: Entity!
        }
        type RunConnection { edges: [RunEdge!]! pageInfo: PageInfo! totalCount: Int! }
        type RunEdge { node: Run! cursor: String! }
        input UpsertBucketInput {
          id: String
          name: String
          groupName: String
          modelName: String
          entityName: String
          description: String
          displayName: String
          notes: String
          config: JSONString
          commit: String
          host: String
          debug: Boolean
          jobProgram: String
          jobRepo: String
          jobType: String
          state: String
          sweep: String
          tags: [String!]
          summaryMetrics: JSONString
          clientMutationId: String
        }
        type UpsertBucketPayload { bucket: Run inserted: Boolean serverSettings: ServerSettings clientMutationId: String }
        input DeleteRunInput { id: ID! deleteArtifacts: Boolean clientMutationId: String }
        type DeleteRunPayload { success: Boolean clientMutationId: String }
        input StopRunInput { id: ID! clientMutationId: String }
        type StopRunPayload { success: Boolean clientMutationId: String }
        enum AlertSeverity { INFO WARN ERROR }
        input RunAlertInput {
          entityName: String
          projectName: String
          runName: String!
          title: String!
          text: String!
          severity: AlertSeverity = INFO
          waitDuration: Duration
        }
        type RunAlertPayload { success: Boolean }
        """;

    public void Answer(SchemaBuilder schema)
    {
        var upsert = new RunUpsert(desks);
        schema.Mutation
            .FieldAsync("upsertBucket", (_, call) => upsert.HandleAsync(call))
            .FieldAsync("deleteRun", async (_, call) => await DeleteAsync(call))
            .FieldAsync("stopRun", async (_, call) => await ChangeAsync(call, run => new RunUpdate(run) { StopRequested = true }))
            .FieldAsync("notifyScriptableRunAlert", async (_, call) => await AlertAsync(call));
        schema.Object<UpsertedRun>("UpsertBucketPayload")
            .Field("bucket", upserted => upserted.Run)
            .Field("inserted", upserted => upserted.IsNew)
            .Field("serverSettings", _ => ServerFacts.Instance)
            .Field("clientMutationId", _ => null);
        schema.Object<Done>("DeleteRunPayload").Field("success", _ => true).Field("clientMutationId", _ => null);
        schema.Object<Done>("StopRunPayload").Field("success", _ => true).Field("clientMutationId", _ => null);
        schema.Object<Done>("RunAlertPayload").Field("success", _ => true);
        schema.Object<ProjectNode>("Project")
            .FieldAsync("run", async (project, call) => await RunNode.FindAsync(call.Request, project, call.Arguments.Text("name"), call.CancellationToken))
            .FieldAsync("bucket", async (project, call) => await RunNode.FindAsync(call.Request, project, call.Arguments.Text("name"), call.CancellationToken))
            .FieldAsync("runs", async (project, call) => await RunListing.ListAsync(project, call))
            .FieldAsync("runCount", async (project, call) => await RunListing.CountAsync(project, call));
        schema.Object<RunPage>("RunConnection")
            .Field("edges", page => page.Page.Edges)
            .Field("pageInfo", page => page.Page.End)
            .FieldAsync("totalCount", async (page, _) => await page.CountAsync());
        schema.Object<Edge<RunNode>>("RunEdge").Field("node", edge => edge.Node).Field("cursor", edge => edge.Cursor);
        AnswerRun(schema.Object<RunNode>("Run"));
    }

    private static void AnswerRun(ObjectAnswers<RunNode> run) => run
        .Field("id", node => node.Id)
        .Field("projectId", node => node.Project.NumberText)
        .Field("name", node => node.Name)
        .Field("displayName", node => node.Run.Name)
        .Field("description", _ => null)
        .FieldAsync("notes", async (node, call) => await node.TagAsync(RunLabels.Notes, call.CancellationToken))
        .Field("state", node => node.State)
        .FieldAsync("config", async (node, call) => await node.ConfigAsync(call.CancellationToken))
        .FieldAsync("wandbConfig", async (node, call) => await node.OwnConfigAsync(call.Arguments.Texts("keys"), call.CancellationToken))
        .FieldAsync("summaryMetrics", async (node, call) => await node.SummaryAsync(call.CancellationToken))
        .FieldAsync("tags", async (node, call) => RunLabels.Of((await node.SnapshotAsync(call.CancellationToken)).Tags))
        .Field("group", node => node.Run.Group)
        .Field("jobType", node => node.Run.JobType)
        .FieldAsync("sweepName", async (node, call) => await node.TagAsync(RunLabels.Sweep, call.CancellationToken))
        .FieldAsync("commit", async (node, call) => await node.TagAsync(RunLabels.Commit, call.CancellationToken))
        .FieldAsync("host", async (node, call) => await node.TagAsync(RunLabels.Host, call.CancellationToken))
        .Field("readOnly", _ => false)
        .Field("createdAt", node => WandbTime.Of(node.Run.StartedAt))
        .Field("heartbeatAt", node => WandbTime.Of(node.Run.HeartbeatAt ?? node.Run.EndedAt ?? node.Run.StartedAt))
        .Field("updatedAt", node => WandbTime.Of(node.Run.HeartbeatAt ?? node.Run.EndedAt ?? node.Run.StartedAt))
        .Field("stopped", node => node.Run is { StopRequested: true, IsOver: false })
        .Field("user", node => new Viewer(node.Run.Author ?? Entities.Default))
        .Field("project", node => node.Project)
        .Field("entity", node => node.Project.Entity);

    private static async ValueTask<Done> ChangeAsync(FieldCall call, Func<RunId, RunUpdate> change)
    {
        var run = await FindAsync(call);
        await run.Services.Journal.ApplyAsync(change(run.Run.Id), call.CancellationToken);
        return new Done();
    }

    private static async ValueTask<Done> DeleteAsync(FieldCall call)
    {
        var run = await FindAsync(call);
        if (call.Input.Flag("deleteArtifacts"))
        {
            // What the run itself made; content that was there before it belongs to whoever made it.
            var made = await run.Services.CollectionStore.ListOfRunAsync(run.Run.Id, LineageDirection.Output, call.CancellationToken);
            foreach (var version in made.Where(version => version.Version.RunId == run.Run.Id))
            {
                await run.Services.Collections.DeleteAsync(version, withAliases: true, call.CancellationToken);
            }
        }

        await run.Services.Journal.ApplyAsync(new RunUpdate(run.Run.Id) { Lifecycle = Lifecycle.Deleted }, call.CancellationToken);
        return new Done();
    }

    private static async ValueTask<RunNode> FindAsync(FieldCall call)
    {
        var id = call.Input.Text("id");
        return await RunNode.FindAsync(call.Request, id, call.CancellationToken) ?? throw CairnException.NotFound($"There is no run with the id '{id}'.");
    }

    private async ValueTask<Done> AlertAsync(FieldCall call)
    {
        var input = call.Input;
        var run = await RunNode.FindAsync(call.Request, input.Text("projectName"), input.Text("runName"), call.CancellationToken)
            ?? throw CairnException.NotFound($"There is no run '{input.Text("runName")}' in the project '{input.Text("projectName")}'.");
        using var desk = await desks.EnterAsync(run.Run.Id, call.CancellationToken);
        var known = await run.Services.Runs.FindDocumentAsync(run.Run.Id, RunAlerts.Document, call.CancellationToken);
        var alert = new RunAlert(call.Request.Services.Clock.GetUtcNow().ToUnixTimeMilliseconds(), input.Text("severity") ?? "INFO", input.Required("title"), input.Required("text"));
        if (RunAlerts.IsRepeated(known, alert, TimeSpan.FromMilliseconds(Math.Clamp(input.Number("waitDuration") ?? 0, 0, int.MaxValue))))
        {
            return new Done();
        }

        await run.Services.Journal.ApplyAsync(
            new RunUpdate(run.Run.Id)
            {
                Documents = [new RunDocument(RunAlerts.Document, RunAlerts.Add(known, alert))],
                Tags = [new TagChange(RunLabels.Alert, alert.Shown)],
                News = [new RunNews(alert.At, RegistryNews.Alerted(run.Run, alert.Severity, alert.Title, alert.Message))],
            },
            call.CancellationToken);
        return new Done();
    }

    private sealed record Done;
}
