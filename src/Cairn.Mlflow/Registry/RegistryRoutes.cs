using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Core.LoggedModels;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Core.Webhooks;
using Cairn.Mlflow.Artifacts;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.Registry;

/// <summary>Which address of the model registry is answered by what.</summary>
internal sealed class RegistryRoutes
{
    public RegistryRoutes(
        RegistryCatalogs catalogs,
        IRunStore runs,
        FileTree files,
        ArtifactRoots roots,
        ProxyPaths paths)
    {
        var registry = catalogs.Models;
        var logged = new LoggedModelPlaces(catalogs.LoggedModels, runs, roots);
        var resolver = new SourceResolver(registry, logged, runs, paths);
        var models = new ModelEndpoints(registry);
        var versions = new ModelVersionEndpoints(registry, new SourceRules(logged, runs, roots), resolver, logged);
        var aliases = new AliasEndpoints(registry);
        var search = new SearchRegistry(registry);
        var webhooks = new WebhookEndpoints(catalogs.Webhooks, catalogs.Trial);
        Files = new VersionFiles(registry, catalogs.Artifacts, catalogs.Blobs, files, resolver);
        Api =
        [
            new("POST", "2.0/mlflow/registered-models/create", "createRegisteredModel", models.CreateAsync),
            new("POST", "2.0/mlflow/registered-models/rename", "renameRegisteredModel", models.RenameAsync),
            new("PATCH", "2.0/mlflow/registered-models/update", "updateRegisteredModel", models.UpdateAsync),
            new("DELETE", "2.0/mlflow/registered-models/delete", "deleteRegisteredModel", models.DeleteAsync),
            new("GET", "2.0/mlflow/registered-models/get", "getRegisteredModel", models.GetAsync),
            new("GET", "2.0/mlflow/registered-models/search", "searchRegisteredModels", search.ModelsAsync),
            new("GET", "2.0/mlflow/registered-models/get-latest-versions", "getLatestVersions", models.LatestVersionsAsync),
            new("POST", "2.0/mlflow/registered-models/get-latest-versions", "getLatestVersions", models.LatestVersionsAsync),
            new("POST", "2.0/mlflow/registered-models/set-tag", "setRegisteredModelTag", models.SetTagAsync),
            new("DELETE", "2.0/mlflow/registered-models/delete-tag", "deleteRegisteredModelTag", models.DeleteTagAsync),
            new("POST", "2.0/mlflow/registered-models/alias", "setRegisteredModelAlias", aliases.SetAsync),
            new("DELETE", "2.0/mlflow/registered-models/alias", "deleteRegisteredModelAlias", aliases.DeleteAsync),
            new("GET", "2.0/mlflow/registered-models/alias", "getModelVersionByAlias", aliases.GetAsync),

            new("POST", "2.0/mlflow/model-versions/create", "createModelVersion", versions.CreateAsync),
            new("PATCH", "2.0/mlflow/model-versions/update", "updateModelVersion", versions.UpdateAsync),
            new("POST", "2.0/mlflow/model-versions/transition-stage", "transitionModelVersionStage", versions.TransitionAsync),
            new("DELETE", "2.0/mlflow/model-versions/delete", "deleteModelVersion", versions.DeleteAsync),
            new("GET", "2.0/mlflow/model-versions/get", "getModelVersion", versions.GetAsync),
            new("GET", "2.0/mlflow/model-versions/search", "searchModelVersions", search.VersionsAsync),
            new("GET", "2.0/mlflow/model-versions/get-download-uri", "getModelVersionDownloadUri", versions.DownloadUriAsync),
            new("POST", "2.0/mlflow/model-versions/set-tag", "setModelVersionTag", versions.SetTagAsync),
            new("DELETE", "2.0/mlflow/model-versions/delete-tag", "deleteModelVersionTag", versions.DeleteTagAsync),

            new("POST", "2.0/mlflow/webhooks", "createWebhook", webhooks.CreateAsync),
            new("GET", "2.0/mlflow/webhooks", "listWebhooks", webhooks.ListAsync),
            new("GET", "2.0/mlflow/webhooks/{webhook_id}", "getWebhook", webhooks.GetAsync),
            new("PATCH", "2.0/mlflow/webhooks/{webhook_id}", "updateWebhook", webhooks.UpdateAsync),
            new("DELETE", "2.0/mlflow/webhooks/{webhook_id}", "deleteWebhook", webhooks.DeleteAsync),
            new("POST", "2.0/mlflow/webhooks/{webhook_id}/test", "testWebhook", webhooks.TestAsync),
        ];
        Root = [new("GET", "/model-versions/get-artifact", "getModelVersionArtifact", Files.GetArtifactAsync)];
    }

    public VersionFiles Files { get; }

    public IReadOnlyList<MlflowRoute> Api { get; }

    public IReadOnlyList<MlflowRoute> Root { get; }
}

/// <summary>What the registry's endpoints work with.</summary>
internal sealed record RegistryCatalogs(
    ModelRegistry Models,
    LoggedModelCatalog LoggedModels,
    IArtifactStore Artifacts,
    IBlobStore Blobs,
    WebhookBook Webhooks,
    IWebhookTrial Trial);
