using Cairn.Wandb.Files;
using Cairn.Wandb.GraphQl;

namespace Cairn.Wandb.Artifacts;

/// <summary>Writing artifacts.</summary>
internal sealed class ArtifactMutations : ISchemaSlice
{
    public string Text =>
        """
        extend type Mutation {
          createArtifactType(input: CreateArtifactTypeInput!): CreateArtifactTypePayload
          createArtifact(input: CreateArtifactInput!): CreateArtifactPayload
          createArtifactManifest(input: CreateArtifactManifestInput!): CreateArtifactManifestPayload
          updateArtifactManifest(input: UpdateArtifactManifestInput!): UpdateArtifactManifestPayload
          createArtifactFiles(input: CreateArtifactFilesInput!): CreateArtifactFilesPayload
          completeMultipartUploadArtifact(input: CompleteMultipartUploadArtifactInput!): CompleteMultipartUploadArtifactPayload
          commitArtifact(input: CommitArtifactInput!): CommitArtifactPayload
          useArtifact(input: UseArtifactInput!): UseArtifactPayload
          updateArtifact(input: UpdateArtifactInput!): UpdateArtifactPayload
          deleteArtifact(input: DeleteArtifactInput!): DeleteArtifactPayload
          addAliases(input: AddAliasesInput!): AddAliasesPayload
          deleteAliases(input: DeleteAliasesInput!): DeleteAliasesPayload
          linkArtifact(input: LinkArtifactInput!): LinkArtifactPayload
          unlinkArtifact(input: UnlinkArtifactInput!): UnlinkArtifactPayload
          updateArtifactSequence(input: UpdateArtifactSequenceInput!): UpdateArtifactSequencePayload
          updateArtifactPortfolio(input: UpdateArtifactPortfolioInput!): UpdateArtifactPortfolioPayload
          deleteArtifactSequence(input: DeleteArtifactSequenceInput!): DeleteArtifactSequencePayload
          deleteArtifactPortfolio(input: DeleteArtifactPortfolioInput!): DeleteArtifactPortfolioPayload
          createArtifactCollectionTagAssignments(input: CreateArtifactCollectionTagAssignmentsInput!): CreateArtifactCollectionTagAssignmentsPayload
          deleteArtifactCollectionTagAssignments(input: DeleteArtifactCollectionTagAssignmentsInput!): DeleteArtifactCollectionTagAssignmentsPayload
        }
        enum ArtifactStorageLayout { V1 V2 }
        enum ArtifactManifestType { FULL PATCH INCREMENTAL }
        enum CompleteMultipartAction { Complete Abort }
        enum ArtifactDigestAlgorithm { MANIFEST_MD5 }
        input ArtifactAliasInput { artifactCollectionName: String! alias: String! }
        input ArtifactCollectionAliasInput { artifactCollectionName: String! alias: String! entityName: String projectName: String }
        input TagInput { tagName: String! tagCategoryName: String attributes: String }
        input CreateArtifactTypeInput { name: String! description: String entityName: String! projectName: String! clientMutationId: String }
        input CreateArtifactInput {
          entityName: String!
          projectName: String!
          runName: String
          artifactTypeName: String!
          artifactCollectionName: String
          artifactCollectionNames: [String!]
          digest: String!
          digestAlgorithm: ArtifactDigestAlgorithm
          description: String
          labels: JSONString
          aliases: [ArtifactAliasInput!]
          tags: [TagInput!]
          metadata: JSONString
          historyStep: Int64
          ttlDurationSeconds: Duration
          clientID: ID
          sequenceClientID: ID
          distributedID: String
          enableDigestDeduplication: Boolean
          storageRegion: String
          clientMutationId: String
        }
        input CreateArtifactManifestInput {
          artifactID: ID!
          name: String!
          digest: String!
          entityName: String!
          projectName: String!
          runName: String
          baseArtifactID: ID
          type: ArtifactManifestType = FULL
          clientMutationId: String
        }
        input UpdateArtifactManifestInput {
          artifactManifestID: ID!
          digest: String
          baseArtifactID: ID
          clientMutationId: String
        }
        input UploadPartsInput { partNumber: Int64! hexMD5: String! }
        input CreateArtifactFileSpecInput {
          artifactID: ID!
          artifactManifestID: ID
          name: String!
          md5: String!
          mimetype: String
          uploadPartsInput: [UploadPartsInput!]
        }
        input CreateArtifactFilesInput {
          artifactFiles: [CreateArtifactFileSpecInput!]!
          storageLayout: ArtifactStorageLayout
          clientMutationId: String
        }
        input CompleteMultipartUploadArtifactInput {
          completeMultipartAction: CompleteMultipartAction!
          completedParts: [UploadPartsInput!]!
          artifactID: ID!
          storagePath: String!
          uploadID: String!
          md5: String
          clientMutationId: String
        }
        input CommitArtifactInput { artifactID: ID! clientMutationId: String }
        input UseArtifactInput {
          entityName: String!
          projectName: String!
          runName: String!
          artifactID: ID!
          usedAs: String
          artifactEntityName: String
          artifactProjectName: String
          clientMutationId: String
        }
        input UpdateArtifactInput {
          artifactID: ID!
          description: String
          metadata: JSONString
          labels: JSONString
          ttlDurationSeconds: Duration
          aliases: [ArtifactAliasInput!]
          tagsToAdd: [TagInput!]
          tagsToDelete: [TagInput!]
          clientMutationId: String
        }
        input DeleteArtifactInput { artifactID: ID! deleteAliases: Boolean = false clientMutationId: String }
        input AddAliasesInput { artifactID: ID! aliases: [ArtifactCollectionAliasInput!]! clientMutationId: String }
        input DeleteAliasesInput { artifactID: ID! aliases: [ArtifactCollectionAliasInput!]! clientMutationId: String }
        input LinkArtifactInput {
          artifactID: ID
          clientID: ID
          artifactPortfolioID: ID
          artifactPortfolioName: String
          entityName: String
          projectName: String
          aliases: [ArtifactAliasInput!]
          clientMutationId: String
        }
        input UnlinkArtifactInput { artifactID: ID! artifactPortfolioID: ID! clientMutationId: String }
        input UpdateArtifactSequenceInput { artifactSequenceID: ID! name: String description: String clientMutationId: String }
        input UpdateArtifactPortfolioInput { artifactPortfolioID: ID! name: String description: String clientMutationId: String }
        input DeleteArtifactSequenceInput { artifactSequenceID: ID! clientMutationId: String }
        input DeleteArtifactPortfolioInput { artifactPortfolioID: ID! clientMutationId: String }
        input CreateArtifactCollectionTagAssignmentsInput {
          entityName: String
          projectName: String
          artifactCollectionName: String!
          tags: [TagInput!]!
          clientMutationID: String
        }
        input DeleteArtifactCollectionTagAssignmentsInput {
          entityName: String
          projectName: String
          artifactCollectionName: String!
          tags: [TagInput!]!
          clientMutationID: String
        }
        type CreateArtifactTypePayload { artifactType: ArtifactType }
        type CreateArtifactPayload { artifact: Artifact! }
        type CompleteMultipartUploadArtifactPayload { digest: String }
        type CommitArtifactPayload { artifact: Artifact! }
        type UseArtifactPayload { artifact: Artifact! }
        type UpdateArtifactPayload { artifact: Artifact! }
        type DeleteArtifactPayload { artifact: Artifact! }
        type CreateArtifactManifestPayload { artifactManifest: ArtifactManifest! }
        type UpdateArtifactManifestPayload { artifactManifest: ArtifactManifest! }
        type CreateArtifactFilesPayload { files: FileConnection! }
        type LinkArtifactPayload { versionIndex: Int artifactMembership: ArtifactCollectionMembership }
        type UpdateArtifactSequencePayload { artifactCollection: ArtifactCollection }
        type UpdateArtifactPortfolioPayload { artifactCollection: ArtifactCollection }
        type DeleteArtifactSequencePayload { artifactCollection: ArtifactCollection }
        type DeleteArtifactPortfolioPayload { artifactCollection: ArtifactCollection }
        type CreateArtifactCollectionTagAssignmentsPayload { tags: [Tag!]! }
        type AddAliasesPayload { success: Boolean! }
        type DeleteAliasesPayload { success: Boolean! }
        type UnlinkArtifactPayload { success: Boolean! }
        type DeleteArtifactCollectionTagAssignmentsPayload { success: Boolean! }
        """;

