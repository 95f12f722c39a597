using Cairn.Core.Experiments;
using Cairn.Core.Scorers;

namespace Cairn.Core.Access;

/// <summary>Scorers: as their experiment.</summary>
internal sealed class GuardedScorerStore(IScorerStore inner, AccessGuard guard) : IScorerStore
{
    public async Task<Scorer> AddAsync(ExperimentId experiment, string name, string body, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Edit, cancellationToken);
        return await inner.AddAsync(experiment, name, body, at, cancellationToken);
    }

    public async Task<IReadOnlyList<Scorer>> ListAsync(ExperimentId experiment, string? name, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.ListAsync(experiment, name, cancellationToken);
    }

    public async Task<int> RemoveAsync(ExperimentId experiment, string name, int? version, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Manage, cancellationToken);
        return await inner.RemoveAsync(experiment, name, version, cancellationToken);
    }
}
