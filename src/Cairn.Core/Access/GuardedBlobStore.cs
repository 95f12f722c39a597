using Cairn.Core.Blobs;
using Cairn.Core.Housekeeping;

namespace Cairn.Core.Access;

/// <summary>
/// Contents by their digest. To know a digest is no right: contents of things that the caller may not read are as if they
/// were not here, until he sends them himself.
/// </summary>
internal sealed class GuardedBlobStore(IBlobStore inner, AccessGuard guard) : IBlobStore
{
    public async ValueTask<long?> FindAsync(Digest digest, CancellationToken cancellationToken) =>
        await MayAsync(digest, cancellationToken) ? await inner.FindAsync(digest, cancellationToken) : null;

    public async Task<IReadOnlyDictionary<Digest, long>> FindAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken) =>
        await inner.FindAsync(guard.IsOpen || digests.Count == 0 ? digests : await guard.FindHeldAsync(digests, cancellationToken), cancellationToken);

    public async Task<Blob> WriteAsync(Stream content, Digest? expected, long? expectedLength, CancellationToken cancellationToken)
    {
        var blob = await inner.WriteAsync(content, expected, expectedLength, cancellationToken);
        await guard.NoteSentAsync(blob.Digest, cancellationToken);
        return blob;
    }

    public async ValueTask<Stream?> OpenReadAsync(Digest digest, CancellationToken cancellationToken) =>
        await MayAsync(digest, cancellationToken) ? await inner.OpenReadAsync(digest, cancellationToken) : null;

    public Task<RemovedBlobs> CollectAsync(IReadOnlySet<Digest> mentioned, DateTimeOffset unusedSince, bool dryRun, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Collecting contents");
        return inner.CollectAsync(mentioned, unusedSince, dryRun, cancellationToken);
    }

    private async ValueTask<bool> MayAsync(Digest digest, CancellationToken cancellationToken) =>
        guard.IsOpen || (await guard.FindHeldAsync([digest], cancellationToken)).Contains(digest);
}
