using Cairn.Core;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Search;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.Artifacts;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Registries;

/// <summary>
/// The organization and its registries. A server has one organization, which is its one entity; a registry is the project
/// <c>wandb-registry-{name}</c>, and what is in it are links to versions, as in any other project.
/// </summary>
internal sealed class RegistrySlice : ISchemaSlice
{
    private const int MostProjects = 10_000;

    public string Text =>
        """
        extend type Organization { orgEntity: Entity }
        extend type User { organizations: [Organization!]! }
        extend type Entity {
          entityType: String!
          user: User
          project(name: String): Project
          projects(filters: JSONString, after: String, first: Int = 50, order: String): ProjectConnection
          artifactCollections(projectFilters: JSONString, filters: JSONString, collectionTypes: [ArtifactCollectionType!], after: String, first: Int = 50, order: String): ArtifactCollectionConnection
          artifactMemberships(projectFilters: JSONString, collectionFilters: JSONString, filters: JSONString, after: String, first: Int = 50, order: String): ArtifactCollectionMembershipConnection
        }
        extend type Project {
          updatedAt: DateTime
          access: String
          allowAllArtifactTypesInRegistry: Boolean!
        }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Object<Organization>("Organization").Field("orgEntity", _ => EntityNode.Default);
        schema.Object<Viewer>("User").Field("organizations", _ => new[] { Organization.Only });
        schema.Object<EntityNode>("Entity")
            .Field("entityType", _ => "organization")
            .Field("user", _ => Viewer.Of())
            .FieldAsync("project", async (_, call) => await ProjectNode.FindAsync(call.Request, call.Arguments.Text("name"), call.CancellationToken))
            .FieldAsync("projects", async (_, call) => await ListAsync(call))
            .FieldAsync("artifactCollections", async (_, call) => ArtifactReads.Page(call, await CollectionsAsync(call, call.Arguments.Text("filters"))))
            .FieldAsync("artifactMemberships", async (_, call) => await VersionsAsync(call));
        schema.Object<ProjectNode>("Project")
            .Field("updatedAt", project => WandbTime.Of(project.Experiment.UpdatedAt))
            .Field("access", _ => "PRIVATE")
            .Field("allowAllArtifactTypesInRegistry", _ => true);
    }

    private static async ValueTask<Page<ProjectNode>> ListAsync(FieldCall call)
    {
        var all = await ProjectsAsync(call, call.Arguments.Text("filters"));
        var offset = Cursor.Offset(call.Arguments.Text("after"));
        var first = (int)Math.Clamp(call.Arguments.Number("first") ?? 50, 1, 1000);
        return new Page<ProjectNode>([.. all.Skip(offset).Take(first)], offset, all.Count > offset + first);
    }

    private static async ValueTask<List<ProjectNode>> ProjectsAsync(FieldCall call, string? filters)
    {
        var filter = FieldFilter.Parse(filters, "Registries", "name", "description");
        var found = await call.Request.Services.Runs.SearchExperimentsAsync(new ExperimentQuery(LifecycleFilter.Active, null, [], MostProjects, 0), call.CancellationToken);
        return [.. found
            .Where(experiment => experiment.Name.StartsWith(RegistryNames.Prefix, StringComparison.Ordinal))
            .Select(experiment => new ProjectNode(experiment))
            .Where(project => filter.Holds(field => [field == "name" ? project.Name : project.Experiment.Tags.GetValueOrDefault(RunLabels.Notes) ?? ""]))];
    }

    private static async ValueTask<List<CollectionNode>> CollectionsAsync(FieldCall call, string? filters)
    {
        var filter = FieldFilter.Parse(filters, "Collections", "name", "description", "tag");
        var types = call.Arguments.Texts("collectionTypes");
        var found = new List<CollectionNode>();
        foreach (var project in await ProjectsAsync(call, call.Arguments.Text("projectFilters")))
        {
            var all = await call.Request.Services.CollectionStore.ListAsync(project.Experiment.Id, type: null, call.CancellationToken);
            found.AddRange(all
                .Where(collection => types.Count == 0 || types.Contains(collection.IsPortfolio ? "PORTFOLIO" : "SEQUENCE"))
                .Where(collection => filter.Holds(field => Values(collection, field)))
                .Select(collection => new CollectionNode(collection)));
        }

        return found;
    }

    private static IReadOnlyList<string> Values(Collection collection, string field) => field switch
    {
        "name" => [collection.Key.Name],
        "tag" => collection.Labels,
        _ => [collection.Description ?? ""],
    };

    private static async ValueTask<Counted<MembershipNode>> VersionsAsync(FieldCall call)
    {
        var filter = FieldFilter.Parse(call.Arguments.Text("filters"), "Versions", "version", "tag", "alias", "state");
        var found = new List<MembershipNode>();
        foreach (var node in await CollectionsAsync(call, call.Arguments.Text("collectionFilters")))
        {
            var versions = await call.Request.Services.CollectionStore.ListVersionsAsync(node.Collection, call.CancellationToken);
            found.AddRange(versions
                .Select(version => MembershipNode.Of(node.Collection, version))
                .OfType<MembershipNode>()
                .Where(place => filter.Holds(field => field switch
                {
                    "version" => [$"v{place.Index}"],
                    "tag" => place.Version.Labels,
                    "alias" => place.Aliases,
                    _ => ["COMMITTED"],
                })));
        }

        return ArtifactReads.Page(call, found);
    }
}
