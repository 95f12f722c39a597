using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Traces;
using Cairn.Mlflow.Datasets;
using Cairn.Mlflow.EvaluationSets;
using Cairn.Mlflow.LoggedModels;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Scorers;
using Cairn.Mlflow.Traces;

namespace Cairn.Mlflow;

/// <summary>The addresses that MLflow's protocol got after plain tracking: datasets, logged models, traces and what grew around them.</summary>
internal static class NewerRoutes
{
    public static IEnumerable<MlflowRoute> Api(NewerCatalogs newer, RunJournal journal, ExperimentCatalog experiments, IRunStore runs, FileTree files, ArtifactRoots roots)
    {
        var links = new LinkEndpoints(journal, newer.LoggedModels);
        var models = new LoggedModelEndpoints(newer.LoggedModels, runs, roots);
        var modelFiles = new LoggedModelFiles(models, files);
        return
        [
            new("POST", "2.0/mlflow/runs/log-inputs", "logInputs", links.LogInputsAsync),
            new("POST", "2.0/mlflow/runs/outputs", "logOutputs", links.LogOutputsAsync),
            new("POST", "2.0/mlflow/runs/log-model", "logModel", new LogModel(journal, runs).HandleAsync),
            new("POST", "2.0/mlflow/experiments/search-datasets", "searchDatasets", new SearchDatasets(newer.Datasets).HandleAsync),

            new("POST", "2.0/mlflow/logged-models", "createLoggedModel", models.CreateAsync),
            new("POST", "2.0/mlflow/logged-models/search", "searchLoggedModels", new SearchLoggedModels(newer.LoggedModels, runs, roots).HandleAsync),
            new("GET", "2.0/mlflow/logged-models/{model_id}", "getLoggedModel", models.GetAsync),
            new("PATCH", "2.0/mlflow/logged-models/{model_id}", "finalizeLoggedModel", models.FinalizeAsync),
            new("DELETE", "2.0/mlflow/logged-models/{model_id}", "deleteLoggedModel", models.DeleteAsync),
            new("POST", "2.0/mlflow/logged-models/{model_id}/params", "LogLoggedModelParams", models.LogParamsAsync),
            new("PATCH", "2.0/mlflow/logged-models/{model_id}/tags", "setLoggedModelTags", models.SetTagsAsync),
            new("DELETE", "2.0/mlflow/logged-models/{model_id}/tags/{tag_key}", "deleteLoggedModelTag", models.DeleteTagAsync),
            new("GET", "2.0/mlflow/logged-models/{model_id}/artifacts/directories", "listLoggedModelArtifacts", modelFiles.ListAsync),
            new("GET", "2.0/mlflow/logged-models/{model_id}/artifacts/files", "getLoggedModelArtifact", modelFiles.GetAsync),
            .. Traces(newer.Traces, files, roots),
            .. Evaluation(newer, experiments),
        ];
    }

    private static IEnumerable<MlflowRoute> Evaluation(NewerCatalogs newer, ExperimentCatalog experiments)
    {
        var sets = new EvaluationSetEndpoints(newer.EvaluationSets, TimeProvider.System);
        var records = new RecordEndpoints(newer.EvaluationSets, TimeProvider.System);
        var scorers = new ScorerEndpoints(newer.Scorers, experiments, TimeProvider.System);
        return
        [
            new("POST", "3.0/mlflow/datasets/create", "createDataset", sets.CreateAsync),
            new("GET", "3.0/mlflow/datasets/search", "searchEvaluationDatasets", sets.SearchAsync),
            new("POST", "3.0/mlflow/datasets/search", "searchEvaluationDatasets", sets.SearchAsync),
            new("GET", "3.0/mlflow/datasets/{dataset_id}", "getDataset", sets.GetAsync),
            new("DELETE", "3.0/mlflow/datasets/{dataset_id}", "deleteDataset", sets.DeleteAsync),
            new("GET", "3.0/mlflow/datasets/{dataset_id}/experiment-ids", "getDatasetExperimentIds", sets.ListExperimentsAsync),
            new("GET", "3.0/mlflow/datasets/{dataset_id}/records", "getDatasetRecords", records.ListAsync),
            new("POST", "3.0/mlflow/datasets/{dataset_id}/records", "upsertDatasetRecords", records.UpsertAsync),
            new("PATCH", "3.0/mlflow/datasets/{dataset_id}/tags", "setDatasetTags", sets.SetTagsAsync),
            new("DELETE", "3.0/mlflow/datasets/{dataset_id}/tags/{key}", "deleteDatasetTag", sets.DeleteTagAsync),
            new("POST", "3.0/mlflow/datasets/{dataset_id}/add-experiments", "addDatasetToExperiments", sets.AddExperimentsAsync),
            new("POST", "3.0/mlflow/datasets/{dataset_id}/remove-experiments", "removeDatasetFromExperiments", sets.RemoveExperimentsAsync),

            new("POST", "3.0/mlflow/scorers/register", "registerScorer", scorers.RegisterAsync),
            new("GET", "3.0/mlflow/scorers/list", "listScorers", scorers.ListAsync),
            new("GET", "3.0/mlflow/scorers/versions", "listScorerVersions", scorers.ListVersionsAsync),
            new("GET", "3.0/mlflow/scorers/get", "getScorer", scorers.GetAsync),
            new("DELETE", "3.0/mlflow/scorers/delete", "deleteScorer", scorers.DeleteAsync),
        ];
    }

