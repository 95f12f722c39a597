using System.Text.Json;

namespace Cairn.Client.Wire;

/// <summary>What a run is, without what it logged.</summary>
/// <param name="Id">32 lower-case hexadecimal digits.</param>
/// <param name="ExperimentId">The experiment the run belongs to.</param>
/// <param name="ExperimentName">Its name, for showing.</param>
/// <param name="Name">A name for people; not unique.</param>
/// <param name="Status">"running", "scheduled", "finished", "failed", "killed" or "crashed".</param>
/// <param name="State">"active" or "deleted".</param>
/// <param name="StartedAt">Unix milliseconds, UTC.</param>
/// <param name="EndedAt">Unix milliseconds; null while the run goes on.</param>
/// <param name="Author">Who started it, or null.</param>
/// <param name="JobType">What kind of work it is ("train", "evaluate" …), or null.</param>
/// <param name="ParentId">The run that launched it, or null.</param>
public sealed record RunInfo(
    string Id,
    string ExperimentId,
    string ExperimentName,
    string Name,
    string Status,
    string State,
    long StartedAt,
    long? EndedAt,
    string? Author,
    string? JobType,
    string? ParentId);

/// <summary>One row of a run list: the run, its parameters, tags and the newest value of every metric.</summary>
/// <param name="Run">The run itself.</param>
/// <param name="Params">Flat dotted keys to JSON values.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Metrics">Newest value of each series (or the summary value set in its place). NaN and infinities travel as the strings "NaN", "Infinity", "-Infinity".</param>
public sealed record RunRow(
    RunInfo Run,
    IReadOnlyDictionary<string, JsonElement> Params,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, double> Metrics);

/// <summary>Answer of <c>GET /api/v1/runs</c>.</summary>
/// <param name="Runs">One page.</param>
/// <param name="NextPageToken">Opaque; null after the last page.</param>
public sealed record RunPage(IReadOnlyList<RunRow> Runs, string? NextPageToken);

/// <summary>Answer of <c>GET /api/v1/runs/{id}</c>: everything about one run but its points, logs and file contents.</summary>
/// <param name="Run">The run itself.</param>
/// <param name="Params">Flat dotted keys to JSON values.</param>
/// <param name="Tags">Tags.</param>
/// <param name="Metrics">One entry per series, ordered by key.</param>
/// <param name="Summary">Values set by <see cref="RunUpdate.Summary"/> that stand in for, or beside, the newest metric values.</param>
/// <param name="Inputs">Artifact versions the run used.</param>
/// <param name="Outputs">Artifact versions the run logged.</param>
/// <param name="Media">Images and the like, by key and step.</param>
/// <param name="Parent">The run that launched it, or null.</param>
/// <param name="Children">Runs it launched, oldest first.</param>
/// <param name="LogLines">One more than the greatest number of a log line: where the next one goes.</param>
/// <param name="StopRequested">Somebody asked the run to stop.</param>
/// <param name="Alerts">What the run called people for, oldest first; null where it did not.</param>
public sealed record RunDetail(
    RunInfo Run,
    IReadOnlyDictionary<string, JsonElement> Params,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<MetricInfo> Metrics,
    IReadOnlyDictionary<string, JsonElement> Summary,
    IReadOnlyList<LineageUse> Inputs,
    IReadOnlyList<LineageUse> Outputs,
    IReadOnlyList<MediaInfo> Media,
    RunInfo? Parent,
    IReadOnlyList<RunInfo> Children,
    long LogLines,
    bool StopRequested,
    IReadOnlyList<AlertInfo>? Alerts = null);

/// <summary>A call of a run for people.</summary>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Severity">"INFO", "WARN" or "ERROR".</param>
/// <param name="Title">One line.</param>
/// <param name="Text">More, or empty.</param>
public sealed record AlertInfo(long At, string Severity, string Title, string Text);

/// <summary>A series in brief.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Value">The newest value: that of the greatest (step, time, value).</param>
/// <param name="Step">Its step.</param>
/// <param name="Time">Its time in Unix milliseconds.</param>
public sealed record MetricInfo(string Key, double Value, long Step, long Time);

/// <summary>An artifact version a run used or logged.</summary>
/// <param name="Version">The version.</param>
/// <param name="At">When, in Unix milliseconds.</param>
/// <param name="UsedAs">The name under which the run asked for it ("raw_data.csv:latest"), or null.</param>
public sealed record LineageUse(VersionInfo Version, long At, string? UsedAs);

/// <summary>Something to look at: a picture, a table, a histogram. Its bytes are the run file <paramref name="Path"/>.</summary>
/// <param name="Key">Name under which it is logged again and again.</param>
/// <param name="Step">Step it belongs to.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Kind">"image", "table", "html", "audio", "video", "histogram" or "file".</param>
/// <param name="Path">The run file that holds it; empty for a histogram, whose counts <c>GET …/histograms</c> answers.</param>
/// <param name="Caption">Text under it, or null.</param>
public sealed record MediaInfo(string Key, long Step, long Time, string Kind, string Path, string? Caption = null);

