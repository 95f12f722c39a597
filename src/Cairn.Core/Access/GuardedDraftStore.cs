using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;

namespace Cairn.Core.Access;

/// <summary>Versions that are being uploaded: theirs who may change the artifact they will belong to.</summary>
internal sealed class GuardedDraftStore(IDraftStore inner, ICollectionStore versions, AccessGuard guard) : IDraftStore
{
    public async Task<Draft> BeginAsync(NewDraft draft, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(draft.Key, Permission.Edit, cancellationToken);
        await DemandRunAsync(draft.Facts, cancellationToken);
        return await ReadableAsync(await inner.BeginAsync(draft, at, cancellationToken), cancellationToken);
    }

    public async Task<Draft?> FindAsync(long id, CancellationToken cancellationToken) =>
        await inner.FindAsync(id, cancellationToken) is { } found ? await ReadableAsync(found, cancellationToken) : null;

    public async Task<Draft?> FindByClientAsync(string clientId, CancellationToken cancellationToken) =>
        await inner.FindByClientAsync(clientId, cancellationToken) is { } found ? await ReadableAsync(found, cancellationToken) : null;

    public async Task<DraftManifest> PutManifestAsync(DraftManifest manifest, long at, CancellationToken cancellationToken)
    {
        await DemandAsync(manifest.DraftId, Permission.Edit, cancellationToken);
        return await inner.PutManifestAsync(manifest, at, cancellationToken);
    }

    public async Task<DraftManifest?> FindManifestAsync(long id, CancellationToken cancellationToken)
    {
        var found = await inner.FindManifestAsync(id, cancellationToken);
        if (found is not null)
        {
            await DemandAsync(found.DraftId, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<IReadOnlyList<DraftManifest>> ListManifestsAsync(long draftId, CancellationToken cancellationToken)
    {
        await DemandAsync(draftId, Permission.Read, cancellationToken);
        return await inner.ListManifestsAsync(draftId, cancellationToken);
    }

    public async Task DeliverManifestAsync(long id, Digest content, long at, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindManifestAsync(id, cancellationToken) is { } manifest)
        {
            await DemandAsync(manifest.DraftId, Permission.Edit, cancellationToken);
        }

        await inner.DeliverManifestAsync(id, content, at, cancellationToken);
    }

    /// <summary>Without a draft it is what the server computed of contents it has.</summary>
    public async Task RememberAsync(IReadOnlyList<HashedBlob> blobs, long? draftId, string? path, long at, CancellationToken cancellationToken)
    {
        if (draftId is { } draft)
        {
            await DemandAsync(draft, Permission.Edit, cancellationToken);
        }

        await inner.RememberAsync(blobs, draftId, path, at, cancellationToken);
    }

    public async Task ReserveAsync(long draftId, IReadOnlyList<(string Path, HashedBlob Blob)> files, CancellationToken cancellationToken)
    {
        await DemandAsync(draftId, Permission.Edit, cancellationToken);
        await inner.ReserveAsync(draftId, files, cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, HashedBlob>> ListFilesAsync(long draftId, CancellationToken cancellationToken)
    {
        await DemandAsync(draftId, Permission.Read, cancellationToken);
        return await inner.ListFilesAsync(draftId, cancellationToken);
    }

    /// <summary>Contents that the caller may not speak of are as if they were not here.</summary>
    public async Task<IReadOnlyDictionary<string, HashedBlob>> FindByMd5Async(IReadOnlyCollection<string> md5s, CancellationToken cancellationToken)
    {
        var found = await inner.FindByMd5Async(md5s, cancellationToken);
        if (guard.IsOpen || found.Count == 0)
        {
            return found;
        }

        var held = await guard.FindHeldAsync([.. found.Values.Select(blob => blob.Digest).Distinct()], cancellationToken);
        return found.Where(entry => held.Contains(entry.Value.Digest)).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>MD5s of contents that were found elsewhere: they give no right to them.</summary>
    public Task<IReadOnlyDictionary<Digest, HashedBlob>> FindMd5sAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken) =>
        inner.FindMd5sAsync(digests, cancellationToken);

    public async Task<CommittedVersion> CommitAsync(Draft draft, DraftContent content, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(draft.Key, Permission.Edit, cancellationToken);
        await DemandRunAsync(draft.Facts, cancellationToken);
        return await inner.CommitAsync(draft, content, at, cancellationToken);
    }

    public async Task AdoptAsync(Draft draft, long versionId, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(draft.Key, Permission.Edit, cancellationToken);
        await DemandRunAsync(draft.Facts, cancellationToken);
        if (!guard.IsOpen && await versions.FindByVersionAsync(versionId, cancellationToken) is { } version)
        {
            await guard.DemandAsync(version.Version.Key, Permission.Read, cancellationToken);
        }

        await inner.AdoptAsync(draft, versionId, at, cancellationToken);
    }

    public Task<int> ForgetAsync(long before, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Forgetting uploads");
        return inner.ForgetAsync(before, cancellationToken);
    }

    private async ValueTask<Draft> ReadableAsync(Draft draft, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(draft.Key, Permission.Read, cancellationToken);
        return draft;
    }

    private async ValueTask DemandAsync(long draftId, Permission need, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindAsync(draftId, cancellationToken) is { } draft)
        {
            await guard.DemandAsync(draft.Key, need, cancellationToken);
        }
    }

    private async ValueTask DemandRunAsync(DraftFacts facts, CancellationToken cancellationToken)
    {
        if (facts.RunId is { } run)
        {
            await guard.DemandAsync(run, Permission.Edit, cancellationToken);
        }
    }
}
