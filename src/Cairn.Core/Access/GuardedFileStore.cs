using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <summary>Files of runs, and those that are behind the server by their path.</summary>
internal sealed class GuardedFileStore(IFileStore inner, AccessGuard guard) : IFileStore
{
    public async Task PutAsync(FileOwner owner, StoredFile file, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(owner, file.Path, Permission.Edit, cancellationToken);
        await inner.PutAsync(owner, file, cancellationToken);
    }

    public async Task<StoredFile?> FindAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(owner, path, Permission.Read, cancellationToken);
        return await inner.FindAsync(owner, path, cancellationToken);
    }

    public async Task<IReadOnlyList<StoredFile>> ListAsync(FileOwner owner, string folder, CancellationToken cancellationToken)
    {
        if (folder.Length > 0 || RunId.TryParse(owner.Value, out _))
        {
            await guard.DemandAsync(owner, folder, Permission.Read, cancellationToken);
        }

        return await guard.OnlyReadableAsync(owner, await inner.ListAsync(owner, folder, cancellationToken), file => file.Path, cancellationToken);
    }

    public Task<IReadOnlySet<Digest>> ListMentionedAsync(IReadOnlyCollection<RunId> except, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Looking over all contents");
        return inner.ListMentionedAsync(except, cancellationToken);
    }

    public Task<IReadOnlyList<StorageUse>> MeasureAsync(CancellationToken cancellationToken)
    {
        guard.DemandAdmin("What takes how much place");
        return inner.MeasureAsync(cancellationToken);
    }

    public Task ForgetAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Forgetting contents");
        return inner.ForgetAsync(digests, cancellationToken);
    }

    public async Task<int> DeleteAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(owner, path, Permission.Manage, cancellationToken);
        return await inner.DeleteAsync(owner, path, cancellationToken);
    }
}
