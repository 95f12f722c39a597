namespace Cairn.Client.Wire;

/// <summary>
/// Answer of <c>GET /api/v1/runs/{id}/steps</c>: the steps of a run and which of them waited for which, as their artifacts
/// show it. Works for pipelines and for entry points that start their components themselves.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Steps">Oldest first.</param>
public sealed record StepGraph(RunInfo Run, IReadOnlyList<StepNode> Steps);

/// <summary>One step.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Run">Its run; for a step that was not run again the earlier one whose results hold.</param>
/// <param name="State">"cached" where an earlier run's results hold, else the status of its run.</param>
/// <param name="Reason">Why it ran, or why not; null where nobody said.</param>
/// <param name="Needs">Names of steps that made what it read.</param>
/// <param name="Inputs">Artifact versions that it, or a run below it, read: "name:v3".</param>
/// <param name="Outputs">Artifact versions that it, or a run below it, logged.</param>
public sealed record StepNode(
    string Name,
    RunInfo Run,
    string State,
    string? Reason,
    IReadOnlyList<string> Needs,
    IReadOnlyList<string> Inputs,
    IReadOnlyList<string> Outputs);
