using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>Collections and types of artifacts: what clients read of them.</summary>
internal sealed class CollectionSlice : ISchemaSlice
{
    private const string Fields =
        """
          id: ID!
          name: String!
          description: String
          state: ArtifactCollectionState!
          createdAt: DateTime!
          updatedAt: DateTime
          project: Project
          defaultArtifactType: ArtifactType!
          tags: CollectionTagConnection!
          aliases(after: String, first: Int): ArtifactAliasConnection!
          artifacts(after: String, first: Int, order: String, filters: JSONString): VersionedArtifactConnection
          artifactMembership(aliasName: String!): ArtifactCollectionMembership
          artifactMemberships(after: String, first: Int): ArtifactCollectionMembershipConnection
          latestArtifact: Artifact
        """;

    public string Text =>
        $$"""
        extend type Query { artifactCollection(id: ID!): ArtifactCollection }
        extend type Project {
          artifactType(name: String!): ArtifactType
          artifactTypes(after: String, first: Int, includeAll: Boolean): ArtifactTypeConnection
          artifactCollection(name: String!): ArtifactCollection
          artifactCollections(after: String, first: Int, filters: JSONString, order: String, collectionTypes: [ArtifactCollectionType!]): ArtifactCollectionConnection
        }
        enum ArtifactCollectionState { READY DELETED }
        enum ArtifactCollectionType { SEQUENCE PORTFOLIO }
        interface ArtifactCollection {
        {{Fields}}
        }
        type ArtifactSequence implements ArtifactCollection {
        {{Fields}}
        }
        type ArtifactPortfolio implements ArtifactCollection {
        {{Fields}}
        }
        type ArtifactType {
          id: ID!
          name: String!
          description: String
          createdAt: DateTime!
          artifact(name: String!): Artifact
          artifactSequence(name: String!): ArtifactSequence
          artifactCollection(name: String!): ArtifactCollection
          artifactCollections(after: String, first: Int, filters: JSONString, order: String): ArtifactCollectionConnection
        }
        type ArtifactCollectionMembership {
          id: ID!
          versionIndex: Int
          createdAt: DateTime!
          aliases: [ArtifactAlias!]!
          artifactCollection: ArtifactCollection
          artifact: Artifact
          files(names: [String!], after: String, first: Int = 50): FileConnection
        }
        type ArtifactTypeConnection { totalCount: Int! edges: [ArtifactTypeEdge!]! pageInfo: PageInfo! }
        type ArtifactTypeEdge { node: ArtifactType cursor: String! }
        type ArtifactCollectionConnection { totalCount: Int! edges: [ArtifactCollectionEdge!]! pageInfo: PageInfo! }
        type ArtifactCollectionEdge { node: ArtifactCollection cursor: String! }
        type ArtifactCollectionMembershipConnection { totalCount: Int! edges: [ArtifactCollectionMembershipEdge!]! pageInfo: PageInfo! }
        type ArtifactCollectionMembershipEdge { node: ArtifactCollectionMembership cursor: String! }
        type ArtifactAliasConnection { totalCount: Int! edges: [ArtifactAliasEdge!]! pageInfo: PageInfo! }
        type ArtifactAliasEdge { node: ArtifactAlias cursor: String! }
        type CollectionTagConnection { edges: [CollectionTagEdge!]! }
        type CollectionTagEdge { node: Tag }
        type VersionedArtifactConnection { totalCount: Int! edges: [VersionedArtifactEdge!]! pageInfo: PageInfo! }
        type VersionedArtifactEdge { node: Artifact version: String! cursor: String! }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Query.FieldAsync("artifactCollection", async (_, call) =>
            ArtifactIds.ReadCollection(call.Arguments.Required("id")) is { } id
            && await call.Request.Services.CollectionStore.FindAsync(id.Number, id.IsPortfolio, call.CancellationToken) is { } found
                ? new CollectionNode(found)
                : null);
        schema.Object<ProjectNode>("Project")
            .FieldAsync("artifactType", async (project, call) => await ArtifactReads.TypeAsync(call, project.Experiment.Id, call.Arguments.Required("name")))
            .FieldAsync("artifactTypes", async (project, call) => ArtifactReads.Page(call, await ArtifactReads.TypesAsync(call, project.Experiment.Id)))
            .FieldAsync("artifactCollection", async (project, call) => await ArtifactReads.CollectionAsync(call, project.Experiment.Id, call.Arguments.Required("name")))
            .FieldAsync("artifactCollections", async (project, call) => await ArtifactReads.CollectionsAsync(call, project.Experiment.Id, type: null));
        schema.TypeOf("ArtifactCollection", node => ((CollectionNode)node).TypeName);
        AnswerCollection(schema.Object<CollectionNode>("ArtifactSequence"));
        AnswerCollection(schema.Object<CollectionNode>("ArtifactPortfolio"));
        AnswerType(schema.Object<TypeNode>("ArtifactType"));
        schema.Object<MembershipNode>("ArtifactCollectionMembership")
            .Field("id", place => place.Id)
            .Field("versionIndex", place => (long)place.Index)
            .Field("createdAt", place => WandbTime.Of(place.At))
            .Field("aliases", place => place.AliasNodes)
            .Field("artifactCollection", place => new CollectionNode(place.Collection))
            .Field("artifact", place => ArtifactNode.Of(place.Version))
            .FieldAsync("files", async (place, call) => await ArtifactSlice.FilesAsync(call, place.Version, call.Arguments.Texts("names")));
        ArtifactSlice.Connection<TypeNode>(schema, "ArtifactType");
        ArtifactSlice.Connection<CollectionNode>(schema, "ArtifactCollection");
        ArtifactSlice.Connection<MembershipNode>(schema, "ArtifactCollectionMembership");
        ArtifactSlice.Connection<AliasNode>(schema, "ArtifactAlias");
        schema.Object<IReadOnlyList<TagNode>>("CollectionTagConnection").Field("edges", tags => tags);
        schema.Object<TagNode>("CollectionTagEdge").Field("node", tag => tag);
        schema.Object<Counted<MembershipNode>>("VersionedArtifactConnection")
            .Field("totalCount", all => (long)all.Total)
            .Field("edges", all => all.Page.Edges)
            .Field("pageInfo", all => all.Page.End);
        schema.Object<Edge<MembershipNode>>("VersionedArtifactEdge")
            .Field("node", edge => ArtifactNode.Of(edge.Node.Version))
            .Field("version", edge => $"v{edge.Node.Index}")
            .Field("cursor", edge => edge.Cursor);
    }

    private static void AnswerCollection(ObjectAnswers<CollectionNode> collection) => collection
        .Field("id", node => ArtifactIds.Of(node.Collection))
        .Field("name", node => node.Collection.Key.Name)
        .Field("description", node => node.Collection.Description)
        .Field("state", node => node.IsDeleted ? "DELETED" : "READY")
        .Field("createdAt", node => WandbTime.Of(node.Collection.CreatedAt))
        .Field("updatedAt", node => WandbTime.Of(node.Collection.UpdatedAt))
        .FieldAsync("project", async (node, call) => await ArtifactReads.ProjectAsync(call, node.Collection.Key.ExperimentId))
        .Field("defaultArtifactType", node => new TypeNode(node.Collection.Key.ExperimentId, node.Collection.Type, node.Collection.CreatedAt))
        .Field("tags", node => node.Collection.Labels.Select(label => new TagNode(ArtifactIds.Of(node.Collection), label)).ToList())
        .Field("aliases", (node, call) => ArtifactReads.Page(
            call,
            node.Collection.Aliases.Keys.Select(alias => new AliasNode(node.Collection.Key, node.Collection.Id, node.Collection.IsPortfolio, alias)).ToList()))
        .FieldAsync("artifacts", async (node, call) => await ArtifactReads.VersionsAsync(call, node.Collection))
        .FieldAsync("artifactMembership", async (node, call) =>
            await ArtifactReads.MembershipAsync(call, node.Collection.Key.ExperimentId, $"{node.Collection.Key.Name}:{call.Arguments.Required("aliasName")}"))
        .FieldAsync("artifactMemberships", async (node, call) => await ArtifactReads.VersionsAsync(call, node.Collection))
        .FieldAsync("latestArtifact", async (node, call) => ArtifactNode.OrNull(await ArtifactReads.LatestAsync(call, node.Collection)));

    private static void AnswerType(ObjectAnswers<TypeNode> type) => type
        .Field("id", node => node.Id)
        .Field("name", node => node.Name)
        .Field("description", _ => null)
        .Field("createdAt", node => WandbTime.Of(node.CreatedAt))
        .FieldAsync("artifact", async (node, call) =>
            await ArtifactReads.AskAsync(call, node.Experiment, call.Arguments.Required("name")) is { } found && found.Version.Type == node.Name ? ArtifactNode.Of(found) : null)
        .FieldAsync("artifactSequence", async (node, call) =>
            await ArtifactReads.CollectionAsync(call, node.Experiment, call.Arguments.Required("name")) is { Collection.IsPortfolio: false } found
            && found.Collection.Type == node.Name ? found : null)
        .FieldAsync("artifactCollection", async (node, call) =>
            await ArtifactReads.CollectionAsync(call, node.Experiment, call.Arguments.Required("name")) is { } found && found.Collection.Type == node.Name ? found : null)
        .FieldAsync("artifactCollections", async (node, call) => await ArtifactReads.CollectionsAsync(call, node.Experiment, node.Name));
}
