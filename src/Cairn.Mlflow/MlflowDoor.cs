using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Datasets;
using Cairn.Core.EvaluationSets;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.LoggedModels;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Core.Scorers;
using Cairn.Core.Series;
using Cairn.Core.Traces;
using Cairn.Core.Uploads;
using Cairn.Core.Webhooks;
using Cairn.Mlflow.Accounts;
using Cairn.Mlflow.Graph;
using Cairn.Mlflow.Registry;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cairn.Mlflow;

/// <summary>The door for MLflow's clients: its REST protocol over the house's runs, experiments and files.</summary>
public static class MlflowDoor
{
    private static readonly string[] Prefixes = ["/api/", "/ajax-api/"];
    private static readonly string[] Areas = ["2.0/mlflow", "3.0/mlflow", "2.0/mlflow-artifacts"];
    private static readonly string[] Beginnings = [.. Prefixes.SelectMany(prefix => Areas.Select(area => prefix + area))];

    /// <summary>
    /// Maps every address of MLflow's protocol. Needs <see cref="RunJournal"/>, <see cref="ExperimentCatalog"/>,
    /// <see cref="FileTree"/>, <see cref="LoggedModelCatalog"/>, <see cref="TraceCatalog"/>, <see cref="ModelRegistry"/>, <see cref="PermissionDesk"/> and
    /// the stores among the services, for the whole life of the server.
    /// </summary>
    /// <param name="services">What the endpoints work with.</param>
    /// <param name="map">Takes a route: method (null for any that has no route of its own), pattern, handler.</param>
    /// <returns>
    /// What every request goes through before the routes: it takes those of an address that other protocols have too, where
    /// they are meant for this one, and hands on the rest.
    /// </returns>
    public static Func<HttpContext, RequestDelegate, Task> Map(IServiceProvider services, Action<string?, string, RequestDelegate> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var table = new MlflowRoutes(
            services.GetRequiredService<RunJournal>(),
            services.GetRequiredService<ExperimentCatalog>(),
            services.GetRequiredService<FileTree>(),
            services.GetRequiredService<IRunStore>(),
            services.GetRequiredService<ISeriesStore>(),
            new NewerCatalogs(
                services.GetRequiredService<LoggedModelCatalog>(),
                services.GetRequiredService<IDatasetStore>(),
                services.GetRequiredService<TraceCatalog>(),
                services.GetRequiredService<IEvaluationSetStore>(),
                services.GetRequiredService<IScorerStore>()),
            new RegistryCatalogs(
                services.GetRequiredService<ModelRegistry>(),
                services.GetRequiredService<LoggedModelCatalog>(),
                services.GetRequiredService<IArtifactStore>(),
                services.GetRequiredService<IBlobStore>(),
                services.GetRequiredService<WebhookBook>(),
                services.GetRequiredService<IWebhookTrial>()),
            services.GetRequiredService<PartedUploads>(),
            services.GetRequiredService<UploadLinks>(),
            services.GetRequiredService<PermissionDesk>());
        var guard = new RefusalGuard(services.GetRequiredService<ILoggerFactory>().CreateLogger("Cairn.Mlflow"));
        var users = new UserEndpoints(services.GetRequiredService<AccountDesk>(), services.GetRequiredService<PermissionDesk>());
        foreach (var prefix in Prefixes)
        {
            Map(map, [.. table.Api, .. users.Api], prefix, guard);
            foreach (var area in Areas)
            {
                map(null, $"{prefix}{area}/{{**rest}}", guard.Around(UnknownRoute.AnswerAsync));
            }
        }

        Map(map, [.. table.Root, .. UserEndpoints.Root], "", guard);
        var calls = table.Api
            .Where(route => route.Handler is not null && route.Path.StartsWith("2.0/mlflow/", StringComparison.Ordinal))
            .DistinctBy(route => route.Name)
            .ToDictionary(route => route.Name, route => guard.Around(route.Handler!), StringComparer.Ordinal);
        return new SharedAddress(guard.Around(new GraphEndpoint(calls).HandleAsync)).HandleAsync;
    }

    /// <summary>Whether an address is one of this protocol's, so that what goes wrong before its route is found is said in its words too.</summary>
    public static bool Speaks(PathString path) =>
        path.Value is { } value && Array.Exists(Beginnings, beginning => value.StartsWith(beginning, StringComparison.OrdinalIgnoreCase));

    /// <summary>The same request, with refusals in MLflow's words.</summary>
    public static RequestDelegate Refusing(IServiceProvider services, RequestDelegate next) =>
        new RefusalGuard(services.GetRequiredService<ILoggerFactory>().CreateLogger("Cairn.Mlflow")).Around(next);

    private static void Map(Action<string?, string, RequestDelegate> map, IReadOnlyList<MlflowRoute> table, string prefix, RefusalGuard guard)
    {
        foreach (var path in table.GroupBy(route => route.Path, StringComparer.Ordinal))
        {
            foreach (var route in path)
            {
                map(route.Method, prefix + path.Key, guard.Around(route.Handler ?? UnknownRoute.NotImplemented(route.Name)));
            }

            var allowed = string.Join(", ", path.Select(route => route.Method));
            map(null, prefix + path.Key, guard.Around(UnknownRoute.WrongMethod(allowed)));
        }
    }
}
