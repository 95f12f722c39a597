namespace Cairn.Client;

/// <summary>What a run that is to be started is called and belongs to. Everything may be left out.</summary>
public sealed record RunOptions
{
    /// <summary>
    /// Name of the experiment, created if missing; null means <c>CAIRN_EXPERIMENT</c>, else "Default". Not used for a run
    /// that is adopted or resumed: that one stays where it is.
    /// </summary>
    public string? Experiment { get; init; }

    /// <summary>A name for people; null lets the server make one. Not used for a run that is adopted.</summary>
    public string? Name { get; init; }

    /// <summary>Kind of work ("train", "evaluate" …), or null. Fixed when the run is created.</summary>
    public string? JobType { get; init; }

    /// <summary>Who starts it; null means the name of the user. Fixed when the run is created.</summary>
    public string? Author { get; init; }

    /// <summary>Tags to set at the start, or null.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>
    /// Parameters to set at the start, or null; values as <see cref="CairnRun.LogParams"/> takes them.
    /// </summary>
    public IReadOnlyDictionary<string, object?>? Params { get; init; }

    /// <summary>The run that launches this one; null means <c>CAIRN_PARENT_RUN_ID</c>, else none.</summary>
    public string? ParentId { get; init; }

    /// <summary>
    /// Id of an existing run to go on with, or null for a new one. Its status becomes "running" again, log lines and
    /// steps continue behind those it has. Takes precedence over <c>CAIRN_RUN_ID</c>.
    /// </summary>
    public string? ResumeId { get; init; }
}
