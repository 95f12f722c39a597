using System.Text.Json;
using Cairn.Core.Archives;

namespace Cairn.Core.Access;

/// <summary>Things in and out of the house, whole and past the rules of the other ports: for admins.</summary>
internal sealed class GuardedArchiveStore(IArchiveStore inner, AccessGuard guard) : IArchiveStore
{
    public Task<ArchivePage> ReadAsync(ArchiveKind kind, string? after, int limit, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Exporting the whole server");
        return inner.ReadAsync(kind, after, limit, cancellationToken);
    }

    public IReadOnlyList<ArchivedContent> ContentsOf(ArchiveKind kind, JsonElement thing)
    {
        guard.DemandAdmin("Importing");
        return inner.ContentsOf(kind, thing);
    }

    public Task<bool> PutAsync(ArchiveKind kind, JsonElement thing, IReadOnlyDictionary<string, string> experiments, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Importing");
        return inner.PutAsync(kind, thing, experiments, cancellationToken);
    }
}
