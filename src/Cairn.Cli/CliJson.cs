using System.Text.Json.Serialization;
using Cairn.Cli.Commands.Pipelines;
using Cairn.Client.Wire;
using Cairn.Migration;

namespace Cairn.Cli;

/// <summary>Answer of <c>cairn version --json</c>.</summary>
internal sealed record VersionReport(string Version, string Runtime, string Platform);

/// <summary>First and only line of <c>cairn server --json</c>.</summary>
internal sealed record ServerReport(string Url, string DataFolder, int Pid, string Version);

/// <summary>Answer of <c>cairn run --json</c>.</summary>
/// <param name="Run">The run at its end.</param>
/// <param name="Url">Its page.</param>
/// <param name="ExitCode">Exit code of the command; 128 + the signal where one ended it.</param>
/// <param name="End">"exited", "cancelled" or "timed_out".</param>
/// <param name="DurationMs">How long the command took.</param>
/// <param name="CommandLine">The shell line that was run.</param>
/// <param name="Inputs">Versions it used.</param>
/// <param name="Outputs">Versions it logged.</param>
internal sealed record RunReport(
    RunInfo Run,
    string Url,
    int ExitCode,
    string End,
    long DurationMs,
    string CommandLine,
    IReadOnlyList<LineageUse> Inputs,
    IReadOnlyList<LineageUse> Outputs);

/// <summary>Answer of <c>cairn artifact get --json</c>.</summary>
/// <param name="Version">The version that was fetched.</param>
/// <param name="Path">The file, or the folder that holds the files.</param>
/// <param name="Files">Its files as absolute paths.</param>
internal sealed record FetchReport(VersionInfo Version, string Path, IReadOnlyList<string> Files);

/// <summary>Answer of <c>cairn artifact history --json</c>: moves of aliases, newest first.</summary>
internal sealed record HistoryReport(IReadOnlyList<AliasChange> Moves);

/// <summary>Answer of <c>cairn doctor --json</c>.</summary>
internal sealed record DoctorReport(bool Healthy, IReadOnlyList<CheckReport> Checks);

/// <summary>One finding.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">"ok", "absent" (optional and not there) or "failed".</param>
/// <param name="Finding">What was found.</param>
/// <param name="Remedy">What to do, or null.</param>
internal sealed record CheckReport(string Name, string Status, string Finding, string? Remedy);

/// <summary>Answer of <c>cairn check --json</c>.</summary>
/// <param name="Name">The project or pipeline.</param>
/// <param name="Ok">False where it has faults.</param>
/// <param name="Findings">Faults and notes, in the order in which they were found.</param>
internal sealed record FindingsReport(string Name, bool Ok, IReadOnlyList<FindingLine> Findings);

/// <summary>One of them.</summary>
/// <param name="Kind">"fault" or "note".</param>
/// <param name="File">The file.</param>
/// <param name="Line">From 1; 0 where it is about the whole file.</param>
/// <param name="Column">From 1.</param>
/// <param name="Field">Dotted path of the key, or null.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Suggestion">What to do, or null.</param>
internal sealed record FindingLine(string Kind, string File, int Line, int Column, string? Field, string Message, string? Suggestion);

/// <summary>Answer of <c>cairn env ls --json</c>.</summary>
/// <param name="Folder">Where they lie.</param>
/// <param name="Environments">All of them.</param>
internal sealed record EnvironmentsReport(string Folder, IReadOnlyList<EnvironmentLine> Environments);

/// <summary>One of them.</summary>
/// <param name="Id">What it was built for, as a hash.</param>
/// <param name="Kind">Who built it.</param>
/// <param name="MadeFor">The project that asked for it first.</param>
/// <param name="Packages">How many are in it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="LastUsed">Unix milliseconds.</param>
internal sealed record EnvironmentLine(string Id, string Kind, string MadeFor, int Packages, long Bytes, long LastUsed);

/// <summary>Answer of <c>cairn env prune --json</c>.</summary>
internal sealed record PruneReport(long FreedBytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(ServerReport))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(FetchReport))]
[JsonSerializable(typeof(HistoryReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ImportReport))]
[JsonSerializable(typeof(ExportReport))]
[JsonSerializable(typeof(PipelineReport))]
[JsonSerializable(typeof(FindingsReport))]
[JsonSerializable(typeof(EnvironmentsReport))]
[JsonSerializable(typeof(PruneReport))]
internal sealed partial class CliJson : JsonSerializerContext;