/// <summary>Body of <c>POST /api/v1/runs</c>. Sending it twice with the same <paramref name="Id"/> answers the same run.</summary>
/// <param name="Experiment">Name of the experiment (created if missing) or, with <paramref name="ExperimentId"/>, null.</param>
/// <param name="ExperimentId">Id of an existing experiment, or null.</param>
/// <param name="Id">32 hexadecimal digits chosen by the client, or null: the server chooses.</param>
/// <param name="Name">Name for people, or null: the server makes one such as "calm-river-12".</param>
/// <param name="Author">Who starts it, or null.</param>
/// <param name="JobType">Kind of work, or null.</param>
/// <param name="ParentId">The launching run, or null.</param>
/// <param name="StartedAt">Unix milliseconds, or null: now.</param>
/// <param name="Params">Nested or flat JSON values, or null.</param>
/// <param name="Tags">Tags, or null.</param>
public sealed record CreateRunRequest(
    string? Experiment = null,
    string? ExperimentId = null,
    string? Id = null,
    string? Name = null,
    string? Author = null,
    string? JobType = null,
    string? ParentId = null,
    long? StartedAt = null,
    IReadOnlyDictionary<string, JsonElement>? Params = null,
    IReadOnlyDictionary<string, string>? Tags = null);

/// <summary>
/// Body of <c>POST /api/v1/runs/{id}/updates</c>: anything a run can receive, all of it optional, applied together or
/// not at all. When the answer (204) arrives, everything in it is on disk. Sending the same update again changes nothing:
/// an equal point is stored once, an equal parameter is accepted, a log line is rewritten under its number.
/// </summary>
/// <param name="Params">Nested objects are flattened with dots. A parameter may not change its value.</param>
/// <param name="Tags">A null value removes the tag.</param>
/// <param name="Points">Metric points.</param>
/// <param name="Summary">Values shown in place of the newest metric value; a null removes one.</param>
/// <param name="Media">Pictures whose bytes were put as run files before.</param>
/// <param name="Logs">Console lines.</param>
/// <param name="Name">A new name, or null.</param>
/// <param name="Status">A new status (as in <see cref="RunInfo.Status"/>), or null.</param>
/// <param name="EndedAt">Unix milliseconds; null with a final status means now.</param>
/// <param name="ExpectedTags">Tags as they must be, null for one that must not be there; where one is not, the answer is 412 and nothing is written.</param>
public sealed record RunUpdate(
    IReadOnlyDictionary<string, JsonElement>? Params = null,
    IReadOnlyDictionary<string, string?>? Tags = null,
    IReadOnlyList<MetricPoint>? Points = null,
    IReadOnlyDictionary<string, JsonElement>? Summary = null,
    IReadOnlyList<MediaInfo>? Media = null,
    IReadOnlyList<LogLine>? Logs = null,
    string? Name = null,
    string? Status = null,
    long? EndedAt = null,
    IReadOnlyDictionary<string, string?>? ExpectedTags = null);

/// <summary>One value of one series.</summary>
/// <param name="Key">Name of the metric: at most 250 characters.</param>
/// <param name="Value">Any double; NaN and infinities travel as strings.</param>
/// <param name="Step">Position on the metric axis; may be negative.</param>
/// <param name="Time">Unix milliseconds; 0 or absent means now.</param>
public sealed record MetricPoint(string Key, double Value, long Step = 0, long Time = 0);

/// <summary>One console line.</summary>
/// <param name="Line">Number of the line from 0; writing a number again replaces the line.</param>
/// <param name="Text">Text without its line end; may hold ANSI colour codes.</param>
/// <param name="Stream">"stdout" or "stderr".</param>
/// <param name="Time">Unix milliseconds; 0 or absent means now.</param>
public sealed record LogLine(long Line, string Text, string Stream = "stdout", long Time = 0);

/// <summary>Answer of <c>GET /api/v1/runs/{id}/logs</c>.</summary>
/// <param name="Lines">Lines in order of their numbers.</param>
/// <param name="Total">One more than the greatest line number.</param>
public sealed record LogPage(IReadOnlyList<LogLine> Lines, long Total);

/// <summary>Answer of <c>GET /api/v1/runs/{id}/series?key=…</c>.</summary>
public sealed record SeriesList(IReadOnlyList<SeriesData> Series);

/// <summary>Points of one series in columns, ordered by (step, time).</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Count">Points the series holds in the asked range.</param>
/// <param name="Sampled">True where the columns hold a selection that keeps first, last, least and greatest of every bucket; every point returned is a real one.</param>
/// <param name="Steps">Steps.</param>
/// <param name="Times">Unix milliseconds.</param>
/// <param name="Values">Values; NaN and infinities as strings.</param>
public sealed record SeriesData(
    string Key,
    long Count,
    bool Sampled,
    IReadOnlyList<long> Steps,
    IReadOnlyList<long> Times,
    IReadOnlyList<double> Values);

/// <summary>Answer of <c>GET /api/v1/runs/{id}/files</c>.</summary>
public sealed record RunFileList(IReadOnlyList<RunFileInfo> Files);

/// <summary>A file of a run.</summary>
/// <param name="Path">Relative, with forward slashes.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Digest">SHA-256 of the bytes, 64 hexadecimal digits.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record RunFileInfo(string Path, long Size, string Digest, long UpdatedAt);

/// <summary>Body of <c>POST /api/v1/runs/{id}/inputs</c>: the run uses an artifact version. Answers <see cref="VersionDetail"/>.</summary>
/// <param name="Artifact">"name:v3", "name:alias", "name" (= latest) or "experiment/name:alias".</param>
public sealed record UseArtifactRequest(string Artifact);
