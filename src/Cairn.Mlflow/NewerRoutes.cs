using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Mlflow.Datasets;
using Cairn.Mlflow.LoggedModels;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow;

/// <summary>The addresses that MLflow's protocol got after plain tracking: datasets, logged models, traces and what grew around them.</summary>
internal static class NewerRoutes
{
    public static IEnumerable<MlflowRoute> Api(NewerCatalogs newer, RunJournal journal, IRunStore runs, FileTree files, ArtifactRoots roots)
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
        ];
    }

    public static IEnumerable<MlflowRoute> Root(NewerCatalogs newer, IRunStore runs) =>
    [
        // MLflow's own definition of this address lacks a slash, and its clients send what it says.
        new("POST", "/api/2.0mlflow/experiments/search-datasets", "searchDatasets", new SearchDatasets(newer.Datasets).HandleAsync),
    ];
}
