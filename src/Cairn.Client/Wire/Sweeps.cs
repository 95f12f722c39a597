using System.Text.Json;

namespace Cairn.Client.Wire;

/// <summary>A search for good parameters: many runs of one program, whose parameters the server chooses.</summary>
/// <param name="ExperimentId">Where its runs are.</param>
/// <param name="ExperimentName">Name of the experiment.</param>
/// <param name="Name">Short id, unique in the experiment.</param>
/// <param name="DisplayName">Name for people, or null.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="State">"pending", "running", "paused", "stopped", "canceled" or "finished".</param>
/// <param name="Method">"grid", "random" or "bayes".</param>
/// <param name="Metric">What is to become good, or null.</param>
/// <param name="Goal">"minimize" or "maximize".</param>
/// <param name="StopsEarly">Whether runs that fall behind are ended.</param>
/// <param name="RunCount">Runs that were begun.</param>
/// <param name="ExpectedRuns">How many there will be, or null for no end.</param>
/// <param name="Config">As it was written, YAML or JSON.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record SweepInfo(
    string ExperimentId,
    string ExperimentName,
    string Name,
    string? DisplayName,
    string? Description,
    string State,
    string Method,
    string? Metric,
    string Goal,
    bool StopsEarly,
    int RunCount,
    long? ExpectedRuns,
    string Config,
    long CreatedAt,
    long UpdatedAt);

/// <summary>Answer of <c>GET /api/v1/sweeps</c>, newest first.</summary>
public sealed record SweepList(IReadOnlyList<SweepInfo> Sweeps);

/// <summary>One trial of a sweep.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Params">The parameters that were chosen for it, with dotted keys.</param>
/// <param name="IsBest">No run of the sweep has a better value.</param>
/// <param name="Value">The sweep's metric, or null.</param>
public sealed record SweepRun(RunInfo Run, IReadOnlyDictionary<string, JsonElement> Params, bool IsBest, double? Value = null);

/// <summary>Answer of <c>GET /api/v1/sweeps/{experimentId}/{name}</c>.</summary>
/// <param name="Sweep">The sweep.</param>
/// <param name="Runs">Its runs, in the order in which they were begun.</param>
public sealed record SweepDetail(SweepInfo Sweep, IReadOnlyList<SweepRun> Runs);

/// <summary>Body of <c>POST /api/v1/sweeps/{experimentId}/{name}/state</c>.</summary>
/// <param name="State">"running" (resume), "paused" (no new runs for now), "stopped" (no new runs) or "canceled" (runs under way are asked to stop too).</param>
public sealed record SweepStateRequest(string State);
