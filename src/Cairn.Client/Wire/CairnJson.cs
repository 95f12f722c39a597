using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cairn.Client.Wire;

/// <summary>
/// The one JSON dialect of the native API, generated at build time so that it works in trimmed and native programs:
/// camelCase names, nulls left out on write, NaN and the infinities as strings. Client and server share it.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ServerInfo))]
[JsonSerializable(typeof(ErrorResponse))]
[JsonSerializable(typeof(ExperimentInfo))]
[JsonSerializable(typeof(ExperimentList))]
[JsonSerializable(typeof(EnsureExperimentRequest))]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunRow))]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunDetail))]
[JsonSerializable(typeof(CreateRunRequest))]
[JsonSerializable(typeof(RunUpdate))]
[JsonSerializable(typeof(RunChange))]
[JsonSerializable(typeof(LaunchToken))]
[JsonSerializable(typeof(SeriesList))]
[JsonSerializable(typeof(SeriesRequest))]
[JsonSerializable(typeof(LogPage))]
[JsonSerializable(typeof(RunFileList))]
[JsonSerializable(typeof(RunFileInfo))]
[JsonSerializable(typeof(UseArtifactRequest))]
[JsonSerializable(typeof(ArtifactInfo))]
[JsonSerializable(typeof(ArtifactList))]
[JsonSerializable(typeof(ArtifactDetail))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSerializable(typeof(VersionDetail))]
[JsonSerializable(typeof(CommitVersionRequest))]
[JsonSerializable(typeof(CommitVersionResponse))]
[JsonSerializable(typeof(MoveAliasRequest))]
[JsonSerializable(typeof(AliasChange))]
[JsonSerializable(typeof(MissingBlobsRequest))]
[JsonSerializable(typeof(MissingBlobsResponse))]
[JsonSerializable(typeof(LineageGraph))]
[JsonSerializable(typeof(GarbageRequest))]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportAnswer))]
[JsonSerializable(typeof(ImportRun))]
[JsonSerializable(typeof(KnownRunsRequest))]
[JsonSerializable(typeof(KnownRuns))]
[JsonSerializable(typeof(GarbageReport))]
[JsonSerializable(typeof(LoggedModelList))]
[JsonSerializable(typeof(ModelEntryList))]
[JsonSerializable(typeof(JsonElement))]
public sealed partial class CairnJson : JsonSerializerContext;
