using Cairn.Core.Experiments;
using Cairn.Core.Sweeps;

namespace Cairn.Core.Access;

/// <summary>Sweeps, their agents and trials: as their experiment.</summary>
internal sealed class GuardedSweepStore(ISweepStore inner, AccessGuard guard) : ISweepStore
{
    public async Task<Sweep> AddAsync(Sweep sweep, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(sweep.ExperimentId, Permission.Edit, cancellationToken);
        return await inner.AddAsync(sweep, cancellationToken);
    }

    public async Task UpdateAsync(Sweep sweep, CancellationToken cancellationToken)
    {
        await DemandAsync(sweep.Id, Permission.Edit, cancellationToken);
        await inner.UpdateAsync(sweep, cancellationToken);
    }

    public async Task<Sweep?> FindAsync(long id, CancellationToken cancellationToken)
    {
        var found = await inner.FindAsync(id, cancellationToken);
        if (found is not null)
        {
            await guard.DemandAsync(found.ExperimentId, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<Sweep?> FindAsync(ExperimentId experiment, string name, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.FindAsync(experiment, name, cancellationToken);
    }

    public async Task<IReadOnlyList<Sweep>> ListAsync(ExperimentId experiment, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.ListAsync(experiment, cancellationToken);
    }

    public async Task<SweepAgent> AddAgentAsync(long sweep, string host, long at, CancellationToken cancellationToken)
    {
        await DemandAsync(sweep, Permission.Edit, cancellationToken);
        return await inner.AddAgentAsync(sweep, host, at, cancellationToken);
    }

    public async Task<SweepAgent?> FindAgentAsync(long id, CancellationToken cancellationToken)
    {
        var found = await inner.FindAgentAsync(id, cancellationToken);
        if (found is not null)
        {
            await DemandAsync(found.SweepId, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task BeatAsync(long agent, long at, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindAgentAsync(agent, cancellationToken) is { } found)
        {
            await DemandAsync(found.SweepId, Permission.Edit, cancellationToken);
        }

        await inner.BeatAsync(agent, at, cancellationToken);
    }

    public async Task<IReadOnlyList<SweepAgent>> ListAgentsAsync(long sweep, CancellationToken cancellationToken)
    {
        await DemandAsync(sweep, Permission.Read, cancellationToken);
        return await inner.ListAgentsAsync(sweep, cancellationToken);
    }

    public async Task AddTrialAsync(long sweep, SweepTrial trial, CancellationToken cancellationToken)
    {
        await DemandAsync(sweep, Permission.Edit, cancellationToken);
        await inner.AddTrialAsync(sweep, trial, cancellationToken);
    }

    public async Task<IReadOnlyList<SweepTrial>> ListTrialsAsync(long sweep, CancellationToken cancellationToken)
    {
        await DemandAsync(sweep, Permission.Read, cancellationToken);
        return await inner.ListTrialsAsync(sweep, cancellationToken);
    }

    private async ValueTask DemandAsync(long id, Permission need, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindAsync(id, cancellationToken) is { } sweep)
        {
            await guard.DemandAsync(sweep.ExperimentId, need, cancellationToken);
        }
    }
}
