using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary>Answer of <c>cairn pipeline run --json</c>, <c>plan --json</c> and <c>status --json</c>.</summary>
/// <param name="RunId">The pipeline's run.</param>
/// <param name="Url">Its page.</param>
/// <param name="Status">"finished", "failed", "killed", "running", "crashed" or "planned".</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Steps">Its steps in the order of the file.</param>
internal sealed record PipelineReport(string RunId, string Url, string Status, long DurationMs, IReadOnlyList<StepLine> Steps)
{
    public static PipelineReport Of(PipelineResult result) => new(
        result.RunId, result.Url.AbsoluteUri, result.Status, (long)result.Duration.TotalMilliseconds, result.Steps.Select(StepLine.Of).ToArray());
}

/// <summary>A step.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">"waiting" (in a plan: would run), "running", "cached", "succeeded", "failed", "skipped" or "stopped".</param>
/// <param name="Reason">Why.</param>
/// <param name="RunId">Its run, or the earlier one whose results hold.</param>
/// <param name="DurationMs">How long it took.</param>
/// <param name="Outputs">Artifacts as name:version.</param>
internal sealed record StepLine(string Name, string State, string? Reason, string? RunId, long DurationMs, IReadOnlyList<string> Outputs)
{
    public static StepLine Of(StepReport step) => new(
        step.Name, step.State.ToString().ToLowerInvariant(), step.Reason, step.RunId, (long)step.Duration.TotalMilliseconds, step.Outputs);
}
