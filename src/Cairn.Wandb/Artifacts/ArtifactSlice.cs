using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Wandb.Files;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>Versions: what clients read of them.</summary>
internal sealed class ArtifactSlice : ISchemaSlice
{
    /// <summary>Seconds by which clients know that a version inherits how long it is kept.</summary>
    private const long InheritedTtl = -2;

    public string Text =>
        """
        extend type Query {
          artifact(id: ID!): Artifact
          clientIDMapping(clientID: ID!): ClientIDMapping
        }
        extend type Project {
          artifact(name: String!, enableTracking: Boolean): Artifact
          artifactCollectionMembership(name: String!): ArtifactCollectionMembership
        }
        extend type Run {
          inputArtifacts(after: String, first: Int): ArtifactConnection
          outputArtifacts(after: String, first: Int): ArtifactConnection
        }
        extend type File {
          artifact: FileArtifact
          uploadMultipartUrls: UploadMultipartUrls
        }
        type FileArtifact { id: ID! }
        type UploadMultipartUrls { uploadID: String! uploadUrlParts: [UploadUrlPart!]! }
        type UploadUrlPart { partNumber: Int64! uploadUrl: String! }
        enum ArtifactState { PENDING COMMITTED DELETED }
        type ClientIDMapping { serverID: ID! }
        type Artifact {
          id: ID!
          digest: String!
          description: String
          state: ArtifactState!
          size: Int64!
          createdAt: DateTime!
          updatedAt: DateTime
          labels: JSONString
          metadata: JSONString
          fileCount: Int64!
          versionIndex: Int
          commitHash: String
          historyStep: Int64
          ttlDurationSeconds: Duration
          ttlIsInherited: Boolean!
          tags: [Tag!]!
          aliases: [ArtifactAlias!]!
          artifactSequence: ArtifactSequence!
          artifactType: ArtifactType!
          currentManifest: ArtifactManifest
          createdBy: ArtifactCreator
          usedBy(before: String, after: String, first: Int, last: Int): ArtifactRunConnection
          files(names: [String!], after: String, first: Int = 50): FileConnection
          filesByManifestEntries(
            entries: [ArtifactManifestEntryInput!]
            storageLayout: String
            manifestVersion: String
            storageRegion: String
            after: String
            first: Int): FileConnection
          artifactMemberships(after: String, first: Int): ArtifactCollectionMembershipConnection
        }
        union ArtifactCreator = Run
        input ArtifactManifestEntryInput { name: String! digest: String birthArtifactID: ID }
        type Tag { id: ID! name: String! tagCategoryName: String attributes: String }
        type ArtifactAlias {
          id: ID!
          alias: String!
          artifactCollectionName: String
          artifactCollection: ArtifactCollection
        }
        type ArtifactManifest { id: ID! digest: String file: File! }
        type ArtifactConnection { totalCount: Int! edges: [ArtifactEdge!]! pageInfo: PageInfo! }
        type ArtifactEdge { node: Artifact cursor: String! }
        type ArtifactRunConnection { totalCount: Int! edges: [ArtifactRunEdge!]! pageInfo: PageInfo! }
        type ArtifactRunEdge { node: Run cursor: String! }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Query
            .FieldAsync("artifact", async (_, call) => await ArtifactCommit.FindAsync(call.Request.Services, call.Arguments.Required("id"), call.CancellationToken))
            .FieldAsync("clientIDMapping", async (_, call) =>
                await call.Request.Services.DraftStore.FindByClientAsync(call.Arguments.Required("clientID"), call.CancellationToken));
        schema.Object<Core.Artifacts.Drafts.Draft>("ClientIDMapping").FieldAsync("serverID", async (draft, call) =>
            await ArtifactCommit.FindAsync(call.Request.Services, ArtifactIds.OfDraft(draft.Id), call.CancellationToken) is { } node ? node.Id : ArtifactIds.OfDraft(draft.Id));
        schema.Object<ProjectNode>("Project")
            .FieldAsync("artifact", async (project, call) => ArtifactNode.OrNull(await ArtifactReads.AskAsync(call, project.Experiment.Id, call.Arguments.Required("name"))))
            .FieldAsync("artifactCollectionMembership", async (project, call) => await ArtifactReads.MembershipAsync(call, project.Experiment.Id, call.Arguments.Required("name")));
        schema.Object<RunNode>("Run")
            .FieldAsync("inputArtifacts", async (run, call) => await ArtifactReads.OfRunAsync(call, run, LineageDirection.Input))
            .FieldAsync("outputArtifacts", async (run, call) => await ArtifactReads.OfRunAsync(call, run, LineageDirection.Output));
        schema.Object<FileNode>("File").Field("artifact", file => file.ArtifactId).Field("uploadMultipartUrls", file => file.Parts);
        schema.Object<string>("FileArtifact").Field("id", id => id);
        schema.Object<MultipartUpload>("UploadMultipartUrls").Field("uploadID", upload => upload.Id).Field("uploadUrlParts", upload => upload.Parts);
        schema.Object<UploadPart>("UploadUrlPart").Field("partNumber", part => part.Number).Field("uploadUrl", part => part.Url);
        AnswerArtifact(schema.Object<ArtifactNode>("Artifact"));
        schema.TypeOf("ArtifactCreator", _ => "Run");
        schema.Object<TagNode>("Tag")
            .Field("id", tag => tag.Id)
            .Field("name", tag => tag.Name)
            .Field("tagCategoryName", _ => null)
            .Field("attributes", _ => null);
        schema.Object<AliasNode>("ArtifactAlias")
            .Field("id", alias => alias.Id)
            .Field("alias", alias => alias.Alias)
            .Field("artifactCollectionName", alias => alias.Collection.Name)
            .FieldAsync("artifactCollection", async (alias, call) => await ArtifactReads.CollectionAsync(call, alias.Collection.ExperimentId, alias.Collection.Name));
        schema.Object<ManifestNode>("ArtifactManifest").Field("id", manifest => manifest.Id).Field("digest", manifest => manifest.Digest).Field("file", manifest => manifest.File);
        Connection<ArtifactNode>(schema, "Artifact");
        Connection<RunNode>(schema, "ArtifactRun");
    }

    /// <summary>What a listing of nodes answers: <c>{name}Connection</c> and <c>{name}Edge</c>.</summary>
    public static void Connection<T>(SchemaBuilder schema, string name)
    {
        schema.Object<Counted<T>>($"{name}Connection")
            .Field("totalCount", all => (long)all.Total)
            .Field("edges", all => all.Page.Edges)
            .Field("pageInfo", all => all.Page.End);
        schema.Object<Edge<T>>($"{name}Edge").Field("node", edge => edge.Node).Field("cursor", edge => edge.Cursor);
    }

    private static void AnswerArtifact(ObjectAnswers<ArtifactNode> artifact) => artifact
        .Field("id", node => node.Id)
        .Field("digest", node => node.Digest)
        .Field("description", node => node.Card is { } card ? card.Version.Description : node.Pending!.Facts.Description)
        .Field("state", node => node.State)
        .Field("size", node => node.Card?.Version.Size ?? 0)
        .Field("createdAt", node => WandbTime.Of(node.CreatedAt))
        .Field("updatedAt", node => WandbTime.Of(node.UpdatedAt))
        .Field("labels", _ => null)
        .Field("metadata", node => node.Card is { } card ? card.Version.Metadata : node.Pending!.Facts.Metadata)
        .Field("fileCount", node => (long)(node.Card?.Version.FileCount ?? 0))
        .Field("versionIndex", node => (long?)node.Card?.Version.Index)
        .Field("commitHash", _ => null)
        .Field("historyStep", node => node.Card is { } card ? card.Step : node.Pending!.Facts.Step)
        .Field("ttlDurationSeconds", node => Ttl(node) is > 0 and var seconds ? seconds : InheritedTtl)
        .Field("ttlIsInherited", node => Ttl(node) is null or <= 0)
        .Field("tags", node => (node.Card?.Labels ?? node.Pending!.Labels).Select(label => new TagNode(node.Id, label)).ToList())
        .Field("aliases", node => node.Aliases)
        .FieldAsync("artifactSequence", async (node, call) => await ArtifactReads.SequenceAsync(call, node))
        .FieldAsync("artifactType", async (node, call) =>
            await ArtifactReads.TypeAsync(call, node.Key.ExperimentId, node.Type) ?? new TypeNode(node.Key.ExperimentId, node.Type, node.CreatedAt))
        .Field("currentManifest", (node, call) => node.Card is { } card ? ArtifactFiles.ManifestOf(call.Request, card) : null)
        .FieldAsync("createdBy", async (node, call) => await ArtifactReads.CreatedByAsync(call, node))
        .FieldAsync("usedBy", async (node, call) => await ArtifactReads.UsedByAsync(call, node))
        .FieldAsync("files", async (node, call) => await FilesAsync(call, node.Card, call.Arguments.Texts("names")))
        .FieldAsync("filesByManifestEntries", async (node, call) =>
            await FilesAsync(call, node.Card, [.. call.Arguments.Objects("entries").Select(entry => entry.Required("name"))]))
        .FieldAsync("artifactMemberships", async (node, call) => await MembershipsAsync(call, node));

    /// <summary>A page of a version's files.</summary>
    public static async ValueTask<FileList> FilesAsync(FieldCall call, VersionCard? version, IReadOnlyList<string> names)
    {
        IReadOnlyList<FileNode> all = version is null ? [] : await ArtifactFiles.ListAsync(call.Request, version, names, call.CancellationToken);
        return new FileList(ArtifactReads.Page(call, all).Page, all.Count);
    }

    private static long? Ttl(ArtifactNode node) => node.Card is { } card ? card.TtlSeconds : node.Pending!.Facts.TtlSeconds;

    private static async ValueTask<object?> MembershipsAsync(FieldCall call, ArtifactNode node)
    {
        var places = new List<MembershipNode>();
        if (node.Card is { } card)
        {
            var store = call.Request.Services.CollectionStore;
            foreach (var key in card.Memberships.Select(place => place.Portfolio).Prepend(card.Version.Key))
            {
                if (await store.FindAsync(key, call.CancellationToken) is { } collection && MembershipNode.Of(collection, card) is { } place)
                {
                    places.Add(place);
                }
            }
        }

        return ArtifactReads.Page(call, places);
    }
}
