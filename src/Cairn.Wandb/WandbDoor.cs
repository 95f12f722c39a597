using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cairn.Wandb;

/// <summary>The door for W&amp;B's clients: their GraphQL, their file stream and their file transfers over the house's runs and artifacts.</summary>
public static class WandbDoor
{
    /// <summary>Maps every address of W&amp;B's protocol. Needs the house's services for the whole life of the server.</summary>
    public static IEndpointRouteBuilder MapWandb(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var provider = routes.ServiceProvider;
        var services = new WandbServices(
            provider.GetRequiredService<RunJournal>(),
            provider.GetRequiredService<ExperimentCatalog>(),
            provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<ISeriesStore>(),
            provider.GetRequiredService<FileTree>(),
            provider.GetRequiredService<IBlobStore>(),
            provider.GetRequiredService<ArtifactCatalog>(),
            provider.GetRequiredService<IArtifactStore>(),
            provider.GetRequiredService<TimeProvider>());
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Cairn.Wandb");

        // The schema is put together when the first client asks: a server that none asks starts the faster.
        var endpoint = new Lazy<GraphQlEndpoint>(() => new GraphQlEndpoint(services, SchemaBuilder.Build(WandbSlices.All()), logger));
        routes.MapPost("/graphql", http => endpoint.Value.HandleAsync(http));
        return routes;
    }
}
