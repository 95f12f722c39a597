using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Core.Sweeps;

/// <summary>Where a sweep is in its life.</summary>
public enum SweepState
{
    Pending = 1,
    Running = 2,
    Paused = 3,

    /// <summary>No new runs; those under way go on.</summary>
    Stopped = 4,

    /// <summary>No new runs; those under way are asked to stop.</summary>
    Canceled = 5,
    Finished = 6,
}

/// <summary>A search for good parameters: many runs of one program, whose parameters the server chooses.</summary>
/// <param name="Id">Number given by the store.</param>
/// <param name="ExperimentId">Where its runs are.</param>
/// <param name="Name">Short id, unique in the experiment.</param>
/// <param name="DisplayName">Name for people, or null.</param>
/// <param name="Description">What it is for, or null.</param>
/// <param name="Config">As it was written (YAML or JSON).</param>
/// <param name="State">Where it is.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record Sweep(
    long Id,
    ExperimentId ExperimentId,
    string Name,
    string? DisplayName,
    string? Description,
    string Config,
    SweepState State,
    long CreatedAt,
    long UpdatedAt);

/// <summary>One choice of parameters and the run that tries it.</summary>
/// <param name="Number">From 0, in the order they were chosen.</param>
/// <param name="RunId">The run, made with the trial.</param>
/// <param name="ClientRunId">The run's short id.</param>
/// <param name="AgentId">Who runs it.</param>
/// <param name="Arguments">JSON object: the chosen values by name, nested as the config has them.</param>
/// <param name="Point">The choice as the optimiser sees it: one number from 0 to 1 for each dimension.</param>
public sealed record SweepTrial(int Number, RunId RunId, string ClientRunId, long AgentId, string Arguments, IReadOnlyList<double> Point);

/// <summary>A process that runs trials.</summary>
/// <param name="Id">Number given by the store.</param>
/// <param name="SweepId">Its sweep.</param>
/// <param name="Host">Where it runs.</param>
/// <param name="HeartbeatAt">When it was last heard of, Unix milliseconds.</param>
public sealed record SweepAgent(long Id, long SweepId, string Host, long HeartbeatAt);
