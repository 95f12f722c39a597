namespace Cairn.Client.Wire;

/// <summary>Answer of <c>GET /api/v1/home</c>: what is going on.</summary>
/// <param name="Experiments">Active experiments, newest activity first.</param>
/// <param name="Running">Runs that are running, newest first; at most 200.</param>
/// <param name="Failed">Runs of the last seven days that failed, crashed or reported a failed check, newest first; at most 12.</param>
/// <param name="Promotions">The newest moves of aliases other than "latest"; at most 60.</param>
/// <param name="Waiting">Promotions that lack nothing but people's word, newest first; at most 12.</param>
public sealed record HomeInfo(
    IReadOnlyList<ExperimentPulse> Experiments,
    IReadOnlyList<RunInfo> Running,
    IReadOnlyList<FailedRun> Failed,
    IReadOnlyList<Promotion> Promotions,
    IReadOnlyList<WaitingPromotion> Waiting);

/// <summary>An experiment and how busy it is.</summary>
/// <param name="Experiment">The experiment.</param>
/// <param name="Started">Runs started on each of the last 28 days (UTC), today last.</param>
/// <param name="Failed">How many of these failed.</param>
public sealed record ExperimentPulse(ExperimentInfo Experiment, IReadOnlyList<int> Started, IReadOnlyList<int> Failed);

/// <summary>A run that failed, or reported that something did.</summary>
/// <param name="Run">The run.</param>
/// <param name="Reason">Why, as far as it left word: what it set as "cairn.error", what the check found, else the last line it printed; null where it printed none.</param>
/// <param name="Check">The check that it reported as failed; null where none is.</param>
public sealed record FailedRun(RunInfo Run, string? Reason, string? Check = null);

/// <summary>A move of an alias.</summary>
/// <param name="ExperimentId">Experiment of the artifact.</param>
/// <param name="ExperimentName">Its name.</param>
/// <param name="Artifact">The artifact's name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Change">The move.</param>
public sealed record Promotion(string ExperimentId, string ExperimentName, string Artifact, string Type, AliasChange Change);

/// <summary>Answer of <c>GET /api/v1/storage</c>.</summary>
/// <param name="Uses">What each kind takes: "run files", "artifacts: TYPE", "other files", then "contents" (all of these, each content once) and "database".</param>
/// <param name="FreeBytes">Free on the disk of the data folder; null where that is not known.</param>
/// <param name="DeletedRuns">Runs in the bin.</param>
public sealed record StorageInfo(IReadOnlyList<StorageUse> Uses, long? FreeBytes, int DeletedRuns);

/// <summary>What one kind of thing takes.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Count">Files of the kind; runs for the database.</param>
/// <param name="Bytes">Bytes.</param>
public sealed record StorageUse(string Kind, long Count, long Bytes);

/// <summary>A version that a gate refused an alias for want of approvals alone.</summary>
/// <param name="ExperimentId">The experiment of the artifact.</param>
/// <param name="ExperimentName">Its name.</param>
/// <param name="Artifact">Name of the artifact.</param>
/// <param name="Version">The version: "v3".</param>
/// <param name="Alias">The alias.</param>
/// <param name="Wants">What is lacking: "2 approvals of ann, bob".</param>
/// <param name="Who">Who asked, or null.</param>
/// <param name="Why">Their reason, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record WaitingPromotion(
    string ExperimentId, string ExperimentName, string Artifact, string Version, string Alias, string Wants, string? Who, string? Why, long At);
