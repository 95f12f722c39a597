using Cairn.Core;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>From the manifests that clients upload to versions, and back.</summary>
internal static class ArtifactCommit
{
    /// <summary>Commits a draft with what its manifests say together.</summary>
    public static async ValueTask<VersionCard> RunAsync(WandbServices services, Draft draft, CancellationToken cancellationToken)
    {
        if (draft.IsPending)
        {
            var manifests = await services.DraftStore.ListManifestsAsync(draft.Id, cancellationToken);
            var whole = manifests.LastOrDefault(manifest => manifest.Kind == ManifestKind.Full);
            var contents = new ManifestJson();
            Digest kept;
            if (whole is not null)
            {
                kept = Delivered(draft, whole);
                contents.Add(await ReadAsync(services.Blobs, kept, cancellationToken));
            }
            else
            {
                await MergeAsync(services, draft, manifests, contents, cancellationToken);
                using var merged = new MemoryStream(contents.Write().ToArray());
                kept = (await services.Blobs.WriteAsync(merged, null, null, cancellationToken)).Digest;
            }

            // The digest is computed here and not believed: by it, the next client decides not to upload.
            await services.Drafts.CommitAsync(draft, contents.Entries, contents.Digest, kept, cancellationToken);
        }

        return await services.CollectionStore.FindByDraftAsync(draft.Id, cancellationToken)
            ?? throw CairnException.NotFound($"The version of '{draft.Key.Name}' that this upload became has been deleted.");
    }

    /// <summary>The manifest of a version as clients read it: the client's own bytes where it wrote one.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ManifestAsync(WandbServices services, VersionCard version, CancellationToken cancellationToken)
    {
        if (version.Manifest is { } kept)
        {
            return await ReadAsync(services.Blobs, kept, cancellationToken);
        }

        var files = await services.ArtifactStore.ReadManifestAsync(version.Version.Key, version.Version.Index, cancellationToken);
        var hashes = await services.Drafts.HashAsync([.. files.Select(file => file.Digest).Distinct()], cancellationToken);
        var references = await services.CollectionStore.ReadReferencesAsync(version.VersionId, cancellationToken);
        return ManifestJson.Write(files.Select(file => (file.Path, hashes[file.Digest])), references, ArtifactIds.Of(version));
    }

    /// <summary>A version, or a pending one, by its id on the wire; null where there is none.</summary>
    public static async ValueTask<ArtifactNode?> FindAsync(WandbServices services, string? id, CancellationToken cancellationToken)
    {
        if (ArtifactIds.Read(id) is not { } found)
        {
            return null;
        }

        if (found.IsVersion)
        {
            return ArtifactNode.OrNull(await services.CollectionStore.FindByVersionAsync(found.Number, cancellationToken));
        }

        return await services.DraftStore.FindAsync(found.Number, cancellationToken) is { IsPending: true } pending
            ? ArtifactNode.Of(pending)
            : ArtifactNode.OrNull(await services.CollectionStore.FindByDraftAsync(found.Number, cancellationToken));
    }

    private static async ValueTask MergeAsync(
        WandbServices services,
        Draft draft,
        IReadOnlyList<DraftManifest> manifests,
        ManifestJson contents,
        CancellationToken cancellationToken)
    {
        if (manifests.Count == 0)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, $"No manifest of '{draft.Key.Name}' has been uploaded. Log the artifact again.");
        }

        foreach (var based in manifests.Select(manifest => manifest.BaseId).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var version = (await FindAsync(services, based, cancellationToken))?.Card
                ?? throw CairnException.NotFound($"There is no artifact version with the id {based} to add to.");
            contents.Add(await ManifestAsync(services, version, cancellationToken));
        }

        foreach (var manifest in manifests)
        {
            contents.Add(await ReadAsync(services.Blobs, Delivered(draft, manifest), cancellationToken));
        }
    }

    private static Digest Delivered(Draft draft, DraftManifest manifest) =>
        manifest.Content
        ?? throw new CairnException(ErrorCode.FailedPrecondition, $"The manifest of '{draft.Key.Name}' has been announced but not uploaded. Log the artifact again.");

    private static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(IBlobStore blobs, Digest digest, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenReadAsync(digest, cancellationToken)
            ?? throw new CairnException(ErrorCode.Internal, $"The manifest {digest} is missing from the store. Run 'cairn doctor'.");
        if (content.Length > ManifestJson.LargestManifest)
        {
            throw new CairnException(ErrorCode.TooLarge, $"The manifest has {content.Length} bytes; at most {ManifestJson.LargestManifest} are read.");
        }

        var bytes = new byte[content.Length];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }
}