    private static IEnumerable<MlflowRoute> Traces(TraceCatalog catalog, FileTree files, ArtifactRoots roots)
    {
        var old = new OldTraceEndpoints(catalog, roots);
        var traces = new TraceEndpoints(catalog, roots, new TraceFiles(files, roots));
        var search = new SearchTraces(catalog);
        var spans = new TraceSpans(catalog, files);
        var assessments = new AssessmentEndpoints(catalog);
        return
        [
            new("POST", "2.0/mlflow/traces", "startTrace", old.StartAsync),
            new("GET", "2.0/mlflow/traces", "searchTraces", search.HandleOldAsync),
            new("PATCH", "2.0/mlflow/traces/{trace_id}", "endTrace", old.EndAsync),
            new("GET", "2.0/mlflow/traces/{trace_id}", "getTraceInfoV3", traces.GetAsync),
            new("GET", "2.0/mlflow/traces/{trace_id}/info", "getTraceInfo", old.GetAsync),
            new("PATCH", "2.0/mlflow/traces/{trace_id}/tags", "setTraceTag", traces.SetTagAsync),
            new("DELETE", "2.0/mlflow/traces/{trace_id}/tags", "deleteTraceTag", traces.DeleteTagAsync),
            new("POST", "2.0/mlflow/traces/delete-traces", "deleteTraces", traces.DeleteAsync),
            new("POST", "2.0/mlflow/traces/link-to-run", "linkTracesToRun", traces.LinkAsync),
            new("POST", "2.0/mlflow/traces/{trace_id}/assessments", "createAssessment", assessments.CreateAsync),
            new("PATCH", "2.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "updateAssessment", assessments.UpdateAsync),
            new("DELETE", "2.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "deleteAssessment", assessments.DeleteAsync),
            new("GET", "2.0/mlflow/unified-traces", "searchUnifiedTraces", search.HandleOfModelAsync),
            new("GET", "2.0/mlflow/get-online-trace-details", "getOnlineTraceDetails", spans.GetDetailsAsync),
            new("GET", "2.0/mlflow/get-trace-artifact", "getTraceArtifact", spans.GetArtifactAsync),

            new("POST", "3.0/mlflow/traces", "startTraceV3", traces.StartAsync),
            new("POST", "3.0/mlflow/traces/search", "searchTracesV3", search.HandleAsync),
            new("GET", "3.0/mlflow/traces/batchGet", "batchGetTraces", spans.BatchGetAsync),
            new("POST", "3.0/mlflow/traces/delete-traces", "deleteTracesV3", traces.DeleteAsync),
            new("POST", "3.0/mlflow/traces/calculate-filter-correlation", "calculateTraceFilterCorrelation", search.CorrelateAsync),
            new("GET", "3.0/mlflow/traces/{trace_id}", "getTraceInfoV3", traces.GetAsync),
            new("PATCH", "3.0/mlflow/traces/{trace_id}/tags", "setTraceTagV3", traces.SetTagAsync),
            new("DELETE", "3.0/mlflow/traces/{trace_id}/tags", "deleteTraceTagV3", traces.DeleteTagAsync),
            new("POST", "3.0/mlflow/traces/{trace_id}/assessments", "createAssessment", assessments.CreateAsync),
            new("GET", "3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "getAssessment", assessments.GetAsync),
            new("PATCH", "3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "updateAssessment", assessments.UpdateAsync),
            new("DELETE", "3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", "deleteAssessment", assessments.DeleteAsync),
        ];
    }

    public static IEnumerable<MlflowRoute> Root(NewerCatalogs newer, ArtifactRoots roots) =>
    [
        new("POST", "/v1/traces", "exportTraces", new ExportTraces(newer.Traces, roots).HandleAsync),

        // MLflow's own definition of this address lacks a slash, and its clients send what it says.
        new("POST", "/api/2.0mlflow/experiments/search-datasets", "searchDatasets", new SearchDatasets(newer.Datasets).HandleAsync),
    ];
}
