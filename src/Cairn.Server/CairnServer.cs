using System.Net;
using System.Reflection;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Mlflow;
using Cairn.Server.Api;
using Cairn.Server.Hosting;
using Cairn.Server.Web;
using Cairn.Storage;
using Cairn.Wandb;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cairn.Server;

/// <summary>A running server: the composition root of everything behind HTTP.</summary>
public sealed class CairnServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly CairnStore store;
    private readonly RunJournal journal;
    private readonly string beacon;
    private bool stopped;

    private CairnServer(WebApplication app, CairnStore store, RunJournal journal, Uri address, string beacon)
    {
        this.app = app;
        this.store = store;
        this.journal = journal;
        this.beacon = beacon;
        Address = address;
    }

    /// <summary>Version of Cairn, such as "0.1.0".</summary>
    public static string Version { get; } =
        typeof(CairnServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Where it listens, with the port it really has.</summary>
    public Uri Address { get; }

    /// <summary>Opens the data folder and listens. When this returns, requests are answered.</summary>
    /// <exception cref="CairnException">Options that cannot work, a data folder in use, or a port that is taken: the message says what to do.</exception>
    public static async Task<CairnServer> StartAsync(CairnServerOptions options, CancellationToken cancellationToken)
    {
        var endpoint = options.Validate();

        // The empty builder: the others read settings files from the folder they are started in, and watch all of it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        Configure(builder, options, endpoint);

        using var early = LoggerFactory.Create(logging => ConfigureLogging(logging, options));
        var store = await CairnStore.OpenAsync(options.DataFolder, early.CreateLogger<CairnStore>(), cancellationToken);
        try
        {
            var feed = new RunFeed();
            var clock = TimeProvider.System;
            var journal = new RunJournal(store.Runs, feed, clock, early.CreateLogger<RunJournal>());
            var catalog = new ArtifactCatalog(store.Artifacts, store.Blobs, store.Runs, feed, clock);
            builder.Services.AddSingleton(clock)
                .AddSingleton(options)
                .AddSingleton(feed)
                .AddSingleton(journal)
                .AddSingleton(store.Runs)
                .AddSingleton(store.Series)
                .AddSingleton(store.Artifacts)
                .AddSingleton(store.Files)
                .AddSingleton(store.Blobs)
                .AddSingleton(new ExperimentCatalog(store.Runs, journal, clock))
                .AddSingleton(catalog)
                .AddSingleton(store.Drafts)
                .AddSingleton(store.Collections)
                .AddSingleton(new ArtifactDrafts(store.Drafts, store.Blobs, store.Runs, feed, clock))
                .AddSingleton(new ArtifactCollections(store.Collections, store.Artifacts, catalog, store.Runs, feed, clock))
                .AddSingleton(store.Datasets)
                .AddSingleton(new LoggedModelCatalog(store.LoggedModels, store.Runs, clock))
                .AddSingleton(new Lineage(store.Artifacts))
                .AddSingleton(new FileTree(store.Files, store.Blobs, store.Runs, feed, clock));
            var app = builder.Build();
            Map(app, options, clock.GetUtcNow().ToUnixTimeMilliseconds());
            await ListenAsync(app, options, cancellationToken);
            return await AnnounceAsync(app, store, journal, cancellationToken);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the process is asked to end (Ctrl-C, SIGTERM) or the token is cancelled; the server still runs then.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellationToken)
    {
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = app.Lifetime.ApplicationStopping.Register(() => ending.TrySetResult());
        await using var cancelled = cancellationToken.Register(() => ending.TrySetResult());
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
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await journal.DisposeAsync();
        await store.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private static void Configure(WebApplicationBuilder builder, CairnServerOptions options, IPEndPoint endpoint)
    {
        ConfigureLogging(builder.Logging, options);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(endpoint);

            // Clients ask for a hundred runs by one query string; the limit of other servers (4 KB) fails them.
            kestrel.Limits.MaxRequestLineSize = 64 * 1024;
            kestrel.Limits.MaxRequestBufferSize = 1024 * 1024;
            kestrel.Limits.MaxRequestBodySize = JsonBodies.LargestBody;
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        if (options.Quiet)
        {
            builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        }
    }

    private static void ConfigureLogging(ILoggingBuilder logging, CairnServerOptions options) =>
        logging
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = "HH:mm:ss ";
            })
            .AddFilter("Microsoft", LogLevel.Warning)

            // A start that fails is told by the exception; the host would log it a second time, at length.
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .SetMinimumLevel(options.Quiet ? LogLevel.Warning : LogLevel.Information);

    private static void Map(WebApplication app, CairnServerOptions options, long startedAt)
    {
        app.Use(ErrorAnswers.HandleAsync);
        app.Use(new RequestGuard(options).CheckAsync);
        app.UseRouting();
        app.MapNativeApi(new ServerFacts(Version, startedAt, Path.GetFullPath(options.DataFolder), !string.IsNullOrEmpty(options.ApiKey)));
        app.MapMlflow();
        app.MapWandb();
        app.MapWebPages();
    }

    private static async Task ListenAsync(WebApplication app, CairnServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException fault)
        {
            await app.DisposeAsync();
            throw new CairnException(
                ErrorCode.Unavailable,
                $"Cairn cannot listen on {options.Listen}: {fault.Message} Choose another address with --listen.",
                inner: fault);
        }
    }

    /// <summary>Leaves the address in the data folder, where commands on this machine look for a running server.</summary>
    private static async Task<CairnServer> AnnounceAsync(WebApplication app, CairnStore store, RunJournal journal, CancellationToken cancellationToken)
    {
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var address = new Uri(bound.Replace("://[::]:", "://localhost:", StringComparison.Ordinal).Replace("://0.0.0.0:", "://localhost:", StringComparison.Ordinal));
        var beacon = Path.Combine(store.Path, "server.json");
        var text = $$"""{"url":{{JsonSerializer.Serialize(address.ToString().TrimEnd('/'), ServerJson.Default.String)}},"pid":{{Environment.ProcessId}}}""";
        await File.WriteAllTextAsync(beacon, text, cancellationToken);
        return new CairnServer(app, store, journal, address, beacon);
    }
}
