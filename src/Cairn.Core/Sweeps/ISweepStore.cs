using Cairn.Core.Experiments;

namespace Cairn.Core.Sweeps;

/// <summary>
/// Remembers sweeps, their agents and their trials: a kind of thing of its own, since a choice of parameters exists before
/// its run does. Every method that writes is one durable transaction.
/// </summary>
public interface ISweepStore
{
    /// <summary>Adds a sweep; its id is given by the store.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/> where the experiment has one of that name.</exception>
    Task<Sweep> AddAsync(Sweep sweep, CancellationToken cancellationToken);

    /// <summary>Replaces what can change: names, description, config, state.</summary>
    Task UpdateAsync(Sweep sweep, CancellationToken cancellationToken);

    Task<Sweep?> FindAsync(long id, CancellationToken cancellationToken);

    Task<Sweep?> FindAsync(ExperimentId experiment, string name, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Sweep>> ListAsync(ExperimentId experiment, CancellationToken cancellationToken);

    Task<SweepAgent> AddAgentAsync(long sweep, string host, long at, CancellationToken cancellationToken);

    Task<SweepAgent?> FindAgentAsync(long id, CancellationToken cancellationToken);

    /// <summary>Notes that an agent was heard of.</summary>
    Task BeatAsync(long agent, long at, CancellationToken cancellationToken);

    Task<IReadOnlyList<SweepAgent>> ListAgentsAsync(long sweep, CancellationToken cancellationToken);

    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/> where the sweep has a trial of that number.</exception>
    Task AddTrialAsync(long sweep, SweepTrial trial, CancellationToken cancellationToken);

    /// <summary>Ordered by number.</summary>
    Task<IReadOnlyList<SweepTrial>> ListTrialsAsync(long sweep, CancellationToken cancellationToken);
}
