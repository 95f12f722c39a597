using Cairn.Client.Tests.Fakes;
using Cairn.Client.Wire;
using Cairn.Server;
using Cairn.Tests;

namespace Cairn.Client.Tests;

/// <summary>The client against the server it is for, over a real socket and a real data folder.</summary>
public sealed class RealServerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly RunEnvironment NoLauncher = new(null, null, null);

    private readonly TestFolder _folder = new();
    private CairnServer _server = null!;
    private CairnClient _client = null!;

    [Fact]
    public async Task What_a_run_logs_can_be_read_back()
    {
        var run = await StartAsync(new RunOptions
        {
            Experiment = "seattle", Name = "first", JobType = "train", Author = "ann",
            Tags = new Dictionary<string, string> { ["team"] = "x" },
            Params = new Dictionary<string, object?> { ["model"] = new Dictionary<string, object?> { ["depth"] = 3, ["lr"] = 0.1 } },
        });
        run.LogMetric("loss", 0.5);
        run.LogMetric("loss", 0.25);
        run.LogMetrics(new Dictionary<string, double> { ["acc"] = 0.9, ["nan"] = double.NaN }, 10);
        run.LogParam("names", new[] { "a", "b" });
        run.SetTag("team", "y");
        run.SetSummary("best", 0.25);
        run.Log("hello\nworld");
        run.Log("oops", "stderr");
        await run.LogImageAsync("plots/importance", Png(1), "what counts", 2);
        await run.LogTextAsync("# report", "docs/report.md");
        await run.DisposeAsync();

        var detail = await _client.GetRunAsync(run.Id);
        Assert.Equal(("seattle", "first", "finished", "ann", "train"), (detail.Run.ExperimentName, detail.Run.Name, detail.Run.Status, detail.Run.Author, detail.Run.JobType));
        Assert.NotNull(detail.Run.EndedAt);
        Assert.Equal([("acc", 0.9, 10L), ("loss", 0.25, 1L), ("nan", double.NaN, 10L)], detail.Metrics.Select(m => (m.Key, m.Value, m.Step)));
        Assert.Equal(3, detail.Params["model.depth"].GetInt32());
        Assert.Equal(0.1, detail.Params["model.lr"].GetDouble());
        Assert.Equal("y", detail.Tags["team"]);
        Assert.Equal(0.25, detail.Summary["best"].GetDouble());
        var logs = await _client.GetLogsAsync(run.Id);
        Assert.Equal([("hello", "stdout"), ("world", "stdout"), ("oops", "stderr")], logs.Lines.Select(l => (l.Text, l.Stream)));
        var series = Assert.Single(await _client.GetSeriesAsync(run.Id, ["loss"]));
        Assert.Equal([0.5, 0.25], series.Values);
        var media = Assert.Single(detail.Media);
        Assert.Equal(("plots/importance", 2L, "what counts"), (media.Key, media.Step, media.Caption));
        using var image = await _client.OpenRunFileAsync(run.Id, media.Path);
        using var bytes = new MemoryStream();
        await image.CopyToAsync(bytes);
        Assert.Equal(Png(1), bytes.ToArray());
        var files = await _client.ListRunFilesAsync(run.Id);
        await _client.DownloadRunFileAsync(run.Id, files.Single(f => f.Path == "docs/report.md"), _folder["out/report.md"]);
        Assert.Equal("# report", await File.ReadAllTextAsync(_folder["out/report.md"]));
    }

    [Fact]
    public async Task Values_the_real_server_refuses_are_named_and_the_others_arrive()
    {
        var run = await StartAsync();
        run.LogMetric("loss", 1, 0);
        run.LogMetric(new string('x', 300), 1, 0);
        run.LogParam("lr", 0.1);
        run.LogParam("lr", 0.2);
        run.LogMetric("loss", 0.5, 1);

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FinishAsync());

        Assert.StartsWith("metrics.xxx", refused.Field, StringComparison.Ordinal);
        Assert.Equal("params.lr", Assert.Single(refused.Others).Field);
        var detail = await _client.GetRunAsync(run.Id);
        Assert.Equal(0.5, Assert.Single(detail.Metrics).Value);
        Assert.Equal(0.1, detail.Params["lr"].GetDouble());
        Assert.Equal("finished", detail.Run.Status);
        await run.DisposeAsync();
    }

    [Fact]
    public async Task A_run_outlives_restarts_of_the_server()
    {
        var run = await StartAsync();
        var logging = Task.Run(() =>
        {
            for (var i = 0; i < 30_000; i++)
            {
                run.LogMetric($"m{i % 3}", i, i);
            }
        });
        for (var i = 0; i < 3; i++)
        {
            var listen = _server.Address.Authority;
            await _server.StopAsync();
            _server = await ServeAsync(listen);
        }

        await logging.WaitAsync(Patience);
        await run.DisposeAsync().AsTask().WaitAsync(Patience);

        var series = await _client.GetSeriesAsync(run.Id, ["m0", "m1", "m2"], buckets: 0);
        Assert.Equal(Enumerable.Range(0, 30_000).Select(i => (long)i), series.SelectMany(s => s.Steps).Order());
        Assert.Equal("finished", (await _client.GetRunAsync(run.Id)).Run.Status);
    }

    [Fact]
    public async Task Artifacts_go_up_and_come_down_with_versions_aliases_and_lineage()
    {
        _folder.Write("data/train.csv", "a,b\n1,2\n");
        _folder.Write("data/sub/test ü.csv", "a,b\n3,4\n");
        await using var producer = await StartAsync(new RunOptions { Experiment = "seattle" });
        await using var consumer = await StartAsync(new RunOptions { Experiment = "seattle" });

        var v0 = await producer.LogArtifactAsync(new NewArtifact("split", "dataset") { Aliases = ["reference"], Description = "first" }.AddDirectory(_folder["data"]));
        var same = await producer.LogArtifactAsync(new NewArtifact("split", "dataset").AddDirectory(_folder["data"]));
        var v1 = await producer.LogArtifactAsync(new NewArtifact("split", "dataset").AddDirectory(_folder["data"]).AddText("empty", ""));
        var reference = await consumer.UseArtifactAsync("split:reference");
        var latest = await consumer.UseArtifactAsync("split");
        var folder = await latest.DownloadAsync(_folder["copy"]);

        Assert.Equal([("v0", true), ("v0", false), ("v1", true)], new[] { v0, same, v1 }.Select(v => (v.Version, v.Created)));
        Assert.Equal(("v0", "v1"), (reference.Version, latest.Version));
        Assert.Equal("a,b\n3,4\n", await File.ReadAllTextAsync(await reference.FileAsync("sub/test ü.csv")));
        Assert.Equal("a,b\n1,2\n", await File.ReadAllTextAsync(Path.Combine(folder, "train.csv")));
        Assert.Equal(0, new FileInfo(Path.Combine(folder, "empty")).Length);
        using var stream = await _client.OpenVersionFileAsync("seattle", "split", "v0", "sub/test ü.csv");
        Assert.Equal("a,b\n3,4\n", await new StreamReader(stream).ReadToEndAsync());
        var graph = await _client.GetVersionLineageAsync("seattle", "split", "v0");
        Assert.Contains(graph.Nodes, node => node.Run?.Id == consumer.Id);
        Assert.Equal(2, (await _client.GetRunAsync(consumer.Id)).Inputs.Count);
    }

    [Fact]
    public async Task An_alias_moves_only_from_where_it_is_expected_to_be()
    {
        await using var run = await StartAsync(new RunOptions { Experiment = "models", Author = "ann" });
        await run.LogArtifactAsync(new NewArtifact("model_export", "model").AddText("m", "1"));
        await run.LogArtifactAsync(new NewArtifact("model_export", "model").AddText("m", "2"));

        var first = await run.MoveAliasAsync("model_export", "prod", "v0", "the first", expect: "");
        var second = await _client.MoveAliasAsync("models", "model_export", "prod", "latest", "better", "v0", run.Id, "bob");
        var again = await _client.MoveAliasAsync("models", "model_export", "prod", "v1", "better", "v0", run.Id, "bob");
        var stale = await Assert.ThrowsAsync<CairnClientException>(
            () => _client.MoveAliasAsync("models", "model_export", "prod", "v0", expect: ""));

        Assert.Equal((null, "v0", "ann", run.Id), (first.From, first.To, first.Who, first.RunId));
        Assert.Equal(("v0", "v1", "bob", "better"), (second.From, second.To, second.Who, second.Why));
        Assert.Equal("v1", again.To);
        Assert.Equal("conflict", stale.Code);
        var removed = await _client.RemoveAliasAsync("models", "model_export", "prod", "retired");
        Assert.Equal(("v1", null), (removed.From, removed.To));
        Assert.Equal("prod", (await _client.GetArtifactAsync("models", "model_export")).AliasHistory[0].Alias);
    }

    [Fact]
    public async Task Large_files_pass_through_whole()
    {
        await using var run = await StartAsync();
        var file = _folder.WriteLarge("big.bin", 120_000_001, 4);
        var progress = new ProgressLog();

        await run.LogArtifactAsync(new NewArtifact("big", "model").AddFile(file), progress);
        var copy = await (await run.UseArtifactAsync("big")).FileAsync(progress: progress);

        using var expected = File.OpenRead(file);
        using var actual = File.OpenRead(copy);
        Assert.Equal(
            await System.Security.Cryptography.SHA256.HashDataAsync(expected),
            await System.Security.Cryptography.SHA256.HashDataAsync(actual));
        Assert.Equal(120_000_001, progress.Best(TransferPhase.Uploading).BytesDone);
        Assert.Equal(120_000_001, progress.Best(TransferPhase.Downloading).BytesDone);
    }

    [Fact]
    public async Task Runs_are_searched_page_by_page()
    {
        for (var i = 0; i < 5; i++)
        {
            await using var run = await StartAsync(new RunOptions { Experiment = "many", Name = $"r{i}" });
            run.LogMetric("score", i);
        }

        var query = new RunQuery
        {
            Experiments = ["many"], Filter = "metrics.score >= 1", OrderBy = ["metrics.score ASC"], Limit = 2,
        };
        var names = new List<string>();
        await foreach (var row in _client.EnumerateRunsAsync(query))
        {
            names.Add(row.Run.Name);
        }

        Assert.Equal(["r1", "r2", "r3", "r4"], names);
    }

    [Fact]
    public async Task Runs_and_experiments_are_deleted_and_restored()
    {
        await using var run = await StartAsync(new RunOptions { Experiment = "tidy" });
        await run.FinishAsync();

        await _client.DeleteRunAsync(run.Id);
        Assert.Equal("deleted", (await _client.GetRunAsync(run.Id)).Run.State);
        Assert.Equal("active", (await _client.RestoreRunAsync(run.Id)).State);
        var experiment = await _client.GetExperimentAsync("tidy");
        await _client.DeleteExperimentAsync(experiment.Id);
        Assert.Equal("not_found", (await Assert.ThrowsAsync<CairnClientException>(() => _client.GetExperimentAsync("tidy"))).Code);
        Assert.Contains(await _client.ListExperimentsAsync("deleted"), e => e.Name == "tidy");
        Assert.Equal("active", (await _client.RestoreExperimentAsync(experiment.Id)).State);
    }

    [Fact]
    public async Task A_change_of_a_run_is_heard()
    {
        await using var run = await StartAsync();
        using var stop = new CancellationTokenSource(Patience);
        await using var changes = _client.WatchAsync(run.Id, cancellation: stop.Token).GetAsyncEnumerator(stop.Token);
        var next = changes.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            // The watch begins when the server has the request; until then nobody hears the change.
            run.LogMetric("loss", 1);
            await run.FlushAsync(stop.Token);
        }

        Assert.True(await next);
        Assert.Equal(run.Id, changes.Current.RunId);
        Assert.Contains("series", changes.Current.Changed);
    }

    public async ValueTask InitializeAsync()
    {
        _server = await ServeAsync($"127.0.0.1:{FreePort.Take()}");
        _client = new CairnClient(new CairnClientOptions
        {
            Url = _server.Address,
            CacheFolder = _folder["cache"],
            FinishOnExit = false,
            FlushInterval = TimeSpan.FromMilliseconds(20),
            MaxRetryDelay = TimeSpan.FromMilliseconds(200),
            Warn = _ => { },
        });
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    private static byte[] Png(byte last) => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, last];

    private Task<CairnServer> ServeAsync(string listen) => CairnServer.StartAsync(
        new CairnServerOptions { DataFolder = _folder["data-of-server"], Listen = listen, Quiet = true }, CancellationToken.None);

    private Task<CairnRun> StartAsync(RunOptions? options = null) =>
        CairnRun.StartAsync(_client, false, options ?? new RunOptions(), NoLauncher, default);
}
