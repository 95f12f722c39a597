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
public sealed class MlflowDoor
{
    private static readonly string[] Prefixes = ["/api/", "/ajax-api/"];
    private static readonly string[] Areas = ["2.0/mlflow", "3.0/mlflow", "2.0/mlflow-artifacts"];
    private static readonly string[] Beginnings = [.. Prefixes.SelectMany(prefix => new[] { prefix + "2.0/mlflow", prefix + "3.0/" })];

    private readonly RefusalGuard guard;
    private readonly HashSet<string> roots;
    private readonly SharedAddress shared;

    private MlflowDoor(RefusalGuard guard, IEnumerable<MlflowRoute> roots, IEnumerable<MlflowRoute> calls)
    {
        this.guard = guard;
        this.roots = roots.Select(route => route.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);

        // What a document asks for is answered call by call, so each is refused by itself.
        var handlers = calls.ToDictionary(route => route.Name, route => guard.Around(route.Handler!), StringComparer.Ordinal);
        shared = new SharedAddress(guard.Around(new GraphEndpoint(handlers).HandleAsync));
    }

    /// <summary>
    /// Maps every address of MLflow's protocol. Needs <see cref="RunJournal"/>, <see cref="ExperimentCatalog"/>,
    /// <see cref="FileTree"/>, <see cref="LoggedModelCatalog"/>, <see cref="TraceCatalog"/>, <see cref="ModelRegistry"/>, <see cref="PermissionDesk"/> and
    /// the stores among the services, for the whole life of the server.
    /// </summary>
    /// <param name="services">What the endpoints work with.</param>
    /// <param name="map">Takes a route: method (null for any that has no route of its own), pattern, handler.</param>
    public static MlflowDoor Map(IServiceProvider services, Action<string?, string, RequestDelegate> map)
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
            Map(map, [.. table.Api, .. users.Api], prefix);
            foreach (var area in Areas)
            {
                map(null, $"{prefix}{area}/{{**rest}}", UnknownRoute.AnswerAsync);
            }
        }

        MlflowRoute[] roots = [.. table.Root, .. UserEndpoints.Root];
        Map(map, roots, "");
        var calls = table.Api
            .Where(route => route.Handler is not null && route.Path.StartsWith("2.0/mlflow/", StringComparison.Ordinal))
            .DistinctBy(route => route.Name);
        return new MlflowDoor(guard, roots, calls);
    }

    /// <summary>
    /// What every request goes through before the routes: it takes those of an address that other protocols have too, where
    /// they are meant for this one, and hands on the rest.
    /// </summary>
    public Task TakeAsync(HttpContext context, RequestDelegate next) => shared.HandleAsync(context, next);

    /// <summary>
    /// The same requests; those to this protocol's addresses are refused in its words, also where they are before a route
    /// is found. The routes themselves throw what they refuse.
    /// </summary>
    public RequestDelegate Refusing(RequestDelegate next)
    {
        var refusing = guard.Around(next);
        return context => (Speaks(context.Request.Path) ? refusing : next)(context);
    }

    private bool Speaks(PathString path) =>
        path.Value is { } value && (roots.Contains(value) || Array.Exists(Beginnings, beginning => value.StartsWith(beginning, StringComparison.OrdinalIgnoreCase)));

    private static void Map(Action<string?, string, RequestDelegate> map, IReadOnlyList<MlflowRoute> table, string prefix)
    {
        foreach (var path in table.GroupBy(route => route.Path, StringComparer.Ordinal))
        {
            foreach (var route in path)
            {
                map(route.Method, prefix + path.Key, route.Handler ?? UnknownRoute.NotImplemented(route.Name));
            }

            var allowed = string.Join(", ", path.Select(route => route.Method));
            map(null, prefix + path.Key, UnknownRoute.WrongMethod(allowed));
        }
    }
}
