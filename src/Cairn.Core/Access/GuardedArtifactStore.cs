using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <summary>Artifacts, their versions, aliases and lineage, as the caller may see and change them. Models and gates are in the other parts.</summary>
internal sealed partial class GuardedArtifactStore(IArtifactStore inner, ILoggedModelStore loggedModels, AccessGuard guard) : IArtifactStore
{
    public async Task<IReadOnlyList<Artifact>> ListAsync(ExperimentId? experiment, string? type, CancellationToken cancellationToken) =>
        await guard.OnlyReadableAsync(await inner.ListAsync(experiment, type, cancellationToken), artifact => artifact.Key, cancellationToken);

    public async Task<Artifact?> FindAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.FindAsync(key, cancellationToken);
    }

    public async Task<IReadOnlyList<ArtifactVersion>> ListVersionsAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.ListVersionsAsync(key, cancellationToken);
    }

    public async Task<ArtifactVersion?> FindVersionAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.FindVersionAsync(key, reference, cancellationToken);
    }

    public async Task<IReadOnlyList<ManifestEntry>> ReadManifestAsync(ArtifactKey key, int index, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.ReadManifestAsync(key, index, cancellationToken);
    }

    /// <summary>Whether the caller may speak of the contents was asked when they were looked up.</summary>
    public async Task<CommittedVersion> CommitAsync(NewVersion version, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(version.Key, Permission.Edit, cancellationToken);
        await DemandRunAsync(version.RunId, Permission.Edit, cancellationToken);
        return await inner.CommitAsync(version, cancellationToken);
    }

    public async Task<AliasChange> MoveAliasAsync(AliasMove move, CancellationToken cancellationToken)
    {
        // MLflow lets only those who manage a model take its aliases away.
        var need = move.To is null && !guard.IsOpen && await inner.FindModelAsync(move.Key, cancellationToken) is not null ? Permission.Manage : Permission.Edit;
        await guard.DemandAsync(move.Key, need, cancellationToken);
        await DemandRunAsync(move.RunId, Permission.Edit, cancellationToken);
        return await inner.MoveAliasAsync(move, cancellationToken);
    }

    public async Task<IReadOnlyList<AliasChange>> ReadAliasHistoryAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.ReadAliasHistoryAsync(key, cancellationToken);
    }

    public async Task DeleteVersionAsync(ArtifactKey key, int index, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Manage, cancellationToken);
        await inner.DeleteVersionAsync(key, index, at, cancellationToken);
    }

    public async Task AddInputAsync(LineageEdge edge, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(edge.RunId, Permission.Edit, cancellationToken);
        await guard.DemandAsync(edge.Key, Permission.Read, cancellationToken);
        await inner.AddInputAsync(edge, cancellationToken);
    }

    public async Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(RunId run, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(run, Permission.Read, cancellationToken);
        return await guard.OnlyReadableAsync(await inner.ReadEdgesAsync(run, cancellationToken), edge => edge.Key, cancellationToken);
    }

    public async Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(ArtifactKey key, int index, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        var edges = await inner.ReadEdgesAsync(key, index, cancellationToken);
        if (await guard.FindRightsAsync(cancellationToken) is not { SeesEverything: false } rights)
        {
            return edges;
        }

        var kept = new List<LineageEdge>(edges.Count);
        foreach (var edge in edges)
        {
            if (await guard.HomeOfAsync(edge.RunId, cancellationToken) is { } home && rights.MayRead(home))
            {
                kept.Add(edge);
            }
        }

        return kept;
    }

    public async Task<IReadOnlyList<(ArtifactKey Artifact, string Type, AliasChange Change)>> ListMovesAsync(int limit, CancellationToken cancellationToken)
    {
        var isLimited = await guard.FindRightsAsync(cancellationToken) is { SeesEverything: false };
        var found = await inner.ListMovesAsync(isLimited ? AccessGuard.LookedThrough : limit, cancellationToken);
        return isLimited ? [.. (await guard.OnlyReadableAsync(found, move => move.Artifact, cancellationToken)).Take(limit)] : found;
    }

    private async ValueTask DemandRunAsync(RunId? run, Permission need, CancellationToken cancellationToken)
    {
        if (run is { } id)
        {
            await guard.DemandAsync(id, need, cancellationToken);
        }
    }
}
