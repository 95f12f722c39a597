namespace Cairn.Client.Wire;

/// <summary>
/// Body of <c>POST /api/v1/import</c>: experiments and runs as they are to be, with the ids they have elsewhere. Sending
/// the same again changes nothing, so an import that was cut off is simply begun again.
/// </summary>
/// <param name="Experiments">To be made where they are missing.</param>
/// <param name="Runs">To be written.</param>
/// <param name="Deleted">Experiments whose runs are all here, by their numbers here: they go to the bin, as of their last change.</param>
public sealed record ImportRequest(
    IReadOnlyList<ImportExperiment>? Experiments = null,
    IReadOnlyList<ImportRun>? Runs = null,
    IReadOnlyList<ImportExperiment>? Deleted = null);

/// <summary>An experiment to be made where it is missing.</summary>
/// <param name="Id">Its number; kept where it is free here.</param>
/// <param name="Name">An active experiment of that name is taken for this one.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="Lifecycle">"active" or "deleted". It is made active; name it as deleted when its runs are there.</param>
/// <param name="ArtifactLocation">Where clients put files themselves, or null for this server.</param>
/// <param name="Tags">Labels.</param>
/// <param name="UpdatedAt">Unix milliseconds of the last change; null means when it was made here.</param>
public sealed record ImportExperiment(
    string Id,
    string Name,
    long CreatedAt,
    string Lifecycle = "active",
    string? ArtifactLocation = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    long? UpdatedAt = null);

/// <summary>A run. One with very many points may be sent in pieces, with the status "running" but in the last.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="ExperimentId">Number of the experiment here.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Status">"running", "scheduled", "finished", "failed", "killed" or "crashed".</param>
/// <param name="StartedAt">Unix milliseconds.</param>
/// <param name="EndedAt">Unix milliseconds, or null.</param>
/// <param name="Lifecycle">"active" or "deleted". It is made active; delete it when its files are there.</param>
/// <param name="Author">Who started it, or null.</param>
/// <param name="JobType">Kind of work, or null.</param>
/// <param name="ParentId">The run that launched it, or null.</param>
/// <param name="Params">Parameters.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Summary">Values shown in place of the newest points.</param>
/// <param name="Series">Points, as columns; a long series is in several pieces.</param>
/// <param name="Logs">Console lines.</param>
/// <param name="Media">Pictures; their bytes are files.</param>
/// <param name="Files">Files whose bytes the server has as blobs.</param>
/// <param name="Group">Name that runs of one piece of work share, or null.</param>
/// <param name="ClientId">The short id its client chose, or null.</param>
/// <param name="HeartbeatAt">When its client was last heard of, of a run that is over; Unix milliseconds, or null.</param>
/// <param name="Documents">JSON texts by name, kept as they were written.</param>
/// <param name="Lines">Lines of JSON, kept as they were written.</param>
/// <param name="Datasets">Data it read.</param>
/// <param name="ModelInputs">Ids of logged models it used.</param>
/// <param name="ModelOutputs">Logged models it made.</param>
public sealed record ImportRun(
    string Id,
    string ExperimentId,
    string Name,
    string Status,
    long StartedAt,
    long? EndedAt = null,
    string Lifecycle = "active",
    string? Author = null,
    string? JobType = null,
    string? ParentId = null,
    IReadOnlyList<ImportValue>? Params = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    IReadOnlyList<ImportValue>? Summary = null,
    IReadOnlyList<ImportSeries>? Series = null,
    IReadOnlyList<LogLine>? Logs = null,
    IReadOnlyList<MediaInfo>? Media = null,
    IReadOnlyList<ImportFile>? Files = null,
    string? Group = null,
    string? ClientId = null,
    long? HeartbeatAt = null,
    IReadOnlyDictionary<string, string>? Documents = null,
    IReadOnlyList<ImportLines>? Lines = null,
    IReadOnlyList<ImportDataset>? Datasets = null,
    IReadOnlyList<string>? ModelInputs = null,
    IReadOnlyList<ImportModelOutput>? ModelOutputs = null);

/// <summary>Lines of JSON by their numbers.</summary>
/// <param name="Stream">"history" or "system".</param>
/// <param name="First">Number of the first, from 0.</param>
/// <param name="LeastStep">The least step of the lines.</param>
/// <param name="GreatestStep">The greatest step of the lines.</param>
/// <param name="Text">The lines, without line ends.</param>
public sealed record ImportLines(string Stream, long First, long LeastStep, long GreatestStep, IReadOnlyList<string> Text);

/// <summary>Data that a run read; the data itself is elsewhere.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Digest">The client's fingerprint of the content.</param>
/// <param name="SourceType">What kind of place <paramref name="Source"/> is.</param>
/// <param name="Source">Where the data came from.</param>
/// <param name="Schema">Columns, or null.</param>
/// <param name="Profile">Counts, or null.</param>
/// <param name="Tags">What this use is about.</param>
public sealed record ImportDataset(
    string Name,
    string Digest,
    string SourceType,
    string Source,
    string? Schema = null,
    string? Profile = null,
    IReadOnlyDictionary<string, string>? Tags = null);

/// <summary>A logged model that a run made.</summary>
public sealed record ImportModelOutput(string ModelId, long Step);

/// <summary>A parameter or summary value.</summary>
/// <param name="Key">Dotted name.</param>
/// <param name="Value">A text as it is, anything else as JSON.</param>
/// <param name="Kind">"number", "boolean", "null" or "json"; null means a text.</param>
public sealed record ImportValue(string Key, string Value, string? Kind = null);

/// <summary>Points of a metric: three lists of equal length.</summary>
public sealed record ImportSeries(string Key, IReadOnlyList<long> Steps, IReadOnlyList<long> Times, IReadOnlyList<double> Values);

/// <summary>A file of a run.</summary>
public sealed record ImportFile(string Path, string Digest, long Size);

/// <summary>Of an exported run, the files alone.</summary>
/// <param name="Id">The run.</param>
/// <param name="Files">Its files; null where it has none.</param>
public sealed record ExportedFiles(string Id, IReadOnlyList<ImportFile>? Files = null);

/// <summary>Answer of an import.</summary>
/// <param name="Experiments">The number here of each experiment that was sent, by the number it was sent with.</param>
public sealed record ImportAnswer(IReadOnlyDictionary<string, string> Experiments);

/// <summary>Body of <c>POST /api/v1/import/known</c>.</summary>
public sealed record KnownRunsRequest(IReadOnlyList<string> Ids);

/// <summary>Those of the runs that the server has.</summary>
public sealed record KnownRuns(IReadOnlyList<KnownRun> Runs);

/// <summary>A run that the server has.</summary>
public sealed record KnownRun(string Id, string Status, long? EndedAt, string Lifecycle);
