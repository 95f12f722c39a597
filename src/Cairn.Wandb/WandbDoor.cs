using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Cairn.Core.Series;
using Cairn.Core.Sweeps;
using Cairn.Core.Uploads;
using Cairn.Wandb.Artifacts;
using Cairn.Wandb.Files;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Streams;
using Cairn.Wandb.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cairn.Wandb;

/// <summary>The door for W&amp;B's clients: their GraphQL, their file stream and their file transfers over the house's runs and artifacts.</summary>
public static class WandbDoor
{
    /// <summary>Addresses under this carry their own authority: they are to be let through without a key.</summary>
    public const string SignedPrefix = SignedLinks.Prefix;

    /// <summary>Files of runs: what a page may do here is told without a key, as pages send none with that question.</summary>
    public const string FilesPrefix = "/files/";

    /// <summary>Where clients send people for their key. It holds none, and leads to the page that makes one.</summary>
    public const string KeyPage = "/authorize";

    /// <summary>Maps every address of W&amp;B's protocol. Needs the house's services for the whole life of the server.</summary>
    public static IEndpointRouteBuilder MapWandb(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var provider = routes.ServiceProvider;
        var clock = provider.GetRequiredService<TimeProvider>();
        var links = new SignedLinks(provider.GetRequiredService<Seal>(), clock);
        var services = new WandbServices(
            provider.GetRequiredService<RunJournal>(),
            provider.GetRequiredService<ExperimentCatalog>(),
            provider.GetRequiredService<IRunStore>(),
            provider.GetRequiredService<ISeriesStore>(),
            provider.GetRequiredService<FileTree>(),
            provider.GetRequiredService<IBlobStore>(),
            provider.GetRequiredService<ArtifactCatalog>(),
            provider.GetRequiredService<IArtifactStore>(),
            clock,
            provider.GetRequiredService<ArtifactDrafts>(),
            provider.GetRequiredService<IDraftStore>(),
            provider.GetRequiredService<ArtifactCollections>(),
            provider.GetRequiredService<ICollectionStore>(),
            links,
            provider.GetRequiredService<PartedUploads>(),
            provider.GetRequiredService<UploadLinks>());
        var desks = new RunDesks();
        var sweeps = provider.GetRequiredService<ISweepStore>();
        var director = provider.GetRequiredService<SweepDirector>();
        var logger = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Cairn.Wandb");
        var guard = new DoorGuard(logger);

        // The schema is put together when the first client asks: a server that none asks starts the faster.
        var graph = new Lazy<GraphQlEndpoint>(() => new GraphQlEndpoint(services, SchemaBuilder.Build(WandbSlices.All(links, desks, sweeps, director)), logger));
        routes.MapPost("/graphql", http => graph.Value.HandleAsync(http));

        new PageLinks(services.Runs).Map(routes);
        var files = new FileEndpoints(services, links);
        routes.MapPost("/files/{entity}/{project}/{run}/file_stream", guard.Around(new FileStreamEndpoint(services, desks).HandleAsync));
        routes.MapGet("/files/{entity}/{project}/{run}/{**path}", guard.Around(files.GetAsync));
        routes.MapPut(SignedLinks.Prefix + "put/{until}/{mark}/run/{id}/{**path}", guard.Around(files.PutAsync));
        routes.MapGet(SignedLinks.Prefix + "get/{until}/{mark}/run/{id}/{**path}", guard.Around(files.GetSignedAsync));

        var artifacts = new ArtifactEndpoints(services);
        routes.MapPut(ArtifactEndpoints.Upload, guard.Around(artifacts.PutAsync));
        routes.MapPut(ArtifactEndpoints.UploadManifest, guard.Around(artifacts.PutManifestAsync));
        routes.MapGet(ArtifactEndpoints.Download, guard.Around(artifacts.GetAsync));
        routes.MapGet(ArtifactEndpoints.DownloadManifest, guard.Around(artifacts.GetManifestAsync));
        routes.MapGet("/artifactsV2/{**rest}", guard.Around(artifacts.GetByMd5Async));
        routes.MapGet($"/artifacts/{Accounts.Entities.Default}/{{rest}}", guard.Around(artifacts.GetByMd5Async));

        routes.MapMethods(SignedLinks.Prefix + "{**rest}", ["OPTIONS"], ArtifactEndpoints.AllowPages);
        routes.MapMethods(FilesPrefix + "{**rest}", ["OPTIONS"], ArtifactEndpoints.AllowPages);

        // Or the pages would answer, with 200 and themselves, which clients would keep as the file.
        routes.MapGet(SignedLinks.Prefix + "{**rest}", guard.Around(_ => throw CairnException.NotFound("There is no such address. Ask for a new one.")));
        return routes;
    }
}
