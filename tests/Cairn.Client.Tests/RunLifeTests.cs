using Cairn.Client.Tests.Fakes;

namespace Cairn.Client.Tests;

public sealed class RunLifeTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly RunEnvironment NoLauncher = new(null, null, null);

    private readonly FakeCairn _server = new();
    private readonly List<string> _warnings = [];
    private readonly CairnClient _client;

    public RunLifeTests() => _client = new CairnClient(_server.Options(warning =>
    {
        lock (_warnings)
        {
            _warnings.Add(warning);
        }
    }));

    [Fact]
    public async Task A_run_is_created_as_the_options_say()
    {
        var options = new RunOptions
        {
            Experiment = "seattle",
            Name = "first",
            JobType = "train",
            Author = "ann",
            ParentId = "p1",
            Tags = new Dictionary<string, string> { ["team"] = "x" },
            Params = new Dictionary<string, object?> { ["lr"] = 0.5 },
        };

        await using var run = await StartAsync(options, new RunEnvironment(null, "p2", "other"));

        var created = _server.Runs[run.Id].Created!;
        Assert.Equal(("seattle", "first", "train", "ann", "p1"), (created.Experiment, created.Name, created.JobType, created.Author, created.ParentId));
        Assert.Equal("x", created.Tags!["team"]);
        Assert.Equal(0.5, created.Params!["lr"].GetDouble());
        Assert.Equal(new Uri(_server.Http.Url, $"runs/{run.Id}"), run.Url);
    }

    [Fact]
    public async Task What_the_options_leave_out_comes_from_the_environment_and_the_user()
    {
        await using var run = await StartAsync(null, new RunEnvironment(null, "p2", "other"));
        await using var bare = await StartAsync();

        var created = _server.Runs[run.Id].Created!;
        Assert.Equal(("other", "p2", Environment.UserName), (created.Experiment, created.ParentId, created.Author));
        Assert.Equal(("Default", null), (_server.Runs[bare.Id].Created!.Experiment, _server.Runs[bare.Id].Created!.ParentId));
    }

    [Fact]
    public async Task A_start_that_was_not_answered_makes_one_run()
    {
        var lost = 2;
        await _client.GetServerAsync(); // a server that was never reached is given two seconds only
        _server.After = (request, answer) => request.Path == "/api/v1/runs" && lost-- > 0 ? FakeAnswer.Cut : answer;

        await using var run = await StartAsync();

        Assert.Equal(3, _server.Count("POST", "/api/v1/runs"));
        Assert.Equal([run.Id], _server.Runs.Keys);
    }

    [Fact]
    public async Task The_first_run_of_a_launched_process_is_the_launched_one_and_the_second_its_child()
    {
        _server.AddRun("launched");
        var environment = new RunEnvironment("launched", "launched", "exp");
        var options = new RunOptions
        {
            Name = "ignored",
            Tags = new Dictionary<string, string> { ["t"] = "1" },
            Params = new Dictionary<string, object?> { ["n"] = 1 },
        };

        await using var first = await StartAsync(options, environment);
        await using var second = await StartAsync(null, environment);

        Assert.Equal("launched", first.Id);
        Assert.Equal("name-launched", _server.Runs["launched"].Info.Name);
        Assert.Equal("1", _server.Runs["launched"].Tags["t"]);
        Assert.Equal(1, _server.Runs["launched"].Params["n"].GetInt32());
        Assert.NotEqual("launched", second.Id);
        Assert.Equal("launched", _server.Runs[second.Id].Created!.ParentId);
    }

    [Fact]
    public async Task A_launched_run_that_does_not_exist_is_named_and_can_be_tried_again()
    {
        var environment = new RunEnvironment("launched", null, null);

        var missing = await Assert.ThrowsAsync<CairnClientException>(() => StartAsync(null, environment));
        Assert.Equal(("not_found", "CAIRN_RUN_ID"), (missing.Code, missing.Field));

        _server.AddRun("launched");
        await using var run = await StartAsync(null, environment);
        Assert.Equal("launched", run.Id);
    }

    [Fact]
    public async Task A_resumed_run_goes_on_behind_what_it_has()
    {
        var first = await StartAsync();
        first.Log("one\r\ntwo\n");
        first.LogMetric("loss", 0.5, 41);
        await first.LogImageAsync("plot", Png(1));
        await first.DisposeAsync();
        Assert.Equal("finished", _server.Runs[first.Id].Info.Status);

        await using (var again = await StartAsync(new RunOptions { ResumeId = first.Id, Name = "again" }))
        {
            Assert.Equal("running", _server.Runs[first.Id].Info.Status);
            again.Log("three", "stderr");
            again.LogMetric("loss", 0.4);
            again.LogMetric("other", 0.4);
            again.LogMetric("other", 0.3);
            await again.LogImageAsync("plot", Png(2));
        }

        var stored = _server.Runs[first.Id];
        Assert.Equal("again", stored.Info.Name);
        Assert.Equal([(0L, "one", "stdout"), (1L, "two", "stdout"), (2L, "three", "stderr")], stored.Logs.Values.Select(l => (l.Line, l.Text, l.Stream)));
        Assert.Equal([41L, 42L], stored.Points.Where(p => p.Key == "loss").Select(p => p.Step));
        Assert.Equal([0L, 1L], stored.Points.Where(p => p.Key == "other").Select(p => p.Step));
        Assert.Equal([0L, 1L], stored.Media.Select(m => m.Step));
        Assert.Equal("finished", stored.Info.Status);
    }

    [Fact]
    public async Task Values_carry_the_time_of_the_call()
    {
        var clock = new SettableClock { Now = DateTimeOffset.FromUnixTimeMilliseconds(5_000) };
        using var client = new CairnClient(new CairnClientOptions
        {
            Url = _server.Http.Url, TimeProvider = clock, FinishOnExit = false, FlushInterval = TimeSpan.FromHours(1),
        });
        await using var run = await CairnRun.StartAsync(client, false, new RunOptions(), NoLauncher, default);
        Assert.Equal(5_000, _server.Runs[run.Id].Info.StartedAt);

        clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(6_000);
        run.LogMetric("loss", 1);
        run.Log("line");
        clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(7_000);
        run.LogMetrics(new Dictionary<string, double> { ["a"] = double.NaN, ["b"] = double.NegativeInfinity }, 3);
        clock.Now = DateTimeOffset.FromUnixTimeMilliseconds(8_000);
        await run.FinishAsync();

        var stored = _server.Runs[run.Id];
        Assert.Equal(
            [("loss", 1.0, 0L, 6_000L), ("a", double.NaN, 3L, 7_000L), ("b", double.NegativeInfinity, 3L, 7_000L)],
            stored.Points.Select(p => (p.Key, p.Value, p.Step, p.Time)));
        Assert.Equal(6_000, stored.Logs[0].Time);
        Assert.Equal(8_000, stored.Info.EndedAt);
    }

    [Fact]
    public async Task Tags_and_summary_can_be_set_changed_and_removed()
    {
        await using var run = await StartAsync();
        run.SetTag("a", "1");
        run.SetTag("a", "2");
        run.SetTag("b", "1");
        run.SetSummary("best", 0.5);
        run.SetSummary("gone", null);
        await run.FlushAsync();
        run.SetTag("b", null);
        await run.FlushAsync();

        var stored = _server.Runs[run.Id];
        Assert.Equal([KeyValuePair.Create("a", "2")], stored.Tags);
        Assert.Equal(0.5, stored.Summary["best"].GetDouble());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, stored.Summary["gone"].ValueKind);
    }

    [Fact]
    public async Task The_status_comes_after_all_values_and_nothing_comes_after_it()
    {
        var order = new List<string>();
        _server.Updated = (_, update) => order.Add(update.Status ?? "values");
        var run = await StartAsync();
        run.LogMetric("loss", 1);

        await run.FinishAsync(RunStatus.Killed);
        await run.FinishAsync(RunStatus.Finished);
        await run.DisposeAsync();

        Assert.Equal(["values", "killed"], order);
        var late = Assert.Throws<InvalidOperationException>(() => run.LogMetric("loss", 2));
        Assert.Contains(run.Id, late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Work_that_throws_fails_the_run_and_the_exception_goes_on()
    {
        var run = await StartAsync();

        var thrown = await Assert.ThrowsAsync<FormatException>(
            () => run.CarryOutAsync((_, _) => throw new FormatException("no number"), default));

        await run.DisposeAsync();
        Assert.Equal("no number", thrown.Message);
        var stored = _server.Runs[run.Id];
        Assert.Equal("failed", stored.Info.Status);
        Assert.Equal("System.FormatException: no number", stored.Tags["cairn.error"]);
        Assert.Contains(stored.Logs.Values, l => l.Stream == "stderr" && l.Text.Contains("no number", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Work_that_is_cancelled_kills_the_run()
    {
        using var stop = new CancellationTokenSource();
        await using var run = await StartAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.CarryOutAsync(
            async (_, token) =>
            {
                await stop.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
            stop.Token));

        Assert.Equal("killed", _server.Runs[run.Id].Info.Status);
    }

    [Fact]
    public async Task Disposing_tells_what_was_refused_and_does_not_throw()
    {
        var run = await StartAsync();
        run.LogMetric("bad", 1);

        await run.DisposeAsync();

        Assert.Equal("finished", _server.Runs[run.Id].Info.Status);
        Assert.Contains(_warnings, w => w.Contains("the metric \"bad\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_cancels_the_finish_while_the_server_is_away_gets_on_and_learns_what_was_lost()
    {
        var run = await StartAsync();
        await _server.Http.CrashAsync();
        run.LogMetric("loss", 1);
        run.LogMetric("loss", 2);
        using var stop = new CancellationTokenSource();

        var finish = run.FinishAsync(RunStatus.Finished, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finish);
        await run.DisposeAsync().AsTask().WaitAsync(Patience);

        Assert.Contains(_warnings, w => w.StartsWith("2 values", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_finish_that_was_cancelled_can_be_repeated_when_the_server_is_back()
    {
        await using var run = await StartAsync();
        await _server.Http.CrashAsync();
        run.LogMetric("loss", 1);
        using var stop = new CancellationTokenSource();
        var finish = run.FinishAsync(RunStatus.Finished, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finish);

        _server.Http.Start();
        await run.FinishAsync(RunStatus.Failed).WaitAsync(Patience);

        Assert.Single(_server.Runs[run.Id].Points);
        Assert.Equal("failed", _server.Runs[run.Id].Info.Status);
    }

    [Fact]
    public async Task The_delivery_timeout_ends_the_waiting_with_a_sentence()
    {
        var options = _server.Options();
        using var client = new CairnClient(new CairnClientOptions
        {
            Url = options.Url,
            DeliveryTimeout = TimeSpan.FromMilliseconds(50),
            MaxRetryDelay = TimeSpan.FromMilliseconds(20),
            FinishOnExit = false,
            Warn = _ => { },
        });
        await using var run = await CairnRun.StartAsync(client, false, new RunOptions(), NoLauncher, default);
        await _server.Http.CrashAsync();
        run.LogMetric("loss", 1);

        var away = await Assert.ThrowsAsync<CairnClientException>(() => run.FinishAsync().WaitAsync(Patience));

        Assert.Equal("unreachable", away.Code);
        Assert.Contains("1 values", away.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_are_stored_as_files_and_shown_in_the_run()
    {
        await using var run = await StartAsync();
        await run.LogImageAsync("../plots/ä", Png(1), "a caption", 7);
        await run.FlushAsync();

        var media = Assert.Single(_server.Runs[run.Id].Media);
        Assert.Equal(("../plots/ä", 7L, "image", "a caption"), (media.Key, media.Step, media.Kind, media.Caption));
        Assert.StartsWith("media/images/", media.Path, StringComparison.Ordinal);
        Assert.EndsWith(".png", media.Path, StringComparison.Ordinal);
        Assert.Equal(3, media.Path.Split('/').Length);
        Assert.Equal(Png(1), _server.Runs[run.Id].Files[media.Path]);

        var none = await Assert.ThrowsAsync<CairnClientException>(() => run.LogImageAsync("x", "no picture"u8.ToArray()));
        Assert.Equal("media.x", none.Field);
    }

    [Fact]
    public async Task Files_and_text_are_put_under_their_names_with_a_digest()
    {
        var folder = Directory.CreateTempSubdirectory("cairn-test-");
        var file = Path.Combine(folder.FullName, "notes ü %20+1.txt");
        await File.WriteAllTextAsync(file, "hello");
        await using var run = await StartAsync();

        await run.LogFileAsync(file);
        await run.LogFileAsync(file, "deep/er?/x.txt");
        await run.LogTextAsync("# done", "report.md");

        Assert.Equal(["deep/er?/x.txt", "notes ü %20+1.txt", "report.md"], _server.Runs[run.Id].Files.Keys.Order(StringComparer.Ordinal));
        Assert.All(_server.Requests.Where(r => r.Method == "PUT"), r => Assert.Equal(64, r.Headers["X-Cairn-Sha256"].Length));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../up")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    [InlineData("a/.")]
    [InlineData("a\\b")]
    [InlineData("a\nb")]
    [InlineData("c:d")]
    [InlineData("a#b")]
    public async Task A_path_that_leads_elsewhere_is_refused_before_anything_is_sent(string path)
    {
        await using var run = await StartAsync();
        var before = _server.Requests.Count;

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.LogTextAsync("x", path));

        Assert.Equal(("invalid_argument", "path"), (refused.Code, refused.Field));
        Assert.Equal(before, _server.Requests.Count);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    private static byte[] Png(byte last) => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, last];

    private Task<CairnRun> StartAsync(RunOptions? options = null, RunEnvironment? environment = null) =>
        CairnRun.StartAsync(_client, ownsClient: false, options ?? new RunOptions(), environment ?? NoLauncher, default);
}
