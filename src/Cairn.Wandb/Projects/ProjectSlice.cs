using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Search;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Projects;

/// <summary>Projects: the house's experiments.</summary>
internal sealed class ProjectSlice : ISchemaSlice
{
    public string Text =>
        """
        extend type Query {
          project(name: String, entityName: String): Project
          model(name: String, entityName: String): Project
          models(entityName: String, after: String, first: Int = 50): ProjectConnection
        }
        extend type Mutation {
          upsertModel(input: UpsertModelInput!): UpsertModelPayload
        }
        type Project {
          id: ID!
          internalId: ID!
          name: String!
          entityName: String!
          description: String
          createdAt: DateTime!
          isBenchmark: Boolean!
          readOnly: Boolean!
          entity: Entity!
          user: User
        }
        type ProjectConnection { edges: [ProjectEdge!]! pageInfo: PageInfo! }
        type ProjectEdge { node: Project cursor: String! }
        input UpsertModelInput {
          id: String
          name: String
          entityName: String
          description: String
          repo: String
          framework: String
          access: String
          views: JSONString
          isBenchmark: Boolean
          isPublished: Boolean
          allowAllArtifactTypesInRegistry: Boolean
          artifactTypes: [ArtifactTypeInput!]
          clientMutationId: String
        }
        input ArtifactTypeInput { name: String! }
        type UpsertModelPayload { model: Project project: Project inserted: Boolean }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Query
            .FieldAsync("project", async (_, call) => await ProjectNode.FindAsync(call.Request, call.Arguments.Text("name"), call.CancellationToken))
            .FieldAsync("model", async (_, call) => await ProjectNode.FindAsync(call.Request, call.Arguments.Text("name"), call.CancellationToken))
            .FieldAsync("models", async (_, call) => await ListAsync(call));
        schema.Mutation.FieldAsync("upsertModel", async (_, call) => await UpsertAsync(call));
        schema.Object<ProjectNode>("Project")
            .Field("id", project => project.Id)
            .Field("internalId", project => project.InternalId)
            .Field("name", project => project.Name)
            .Field("entityName", project => project.Entity.Name)
            .Field("description", project => project.Experiment.Tags.GetValueOrDefault(Runs.RunLabels.Notes))
            .Field("createdAt", project => WandbTime.Of(project.Experiment.CreatedAt))
            .Field("isBenchmark", _ => false)
            .Field("readOnly", _ => false)
            .Field("entity", project => project.Entity)
            .Field("user", _ => Viewer.Of());
        schema.Object<Page<ProjectNode>>("ProjectConnection").Field("edges", page => page.Edges).Field("pageInfo", page => page.End);
        schema.Object<Edge<ProjectNode>>("ProjectEdge").Field("node", edge => edge.Node).Field("cursor", edge => edge.Cursor);
        schema.Object<UpsertedProject>("UpsertModelPayload")
            .Field("model", upserted => upserted.Project)
            .Field("project", upserted => upserted.Project)
            .Field("inserted", upserted => upserted.IsNew);
    }

    private static async ValueTask<Page<ProjectNode>> ListAsync(FieldCall call)
    {
        var offset = Cursor.Offset(call.Arguments.Text("after"));
        var first = (int)Math.Clamp(call.Arguments.Number("first") ?? 50, 1, 1000);
        var found = await call.Request.Services.Runs.SearchExperimentsAsync(
            new ExperimentQuery(LifecycleFilter.Active, null, [], first + 1, offset),
            call.CancellationToken);
        return new Page<ProjectNode>([.. found.Take(first).Select(experiment => new ProjectNode(experiment))], offset, found.Count > first);
    }

    private static async ValueTask<UpsertedProject> UpsertAsync(FieldCall call)
    {
        var experiments = call.Request.Services.Experiments;
        var name = call.Input.Text("name") ?? throw CairnException.Invalid("name", "'name' is missing. Name the project.");
        if (call.Input.Objects("artifactTypes").Count > 0)
        {
            throw CairnException.Invalid("artifactTypes", "A registry of this server takes artifacts of every type. Leave 'artifactTypes' out.");
        }

        var isNew = await ProjectNode.FindAsync(call.Request, name, call.CancellationToken) is null;
        var experiment = await experiments.EnsureAsync(new NewExperiment(name), call.CancellationToken);
        if (call.Input.Text("description") is { Length: > 0 } description)
        {
            var tags = new Dictionary<string, string?> { [Runs.RunLabels.Notes] = description };
            experiment = await experiments.UpdateAsync(experiment.Id, new ExperimentChange(Tags: tags), call.CancellationToken);
        }

        return new UpsertedProject(new ProjectNode(experiment), isNew);
    }

    private sealed record UpsertedProject(ProjectNode Project, bool IsNew);
}
