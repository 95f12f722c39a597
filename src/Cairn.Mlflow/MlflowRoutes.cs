using Cairn.Core.Access;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Core.Uploads;
using Cairn.Mlflow.Access;
using Cairn.Mlflow.Artifacts;
using Cairn.Mlflow.Experiments;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Metrics;
using Cairn.Mlflow.Registry;
using Cairn.Mlflow.Runs;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow;

/// <summary>Which address of MLflow's protocol is answered by what.</summary>
internal sealed class MlflowRoutes
{
    /// <summary>
    /// The MLflow whose protocol this is. Clients ask before they use what is newer: from 3.4 on they send spans to
    /// <c>/v1/traces</c>.
    /// </summary>
    private const string ProtocolVersion = "3.6.0";

    public MlflowRoutes(
        RunJournal journal,
        ExperimentCatalog catalog,
        FileTree files,
        IRunStore store,
        ISeriesStore series,
        NewerCatalogs newer,
        RegistryCatalogs models,
        PartedUploads uploads,
        UploadLinks uploadLinks,
        PermissionDesk permissions)
    {
        var keys = new KeyCache();
        var roots = new ArtifactRoots(store);
        var experiments = new ExperimentEndpoints(catalog, store);
        var experimentTags = new ExperimentTagEndpoints(catalog);
        var runs = new RunEndpoints(journal, store, roots);
        var tags = new TagEndpoints(journal, store);
        var artifacts = new RunArtifacts(store, files, roots);
        var paths = new ProxyPaths(store, files, roots);
        var registry = new RegistryRoutes(models, store, files, roots, paths);
        var proxy = new ArtifactProxy(files, paths, registry.Files);
        var parts = new MultipartUploads(files, paths, uploads, uploadLinks);

        Api =
        [
            new("POST", "2.0/mlflow/experiments/create", "createExperiment", experiments.CreateAsync),
            new("GET", "2.0/mlflow/experiments/get", "getExperiment", experiments.GetAsync),
            new("GET", "2.0/mlflow/experiments/get-by-name", "getExperimentByName", experiments.GetByNameAsync),
            new("POST", "2.0/mlflow/experiments/update", "updateExperiment", experiments.UpdateAsync),
            new("POST", "2.0/mlflow/experiments/delete", "deleteExperiment", experiments.DeleteAsync),
            new("POST", "2.0/mlflow/experiments/restore", "restoreExperiment", experiments.RestoreAsync),
            new("POST", "2.0/mlflow/experiments/set-experiment-tag", "setExperimentTag", experimentTags.SetAsync),
            new("POST", "2.0/mlflow/experiments/delete-experiment-tag", "deleteExperimentTag", experimentTags.DeleteAsync),
            new("GET", "2.0/mlflow/experiments/search", "searchExperiments", new SearchExperiments(store).HandleAsync),
            new("POST", "2.0/mlflow/experiments/search", "searchExperiments", new SearchExperiments(store).HandleAsync),

            new("POST", "2.0/mlflow/runs/create", "createRun", runs.CreateAsync),
            new("GET", "2.0/mlflow/runs/get", "getRun", runs.GetAsync),
            new("POST", "2.0/mlflow/runs/update", "updateRun", runs.UpdateAsync),
            new("POST", "2.0/mlflow/runs/delete", "deleteRun", runs.DeleteAsync),
            new("POST", "2.0/mlflow/runs/restore", "restoreRun", runs.RestoreAsync),
            new("POST", "2.0/mlflow/runs/search", "searchRuns", new SearchRuns(store, roots).HandleAsync),
            new("POST", "2.0/mlflow/runs/set-tag", "setTag", tags.SetAsync),
            new("POST", "2.0/mlflow/runs/delete-tag", "deleteTag", tags.DeleteAsync),
            new("POST", "2.0/mlflow/runs/log-parameter", "logParam", new LogParameter(journal).HandleAsync),
            new("POST", "2.0/mlflow/runs/log-metric", "logMetric", new LogMetric(journal, newer.LoggedModels, keys).HandleAsync),
            new("POST", "2.0/mlflow/runs/log-batch", "logBatch", new LogBatch(journal, store, newer.LoggedModels, keys).HandleAsync),

            new("GET", "2.0/mlflow/metrics/get-history", "getMetricHistory", new MetricHistory(series).HandleAsync),
            new("GET", "2.0/mlflow/metrics/get-history-bulk", "getMetricHistoryBulk", new BulkHistory(series).HandleAsync),
            new("GET", "2.0/mlflow/metrics/get-history-bulk-interval", "getMetricHistoryBulkInterval", new BulkInterval(series).HandleAsync),

            new("GET", "2.0/mlflow/artifacts/list", "listArtifacts", artifacts.ListAsync),
            new("POST", "2.0/mlflow/upload-artifact", "uploadRunArtifact", artifacts.PostAsync),
            new("GET", "2.0/mlflow-artifacts/artifacts", "listArtifacts", proxy.ListAsync),
            new("GET", "2.0/mlflow-artifacts/artifacts/{**path}", "downloadArtifact", proxy.GetAsync),
            new("PUT", "2.0/mlflow-artifacts/artifacts/{**path}", "uploadArtifact", proxy.PutAsync),
            new("DELETE", "2.0/mlflow-artifacts/artifacts/{**path}", "deleteArtifact", proxy.DeleteAsync),
            new("POST", "2.0/mlflow-artifacts/mpu/create/{**path}", "createMultipartUpload", parts.CreateAsync),
            new("POST", "2.0/mlflow-artifacts/mpu/complete/{**path}", "completeMultipartUpload", parts.CompleteAsync),
            new("POST", "2.0/mlflow-artifacts/mpu/abort/{**path}", "abortMultipartUpload", parts.AbortAsync),
            new("POST", "2.0/mlflow/runs/create-promptlab-run", "createPromptlabRun", new PromptlabRuns(journal, store, files, roots, TimeProvider.System).CreateAsync),
            new("GET", "2.0/mlflow/gateway-proxy", "gatewayProxy", Gateway.AnswerAsync),
            new("POST", "2.0/mlflow/gateway-proxy", "gatewayProxy", Gateway.AnswerAsync),
            new("GET", "3.0/mlflow/server-info", "serverInfo", ServerInfo.AnswerAsync),
            .. NewerRoutes.Api(newer, journal, catalog, store, files, roots),
            .. registry.Api,
            .. PermissionEndpoints.Routes(permissions),
            .. LeftOut.Api,
        ];
        Root =
        [
            new("GET", "/version", "version", context => context.Response.WriteAsync(ProtocolVersion, context.RequestAborted)),
            new("GET", "/get-artifact", "getArtifact", artifacts.GetAsync),
            .. NewerRoutes.Root(newer, roots),
            .. registry.Root,
        ];
    }

    /// <summary>Under <c>/api/…</c> for clients and <c>/ajax-api/…</c> for web pages.</summary>
    public IReadOnlyList<MlflowRoute> Api { get; }

    /// <summary>At the root.</summary>
    public IReadOnlyList<MlflowRoute> Root { get; }
}
