using System.Net;
using System.Reflection;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Archives;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.Housekeeping;
using Cairn.Core.LoggedModels;
using Cairn.Core.Models;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Cairn.Core.Sweeps;
using Cairn.Core.Traces;
using Cairn.Core.Uploads;
using Cairn.Core.Triggers;
using Cairn.Core.Webhooks;
using Cairn.Mlflow;
using Cairn.Server.Api;
using Cairn.Server.Hosting;
using Cairn.Server.Triggers;
using Cairn.Server.Web;
using Cairn.Server.Webhooks;
using Cairn.Storage;
using Cairn.Wandb;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Cairn.Server;

/// <summary>
/// A running server: the composition root of everything behind HTTP. Kestrel is set up by hand, without ASP.NET's host:
/// building the host's services by reflection took most of the time from start to first answer
/// (docs/decisions/0003-start.md).
/// </summary>
public sealed class CairnServer : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly KestrelServer kestrel;
    private readonly ServiceProvider services;
    private readonly CairnStore store;
    private readonly string beacon;
    private bool stopped;

    private CairnServer(KestrelServer kestrel, ServiceProvider services, CairnStore store, Uri address, string beacon)
    {
        this.kestrel = kestrel;
        this.services = services;
        this.store = store;
        this.beacon = beacon;
        Address = address;
    }

    /// <summary>Version of Cairn, such as "0.1.0".</summary>
    public static string Version { get; } =
        typeof(CairnServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Where it listens, with the port it really has.</summary>
    public Uri Address { get; }

    /// <summary>What it answers, with the method or null for any other.</summary>
    internal IReadOnlyList<(string? Method, string Pattern)> Routes => services.GetRequiredService<RouteList>().Routes;

    /// <summary>Opens the data folder and listens. When this returns, requests are answered.</summary>
    /// <exception cref="CairnException">Options that cannot work, a data folder in use, or a port that is taken: the message says what to do.</exception>
    public static async Task<CairnServer> StartAsync(CairnServerOptions options, CancellationToken cancellationToken)
    {
        var endpoint = options.Validate();
        var folders = ArtifactFolders.Open(options);

        var log = new ConsoleLog(options.Quiet ? LogLevel.Warning : LogLevel.Information, TimeProvider.System);
        var store = await CairnStore.OpenAsync(options.DataFolder, log.CreateLogger<CairnStore>(), cancellationToken);
        try
        {
            var clock = TimeProvider.System;
            var book = await AccountBook.OpenAsync(store.Accounts, clock, cancellationToken);
            options.RequireCredentials(endpoint, book.HasUsers);
            var guard = new AccessGuard(store.Permissions, store.Runs, store.Artifacts, folders.Shared, clock, options.DefaultPermission, book.Find);
            var ports = new GuardedPorts(store, guard);
            var feed = new RunFeed(guard);
            var journal = new RunJournal(ports.Runs, feed, clock, log.CreateLogger<RunJournal>(), ports.RunGuard);
            var catalog = new ArtifactCatalog(ports.Artifacts, ports.Blobs, ports.Runs, feed, clock);
            var drafts = new ArtifactDrafts(ports.Drafts, ports.Blobs, ports.Runs, feed, clock);
            var collections = new ArtifactCollections(ports.Collections, ports.Artifacts, catalog, ports.Runs, feed, clock);
            var uploads = new PartedUploads(ports.Parts, clock);
            var tree = new FileTree(ports.Files, ports.ContentsOfFiles, ports.Runs, feed, clock, folders.Shared, guard);
            var seal = new Seal(await SealKey.LoadAsync(store.Path, cancellationToken));
            var experiments = new ExperimentCatalog(ports.Runs, journal, clock, folders.Root, options.MlflowStrict);
            await experiments.PlaceDefaultAsync(cancellationToken);
            var hasher = new PasswordHasher();
            var authenticator = new Authenticator(book, hasher, new AttemptLimit(clock), clock);
            var hosts = new WebhookHosts(options.WebhookHosts);
            var triggers = new TriggerDesk(ports.Triggers, clock);
            var services = new ServiceCollection().AddSingleton(clock)
                .AddSingleton(seal)
                .AddSingleton(new LaunchTokens(seal, clock))
                .AddSingleton(ports.Webhooks)
                .AddSingleton(hosts)
                .AddSingleton(new WebhookBook(ports.Webhooks, hosts, clock))
                .AddSingleton(_ => new WebhookSender(hosts, clock))
                .AddSingleton<IWebhookTrial>(provider => provider.GetRequiredService<WebhookSender>())
                .AddSingleton(provider => new WebhookCourier(ports.Webhooks, provider.GetRequiredService<WebhookSender>, clock, log.CreateLogger<WebhookCourier>()))
                .AddSingleton<ILoggerFactory>(log)
                .AddSingleton<IHostApplicationLifetime>(new ServerLifetime())
                .AddSingleton(options)
                .AddSingleton(guard)
                .AddSingleton(new RouteList())
                .AddSingleton(new PermissionDesk(store.Permissions, guard, book.Find, book.Find))
                .AddSingleton(feed)
                .AddSingleton(journal)
                .AddSingleton(ports.Runs)
                .AddSingleton(ports.Series)
                .AddSingleton(ports.Artifacts)
                .AddSingleton(ports.Files)
                .AddSingleton(ports.Blobs)
                .AddSingleton(experiments)
                .AddSingleton(uploads)
                .AddSingleton(new Archive(ports.Archive, ports.Blobs))
                .AddSingleton(new UploadLinks(seal, clock))
                .AddSingleton(new GarbageCollector(ports.Runs, ports.Files, ports.Blobs, uploads, journal, clock, tree))
                .AddSingleton(catalog)
                .AddSingleton(ports.Drafts)
                .AddSingleton(ports.Collections)
                .AddSingleton(drafts)
                .AddSingleton(collections)
                .AddSingleton(new ArtifactUpkeep(drafts, collections, uploads, clock, log.CreateLogger<ArtifactUpkeep>()))
                .AddSingleton(ports.Datasets)
                .AddSingleton(ports.EvaluationSets)
                .AddSingleton(ports.Scorers)
                .AddSingleton(new TraceCatalog(ports.Traces, ports.Runs, clock))
                .AddSingleton(new LoggedModelCatalog(ports.LoggedModels, ports.Runs, clock))
                .AddSingleton(new PromotionDesk(ports.Artifacts, catalog, clock))
                .AddSingleton(ports.Triggers)
                .AddSingleton(triggers)
                .AddSingleton(new WorkerSight(clock))
                .AddSingleton(new TriggerClock(triggers, clock, log.CreateLogger<TriggerClock>()))
                .AddSingleton(ports.Views)
                .AddSingleton(book)
                .AddSingleton(authenticator)
                .AddSingleton(new AccountDesk(book, store.Accounts, hasher, authenticator, clock))
                .AddSingleton(ports.Sweeps)
                .AddSingleton(new SweepDirector(ports.Sweeps, ports.Runs, ports.Series, journal, clock))
                .AddSingleton(new SilenceWatch(ports.Runs, journal, clock, log.CreateLogger<SilenceWatch>()))
                .AddSingleton(new Lineage(ports.Artifacts))
                .AddSingleton(new ModelRegistry(ports.Artifacts, ports.Files, ports.Runs, feed, clock))
                .AddSingleton(tree);
            return await ListenAsync(options, endpoint, services.BuildServiceProvider(), store, log, cancellationToken);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the token is cancelled; the server still runs then.</summary>
    public static async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = cancellationToken.Register(() => ending.TrySetResult());
        await ending.Task;
    }

    /// <summary>Finishes the requests under way, writes what waits, and lets go of the data folder.</summary>
    public async Task StopAsync()
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        File.Delete(beacon);
        OperatorKey.Remove(store.Path);
        services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        using (var patience = new CancellationTokenSource(StopPatience))
        {
            await kestrel.StopAsync(patience.Token);
        }

        kestrel.Dispose();
        await services.GetRequiredService<ArtifactUpkeep>().DisposeAsync();
        await services.GetRequiredService<TriggerClock>().DisposeAsync();
        await services.GetRequiredService<WebhookCourier>().DisposeAsync();
        await services.GetRequiredService<SilenceWatch>().DisposeAsync();
        await services.GetRequiredService<RunJournal>().DisposeAsync();
        await services.GetRequiredService<AccountBook>().DisposeAsync();
        await services.DisposeAsync();
        await store.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static async Task<CairnServer> ListenAsync(
        CairnServerOptions options, IPEndPoint endpoint, ServiceProvider services, CairnStore store, ConsoleLog log, CancellationToken cancellationToken)
    {
        var kestrel = new KestrelServer(
            Options.Create(Limits(endpoint)), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), log), log);
        try
        {
            await kestrel.StartAsync(new RequestPipeline(services, Pipeline(services, options)), cancellationToken);
            services.GetRequiredService<WebhookCourier>().Start();
            services.GetRequiredService<TriggerClock>().Start();
            return await AnnounceAsync(kestrel, services, store, cancellationToken);
        }
        catch (Exception fault)
        {
            kestrel.Dispose();
            await services.GetRequiredService<ArtifactUpkeep>().DisposeAsync();
            await services.GetRequiredService<SilenceWatch>().DisposeAsync();
            await services.GetRequiredService<RunJournal>().DisposeAsync();
            await services.GetRequiredService<AccountBook>().DisposeAsync();
            throw fault is not IOException
                ? fault
                : new CairnException(
                    ErrorCode.Unavailable,
                    $"Cairn cannot listen on {options.Listen}: {fault.Message} Choose another address with --listen.",
                    inner: fault);
        }
    }

    private static KestrelServerOptions Limits(IPEndPoint endpoint)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);

        // Clients ask for a hundred runs by one query string; the limit of other servers (4 KB) fails them.
        options.Limits.MaxRequestLineSize = 64 * 1024;
        options.Limits.MaxRequestBufferSize = 1024 * 1024;
        options.Limits.MaxRequestBodySize = JsonBodies.LargestBody;
        return options;
    }

    private static RequestDelegate Pipeline(ServiceProvider services, CairnServerOptions options)
    {
        var book = services.GetRequiredService<AccountBook>();
        var startedAt = services.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        var routes = new RouteTable(services, RoutePolicies.Of, services.GetRequiredService<AccessGuard>());
        routes.MapNativeApi(new ServerFacts(Version, startedAt, Path.GetFullPath(options.DataFolder), () => !string.IsNullOrEmpty(options.ApiKey) || book.HasUsers));
        var mlflow = MlflowDoor.Map(services, routes.Map);
        routes.MapWandb();
        routes.MapWebPages();
        routes.Complete();
        services.GetRequiredService<RouteList>().Routes = routes.Routes;

        var guard = new RequestGuard(
            options,
            OperatorKey.Make(options.DataFolder),
            services.GetRequiredService<LaunchTokens>(),
            book,
            services.GetRequiredService<Authenticator>(),
            request => routes.PatternOf(request) == WebPages.Route);
        RequestDelegate guarded = http => guard.CheckAsync(http, allowed => mlflow.TakeAsync(allowed, routes.HandleAsync));
        var refusing = mlflow.Refusing(guarded);
        var proxies = TrustedProxies.Of(options.TrustedProxies);
        return http =>
        {
            // Clients join an address that ends in a slash with a path that starts with one.
            if (http.Request.Path.Value is ['/', '/', ..] path)
            {
                http.Request.Path = "/" + path.TrimStart('/');
            }

            proxies.LookBehind(http);
            return ErrorAnswers.HandleAsync(http, refusing);
        };
    }

    /// <summary>Leaves the address in the data folder, where commands on this machine look for a running server.</summary>
    private static async Task<CairnServer> AnnounceAsync(KestrelServer kestrel, ServiceProvider services, CairnStore store, CancellationToken cancellationToken)
    {
        var bound = kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var address = new Uri(bound.Replace("://[::]:", "://localhost:", StringComparison.Ordinal).Replace("://0.0.0.0:", "://localhost:", StringComparison.Ordinal));
        var beacon = Path.Combine(store.Path, "server.json");
        var text = $$"""{"url":{{JsonSerializer.Serialize(address.ToString().TrimEnd('/'), ServerJson.Default.String)}},"pid":{{Environment.ProcessId}}}""";
        await File.WriteAllTextAsync(beacon, text, cancellationToken);
        return new CairnServer(kestrel, services, store, address, beacon);
    }
}
