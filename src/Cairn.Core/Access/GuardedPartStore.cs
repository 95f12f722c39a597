using Cairn.Core.Accounts;
using Cairn.Core.Uploads;

namespace Cairn.Core.Access;

/// <summary>
/// Contents that arrive in parts are theirs who began them, until they are whole: then whoever keeps them asks what the
/// caller may do, as with any other content. Another's upload is as if it were not there.
/// </summary>
internal sealed class GuardedPartStore(IPartStore inner, AccessGuard guard) : IPartStore
{
    public async Task<PartedUpload> BeginAsync(PartedUpload upload, CancellationToken cancellationToken)
    {
        var begun = await inner.BeginAsync(upload with { Owner = Caller.Current.UserId }, cancellationToken);
        return IsMine(begun) ? begun : throw new CairnException(ErrorCode.Forbidden, "Permission denied. Somebody else sends this content already.");
    }

    public async ValueTask<PartedUpload?> FindAsync(string id, CancellationToken cancellationToken) =>
        await inner.FindAsync(id, cancellationToken) is { } found && IsMine(found) ? found : null;

    public async Task<UploadedPart> WriteAsync(string id, int number, Stream content, string? expectedMd5, long? expectedLength, CancellationToken cancellationToken)
    {
        await DemandAsync(id, cancellationToken);
        return await inner.WriteAsync(id, number, content, expectedMd5, expectedLength, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<UploadedPart>> ListAsync(string id, CancellationToken cancellationToken)
    {
        await DemandAsync(id, cancellationToken);
        return await inner.ListAsync(id, cancellationToken);
    }

    /// <summary>Of parts that <see cref="ListAsync"/> gave.</summary>
    public Stream OpenRead(string id, IReadOnlyList<UploadedPart> parts) => inner.OpenRead(id, parts);

    public async Task FinishAsync(string id, CancellationToken cancellationToken)
    {
        await DemandAsync(id, cancellationToken);
        await inner.FinishAsync(id, cancellationToken);
    }

    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await DemandAsync(id, cancellationToken);
        await inner.RemoveAsync(id, cancellationToken);
    }

    public Task<RemovedUploads> CollectAsync(DateTimeOffset untouchedSince, bool dryRun, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Giving up uploads");
        return inner.CollectAsync(untouchedSince, dryRun, cancellationToken);
    }

    private bool IsMine(PartedUpload upload) => guard.IsOpen || upload.Owner == Caller.Current.UserId;

    private async ValueTask DemandAsync(string id, CancellationToken cancellationToken)
    {
        if (await inner.FindAsync(id, cancellationToken) is { } found && !IsMine(found))
        {
            throw new CairnException(ErrorCode.Forbidden, "Permission denied. This upload is somebody else's.");
        }
    }
}
