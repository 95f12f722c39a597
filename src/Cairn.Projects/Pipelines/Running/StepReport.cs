namespace Cairn.Projects.Pipelines.Running;

/// <summary>Where a step stands.</summary>
/// <param name="Name">The step; <c>train[2]</c> where it runs for each of several things.</param>
/// <param name="State">Where.</param>
/// <param name="Reason">Why it is cached, runs, failed or was left out; null while it waits.</param>
/// <param name="RunId">Its run, or the earlier one whose results hold; null where there is none.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Outputs">Artifacts it logged, as name:version.</param>
public sealed record StepReport(
    string Name, StepState State, string? Reason, string? RunId, TimeSpan Duration, IReadOnlyList<string> Outputs)
{
    /// <summary>True where nothing more will happen to it.</summary>
    public bool IsOver => State is not (StepState.Waiting or StepState.Preparing or StepState.Running);
}

/// <summary>States of a step.</summary>
public enum StepState
{
    /// <summary>For others, or for a processor.</summary>
    Waiting,

    /// <summary>Its code is fetched, its environment built, its key looked up.</summary>
    Preparing,

    /// <summary>Its command runs.</summary>
    Running,

    /// <summary>An earlier run's results hold.</summary>
    Cached,

    /// <summary>It ran and succeeded.</summary>
    Succeeded,

    /// <summary>It ran and failed, or could not be run.</summary>
    Failed,

    /// <summary>Left out: its condition is false, it was not asked for, or a step it needs has no result.</summary>
    Skipped,

    /// <summary>Somebody stopped it.</summary>
    Stopped,
}
