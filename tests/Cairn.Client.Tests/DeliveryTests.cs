using Cairn.Client.Tests.Fakes;

namespace Cairn.Client.Tests;

public sealed class DeliveryTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // No batch leaves because time has passed: what is one batch does not depend on how fast the machine is.
    private static readonly TimeSpan Unhurried = TimeSpan.FromHours(1);

    private readonly FakeCairn _server = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public async Task Values_arrive_in_order_and_in_few_requests()
    {
        await using var run = await StartAsync(Unhurried);

        for (var i = 0; i < 12_000; i++)
        {
            run.LogMetric("loss", 1.0 / (i + 1), i);
        }

        await run.FlushAsync();

        var points = _server.Runs[run.Id].Points;
        Assert.Equal(12_000, points.Count);
        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => (long)i), points.Select(p => p.Step));
        Assert.InRange(_server.Count("POST", "/api/v1/runs/.*/updates"), 3, 20);
    }

    [Fact]
    public async Task A_value_leaves_by_itself_when_it_has_waited_long_enough()
    {
        var arrived = new TaskCompletionSource<double>();
        _server.Updated = (run, _) => arrived.TrySetResult(run.Points[0].Value);
        await using var run = await StartAsync();

        run.LogMetric("loss", 0.25);

        Assert.Equal(0.25, await arrived.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task An_overloaded_server_is_asked_again_until_it_takes_the_values()
    {
        var refusals = 6;
        _server.Before = request => Task.FromResult(
            IsUpdate(request) && refusals-- > 0
                ? FakeAnswer.Error(refusals % 2 == 0 ? 503 : 429, "unavailable", "Busy.")
                : null);
        await using var run = await StartAsync(Unhurried);

        run.LogMetric("loss", 1, 0);
        await run.FlushAsync();

        Assert.Single(_server.Runs[run.Id].Points);
        Assert.Equal(7, _server.Count("POST", "/api/v1/runs/.*/updates"));
    }

    [Fact]
    public async Task A_batch_whose_answer_was_lost_is_sent_again_and_stored_once()
    {
        var lost = 3;
        _server.After = (request, answer) => IsUpdate(request) && lost-- > 0 ? FakeAnswer.Cut : answer;
        await using var run = await StartAsync();

        for (var i = 0; i < 100; i++)
        {
            run.LogMetric("loss", i, i);
        }

        await run.FlushAsync();

        Assert.Equal(100, _server.Runs[run.Id].Points.Count);
        Assert.True(_server.Count("POST", "/api/v1/runs/.*/updates") >= 4);
    }

    [Fact]
    public async Task Nothing_is_lost_while_the_server_crashes_and_comes_back_again_and_again()
    {
        var run = await StartAsync();
        var logging = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                run.LogMetric($"m{i % 7}", i, i);
                run.LogParam($"p{i % 50}", i % 50);
                if (i % 100 == 0)
                {
                    run.Log($"line {i}");
                }
            }
        });

        for (var crash = 0; crash < 10; crash++)
        {
            var before = _server.Requests.Count;
            while (_server.Requests.Count == before && !logging.IsCompleted)
            {
                await Task.Yield();
            }

            await _server.Http.CrashAsync();
            _server.Http.Start();
        }

        await logging.WaitAsync(Patience);
        await run.DisposeAsync();

        var stored = _server.Runs[run.Id];
        Assert.Equal(20_000, stored.Points.Select(p => p.Step).Distinct().Count());
        Assert.Equal(20_000, stored.Points.Count);
        Assert.Equal(50, stored.Params.Count);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"line {i * 100}"), stored.Logs.Values.Select(l => l.Text));
        Assert.Equal("finished", stored.Info.Status);
    }

    [Fact]
    public async Task Values_logged_while_the_server_is_away_arrive_when_it_is_back()
    {
        await using var run = await StartAsync();
        await _server.Http.CrashAsync();
        for (var i = 0; i < 1_000; i++)
        {
            run.LogMetric("loss", i, i);
        }

        var flush = run.FlushAsync();
        Assert.False(flush.IsCompleted);
        _server.Http.Start();
        await flush.WaitAsync(Patience);

        Assert.Equal(1_000, _server.Runs[run.Id].Points.Count);
    }

    [Fact]
    public async Task A_full_queue_blocks_the_caller_instead_of_growing()
    {
        // Sixty values fit into the queue, at most as many are on their way.
        const int Bound = 200;
        var logged = 0;
        var worst = 0;
        _server.Updated = (run, _) => worst = Math.Max(worst, Volatile.Read(ref logged) - run.Points.Count);
        var options = _server.Options();
        using var client = new CairnClient(new CairnClientOptions
        {
            Url = options.Url, QueueBytes = 6_000, FinishOnExit = false, FlushInterval = TimeSpan.FromHours(1),
        });
        await using var run = await CairnRun.StartAsync(client);

        await Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++)
            {
                run.LogMetric("loss", i, i);
                Interlocked.Increment(ref logged);
            }
        }).WaitAsync(Patience);
        await run.FlushAsync();

        Assert.Equal(5_000, _server.Runs[run.Id].Points.Count);
        Assert.InRange(worst, 0, Bound);
    }

    [Fact]
    public async Task One_bad_value_is_named_and_does_not_sink_the_others()
    {
        await using var run = await StartAsync();
        for (var i = 0; i < 1_000; i++)
        {
            run.LogMetric(i == 617 ? "bad name" : "loss", i, i);
        }

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FlushAsync());

        Assert.Equal("metrics.bad name", refused.Field);
        Assert.Equal("invalid_argument", refused.Code);
        Assert.Equal(400, (int)refused.Status!);
        Assert.Contains("the metric \"bad name\" at step 617", refused.Message, StringComparison.Ordinal);
        Assert.Empty(refused.Others);
        Assert.Equal(999, _server.Runs[run.Id].Points.Count);
        Assert.Contains(_warnings, w => w.Contains("bad name", StringComparison.Ordinal));
        await run.FlushAsync(); // told once
    }

    [Fact]
    public async Task Several_bad_values_are_told_together_and_only_so_many_are_kept()
    {
        var run = await StartAsync(Unhurried);
        for (var i = 0; i < 40; i++)
        {
            run.LogMetric($"bad{i}", i, i);
            run.LogMetric("good", i, i);
        }

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FinishAsync());

        Assert.Equal("metrics.bad0", refused.Field);
        Assert.Contains("39 further", refused.Message, StringComparison.Ordinal);
        Assert.Equal(16, refused.Others.Count);
        Assert.Equal(40, _server.Runs[run.Id].Points.Count);
        Assert.Equal("finished", _server.Runs[run.Id].Info.Status);
        await run.DisposeAsync();
    }

    [Fact]
    public async Task A_parameter_that_changes_within_a_batch_is_refused_and_keeps_its_first_value()
    {
        await using var run = await StartAsync(Unhurried);
        run.LogParam("lr", 0.1);
        run.LogParam("lr", 0.1);
        run.LogParam("lr", 0.2);
        run.LogParam("depth", 3);

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FlushAsync());

        Assert.Equal("params.lr", refused.Field);
        Assert.Equal(0.1, _server.Runs[run.Id].Params["lr"].GetDouble());
        Assert.Equal(3, _server.Runs[run.Id].Params["depth"].GetInt32());
    }

    [Fact]
    public async Task A_missing_run_is_told_without_trying_every_value()
    {
        await using var run = await StartAsync(Unhurried);
        _server.Runs.TryRemove(run.Id, out var removed);
        for (var i = 0; i < 100; i++)
        {
            run.LogMetric("loss", i, i);
        }

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FlushAsync());

        Assert.Equal("not_found", refused.Code);
        Assert.Contains("99 further", refused.Message, StringComparison.Ordinal);
        Assert.InRange(_server.Count("POST", "/api/v1/runs/.*/updates"), 1, 5);
        _server.Runs[run.Id] = removed!;
    }

    [Fact]
    public async Task A_value_the_server_stumbles_over_is_found_and_the_others_arrive()
    {
        _server.Before = async request => IsUpdate(request) && Contains(await request.BodyAsync(), "stumble")
            ? FakeAnswer.Error(500, "internal", "Something broke.")
            : null;
        await using var run = await StartAsync();
        for (var i = 0; i < 64; i++)
        {
            run.LogMetric(i == 40 ? "stumble" : "loss", i, i);
        }

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FlushAsync());

        Assert.Equal("metrics.stumble", refused.Field);
        Assert.Equal(63, _server.Runs[run.Id].Points.Count);
    }

    [Fact]
    public async Task A_server_that_fails_whatever_it_gets_is_given_up_after_a_bounded_number_of_tries()
    {
        await using var run = await StartAsync(Unhurried);
        _server.Before = request => Task.FromResult(IsUpdate(request) ? FakeAnswer.Error(500, "internal", "Something broke.") : null);
        for (var i = 0; i < 2_000; i++)
        {
            run.LogMetric("loss", i, i);
        }

        var refused = await Assert.ThrowsAsync<CairnClientException>(() => run.FlushAsync().WaitAsync(Patience));

        Assert.Equal(500, (int)refused.Status!);
        Assert.Contains("1999 further", refused.Message, StringComparison.Ordinal);
        Assert.InRange(_server.Count("POST", "/api/v1/runs/.*/updates"), 5, 400);
        _server.Before = _ => Task.FromResult<FakeAnswer?>(null);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static bool IsUpdate(FakeRequest request) => request.Path.EndsWith("/updates", StringComparison.Ordinal);

    private static bool Contains(byte[] body, string text) =>
        System.Text.Encoding.UTF8.GetString(body).Contains(text, StringComparison.Ordinal);

    private Task<CairnRun> StartAsync(TimeSpan? flush = null) => CairnRun.StartAsync(new CairnClient(_server.Options(warning =>
    {
        lock (_warnings)
        {
            _warnings.Add(warning);
        }
    },
    flush)));
}
