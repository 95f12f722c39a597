namespace Cairn.Mlflow.Graph;

/// <summary>
/// What MLflow's GraphQL knows: for each type its fields. S is a text, L a whole number (which answers have in quotes), F a
/// number, B true or false; brackets make a list.
/// </summary>
internal static class GraphTypes
{
    public const string Query = "Query";

    private const string Text =
        """
        Query: test Test, testMutation Test, mlflowGetRun MlflowGetRunResponse, mlflowGetExperiment MlflowGetExperimentResponse, mlflowListArtifacts MlflowListArtifactsResponse, mlflowSearchRuns MlflowSearchRunsResponse, mlflowSearchDatasets MlflowSearchDatasetsResponse, mlflowGetMetricHistoryBulkInterval MlflowGetMetricHistoryBulkIntervalResponse, mlflowSearchModelVersions MlflowSearchModelVersionsResponse
        Test: output S
        ApiError: code S, message S, helpUrl S
        MlflowGetRunResponse: run MlflowRun, apiError ApiError
        MlflowGetExperimentResponse: experiment MlflowExperiment, apiError ApiError
        MlflowListArtifactsResponse: rootUri S, files [MlflowFileInfo], nextPageToken S, apiError ApiError
        MlflowSearchRunsResponse: runs [MlflowRun], nextPageToken S, apiError ApiError
        MlflowSearchDatasetsResponse: datasetSummaries [MlflowDatasetSummary], apiError ApiError
        MlflowGetMetricHistoryBulkIntervalResponse: metrics [MlflowMetricWithRunId], apiError ApiError
        MlflowSearchModelVersionsResponse: modelVersions [MlflowModelVersion], nextPageToken S, apiError ApiError
        MlflowRun: info MlflowRunInfo, data MlflowRunData, inputs MlflowRunInputs, outputs MlflowRunOutputs, experiment MlflowExperiment, modelVersions [MlflowModelVersion]
        MlflowRunInfo: runId S, runUuid S, runName S, experimentId S, userId S, status S, startTime L, endTime L, artifactUri S, lifecycleStage S
        MlflowRunData: metrics [MlflowMetric], params [MlflowParam], tags [MlflowRunTag]
        MlflowMetric: key S, value F, timestamp L, step L, datasetName S, datasetDigest S, modelId S, runId S
        MlflowMetricWithRunId: key S, value F, timestamp L, step L, runId S
        MlflowParam: key S, value S
        MlflowRunTag: key S, value S
        MlflowExperiment: experimentId S, name S, artifactLocation S, lifecycleStage S, lastUpdateTime L, creationTime L, tags [MlflowExperimentTag]
        MlflowExperimentTag: key S, value S
        MlflowRunInputs: datasetInputs [MlflowDatasetInput], modelInputs [MlflowModelInput]
        MlflowRunOutputs: modelOutputs [MlflowModelOutput]
        MlflowDatasetInput: tags [MlflowInputTag], dataset MlflowDataset
        MlflowInputTag: key S, value S
        MlflowDataset: name S, digest S, sourceType S, source S, schema S, profile S
        MlflowModelInput: modelId S
        MlflowModelOutput: modelId S, step L
        MlflowFileInfo: path S, isDir B, fileSize L
        MlflowDatasetSummary: experimentId S, name S, digest S, context S
        MlflowModelVersion: name S, version S, creationTimestamp L, lastUpdatedTimestamp L, userId S, currentStage S, description S, source S, runId S, status S, statusMessage S, tags [MlflowModelVersionTag], runLink S, aliases [S]
        MlflowModelVersionTag: key S, value S
        """;

    private static readonly Lazy<Dictionary<string, Dictionary<string, string>>> All = new(Read);

    /// <summary>The kind of a field; null where the type has none of that name.</summary>
    public static string? Find(string type, string field) =>
        All.Value.TryGetValue(type, out var fields) ? fields.GetValueOrDefault(field) : null;

    public static bool IsObject(string kind) => All.Value.ContainsKey(kind);

    /// <summary>What a type is called in answers: two of MLflow's have been extended there.</summary>
    public static string NameOf(string kind) => kind is "MlflowRun" or "MlflowMetric" ? $"{kind}Extension" : kind;

    private static Dictionary<string, Dictionary<string, string>> Read()
    {
        var types = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        foreach (var line in Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            types[line[..colon]] = line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries)
                .Select(field => field.Split(' '))
                .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        }

        return types;
    }
}