    public void Answer(SchemaBuilder schema)
    {
        schema.Mutation
            .FieldAsync("createArtifactType", async (_, call) =>
            {
                var project = await call.Request.Services.Experiments.EnsureAsync(new Core.Experiments.NewExperiment(call.Input.Required("projectName")), call.CancellationToken);
                Core.Artifacts.ArtifactNames.Check("name", call.Input.Required("name"));
                return new TypeNode(project.Id, call.Input.Required("name"), call.Request.Services.Clock.GetUtcNow().ToUnixTimeMilliseconds());
            })
            .FieldAsync("createArtifact", async (_, call) => await ArtifactWrites.CreateAsync(call))
            .FieldAsync("createArtifactManifest", async (_, call) => await ArtifactWrites.CreateManifestAsync(call))
            .FieldAsync("updateArtifactManifest", async (_, call) => await ArtifactWrites.UpdateManifestAsync(call))
            .FieldAsync("createArtifactFiles", async (_, call) => await ArtifactWrites.CreateFilesAsync(call))
            .FieldAsync("completeMultipartUploadArtifact", async (_, call) => await ArtifactParts.CompleteAsync(call))
            .FieldAsync("commitArtifact", async (_, call) => await ArtifactWrites.CommitAsync(call))
            .FieldAsync("useArtifact", async (_, call) => await ArtifactWrites.UseAsync(call))
            .FieldAsync("updateArtifact", async (_, call) => await ArtifactChanges.UpdateAsync(call))
            .FieldAsync("deleteArtifact", async (_, call) => await ArtifactChanges.DeleteAsync(call))
            .FieldAsync("addAliases", async (_, call) => await ArtifactChanges.AddAliasesAsync(call))
            .FieldAsync("deleteAliases", async (_, call) => await ArtifactChanges.DeleteAliasesAsync(call))
            .FieldAsync("linkArtifact", async (_, call) => await ArtifactChanges.LinkAsync(call))
            .FieldAsync("unlinkArtifact", async (_, call) => await ArtifactChanges.UnlinkAsync(call))
            .FieldAsync("updateArtifactSequence", async (_, call) => await ArtifactChanges.UpdateCollectionAsync(call, "artifactSequenceID"))
            .FieldAsync("updateArtifactPortfolio", async (_, call) => await ArtifactChanges.UpdateCollectionAsync(call, "artifactPortfolioID"))
            .FieldAsync("deleteArtifactSequence", async (_, call) => await ArtifactChanges.DeleteCollectionAsync(call, "artifactSequenceID"))
            .FieldAsync("deleteArtifactPortfolio", async (_, call) => await ArtifactChanges.DeleteCollectionAsync(call, "artifactPortfolioID"))
            .FieldAsync("createArtifactCollectionTagAssignments", async (_, call) => await ArtifactChanges.TagCollectionAsync(call, add: true))
            .FieldAsync("deleteArtifactCollectionTagAssignments", async (_, call) => await ArtifactChanges.TagCollectionAsync(call, add: false));
        schema.Object<TypeNode>("CreateArtifactTypePayload").Field("artifactType", type => type);
        foreach (var payload in new[] { "CreateArtifactPayload", "CommitArtifactPayload", "UseArtifactPayload", "UpdateArtifactPayload", "DeleteArtifactPayload" })
        {
            schema.Object<ArtifactNode>(payload).Field("artifact", artifact => artifact);
        }

        foreach (var payload in new[] { "CreateArtifactManifestPayload", "UpdateArtifactManifestPayload" })
        {
            schema.Object<ManifestNode>(payload).Field("artifactManifest", manifest => manifest);
        }

        schema.Object<FileList>("CreateArtifactFilesPayload").Field("files", files => files);
        schema.Object<CompletedUpload>("CompleteMultipartUploadArtifactPayload").Field("digest", upload => upload.Digest);
        schema.Object<MembershipNode>("LinkArtifactPayload").Field("versionIndex", place => place.Index).Field("artifactMembership", place => place);
        foreach (var payload in new[] { "UpdateArtifactSequencePayload", "UpdateArtifactPortfolioPayload", "DeleteArtifactSequencePayload", "DeleteArtifactPortfolioPayload" })
        {
            schema.Object<CollectionNode>(payload).Field("artifactCollection", node => node);
        }

        schema.Object<CollectionNode>("CreateArtifactCollectionTagAssignmentsPayload")
            .Field("tags", node => node.Collection.Labels.Select(label => new TagNode(ArtifactIds.Of(node.Collection), label)).ToList());
        foreach (var payload in new[] { "AddAliasesPayload", "DeleteAliasesPayload", "UnlinkArtifactPayload", "DeleteArtifactCollectionTagAssignmentsPayload" })
        {
            schema.Object<Success>(payload).Field("success", _ => true);
        }
    }
}
