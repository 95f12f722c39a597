namespace Cairn.Projects.Pipelines.Running;

/// <summary>How a pipeline went.</summary>
/// <param name="RunId">Its run.</param>
/// <param name="Url">The page of its run.</param>
/// <param name="Status">"finished", "failed" or "killed".</param>
/// <param name="Steps">Its steps in the order of the file.</param>
/// <param name="Duration">How long it took.</param>
public sealed record PipelineResult(string RunId, Uri Url, string Status, IReadOnlyList<StepReport> Steps, TimeSpan Duration)
{
    public bool IsSuccess => Status == "finished";

    /// <summary>Without those that stand for several.</summary>
    private IEnumerable<StepReport> Single => Steps.Where(step => !Steps.Any(other => other.Name.StartsWith(step.Name + "[", StringComparison.Ordinal)));

    /// <summary>Steps whose command was really run.</summary>
    public int Executed => Single.Count(step => step.State is StepState.Succeeded or StepState.Failed || step is { State: StepState.Stopped, RunId: not null });

    /// <summary>Steps whose results were there.</summary>
    public int Cached => Single.Count(step => step.State == StepState.Cached);
}
