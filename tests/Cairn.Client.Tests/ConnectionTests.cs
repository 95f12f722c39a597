using System.Net;
using Cairn.Client.Http;
using Cairn.Client.Tests.Fakes;
using Cairn.Client.Wire;

namespace Cairn.Client.Tests;

public sealed class ConnectionTests : IAsyncDisposable
{
    private readonly FakeCairn _server = new();

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_its_address_and_how_to_start_one()
    {
        using var client = new CairnClient(_server.Options());
        await _server.Http.CrashAsync();

        var away = await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        Assert.Equal(("unreachable", null), (away.Code, away.Status));
        Assert.Contains(_server.Http.Url.ToString(), away.Message, StringComparison.Ordinal);
        Assert.Contains("cairn server", away.Message, StringComparison.Ordinal);
        Assert.Contains("CAIRN_URL", away.Message, StringComparison.Ordinal);
        Assert.False(await client.IsHealthyAsync());
    }

    [Fact]
    public async Task The_key_is_sent_and_a_path_in_the_address_is_kept()
    {
        using var client = new CairnClient(new CairnClientOptions { Url = new Uri(_server.Http.Url, "cairn/"), ApiKey = "secret" });

        await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        var request = Assert.Single(_server.Requests);
        Assert.Equal("/cairn/api/v1/server", request.Path);
        Assert.Equal("Bearer secret", request.Headers["Authorization"]);
        Assert.Equal(new Uri(_server.Http.Url, "cairn/runs/abc"), client.RunPage("abc"));
    }

    [Fact]
    public async Task An_error_of_the_server_keeps_status_code_message_and_field()
    {
        Answer(FakeAnswer.Error(409, "conflict", "It points to v3.", "expect"));
        using var client = new CairnClient(_server.Options());

        var fault = await Assert.ThrowsAsync<CairnClientException>(() => client.MoveAliasAsync("1", "model", "prod", "v1"));

        Assert.Equal(HttpStatusCode.Conflict, fault.Status);
        Assert.Equal(("conflict", "It points to v3.", "expect"), (fault.Code, fault.Message, fault.Field));
    }

    [Fact]
    public async Task An_error_page_of_something_in_between_is_quoted_in_short()
    {
        Answer(FakeAnswer.Text(418, "<html>" + new string('x', 5_000)));
        using var client = new CairnClient(_server.Options());

        var fault = await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        Assert.Contains("418", fault.Message, StringComparison.Ordinal);
        Assert.Contains("<html>", fault.Message, StringComparison.Ordinal);
        Assert.InRange(fault.Message.Length, 100, 400);
    }

    [Fact]
    public async Task An_answer_that_is_no_json_asks_whether_the_address_is_right()
    {
        Answer(FakeAnswer.Text(200, "<html>hello</html>"));
        using var client = new CairnClient(_server.Options());

        var fault = await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        Assert.Contains("CAIRN_URL", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_told_and_not_followed()
    {
        var answer = FakeAnswer.Text(301, "");
        answer.Headers["Location"] = "https://elsewhere.example/";
        Answer(answer);
        using var client = new CairnClient(_server.Options());

        var fault = await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        Assert.Contains("https://elsewhere.example/", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_sent_no_key_is_told_how_to()
    {
        Answer(FakeAnswer.Error(401, "unauthenticated", "A key is needed."));
        using var client = new CairnClient(_server.Options());

        var fault = await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        Assert.Contains("CAIRN_API_KEY", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_asked_for_again()
    {
        var broken = 2;
        using var client = new CairnClient(_server.Options());
        await ReachAsync(client);
        _server.After = (_, answer) => broken-- > 0 ? answer with { CutAfter = 10 } : answer;

        Assert.Equal("0.1.0", (await client.GetServerAsync()).Version);
        Assert.Equal(3, _server.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_asked_again()
    {
        var release = new TaskCompletionSource();
        var first = true;
        using var client = new CairnClient(new CairnClientOptions
        {
            Url = _server.Http.Url, SilenceTimeout = TimeSpan.FromMilliseconds(250), RetryDelay = TimeSpan.FromMilliseconds(1),
        });
        await ReachAsync(client);
        _server.Before = async _ =>
        {
            if (first)
            {
                first = false;
                await release.Task;
            }

            return null;
        };

        Assert.Equal("0.1.0", (await client.GetServerAsync()).Version);
        release.SetResult();
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled_and_at_once()
    {
        using var stop = new CancellationTokenSource();
        var came = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _server.Before = async _ =>
        {
            came.SetResult();
            await release.Task;
            return null;
        };
        using var client = new CairnClient(_server.Options());

        var call = client.GetServerAsync(stop.Token);
        await came.Task;
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        release.SetResult();
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_vary()
    {
        var options = new CairnClientOptions { RetryDelay = TimeSpan.FromMilliseconds(100), MaxRetryDelay = TimeSpan.FromSeconds(1) };
        var schedule = new RetrySchedule(options, Persistence.Stubborn, TimeSpan.Zero);

        var pauses = Enumerable.Range(0, 8).Select(_ => schedule.NextPause(null, null)!.Value.TotalMilliseconds).ToList();

        double[] full = [100, 200, 400, 800, 1000, 1000, 1000, 1000];
        Assert.All(pauses.Zip(full), pair => Assert.InRange(pair.First, pair.Second / 2, pair.Second));
        Assert.Equal(8, pauses.Distinct().Count());
    }

    [Fact]
    public void A_pause_the_server_asks_for_is_kept_within_reason()
    {
        var schedule = new RetrySchedule(new CairnClientOptions(), Persistence.Stubborn, TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(7), schedule.NextPause(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromMinutes(1), schedule.NextPause(HttpStatusCode.ServiceUnavailable, TimeSpan.FromHours(9)));
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(401, false)]
    [InlineData(404, false)]
    [InlineData(408, true)]
    [InlineData(409, false)]
    [InlineData(429, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(507, false)]
    public void Only_faults_that_may_pass_are_tried_again(int status, bool again)
    {
        var schedule = new RetrySchedule(new CairnClientOptions(), Persistence.Patient, TimeSpan.FromMinutes(1));

        Assert.Equal(again, schedule.NextPause((HttpStatusCode)status, null) is not null);
    }

    [Fact]
    public async Task A_caller_who_waits_is_not_kept_longer_than_the_options_say()
    {
        _server.Before = _ => Task.FromResult<FakeAnswer?>(FakeAnswer.Error(503, "unavailable", "Busy."));
        using var client = new CairnClient(new CairnClientOptions { Url = _server.Http.Url, RetryFor = TimeSpan.Zero });

        var busy = await Assert.ThrowsAsync<CairnClientException>(() => client.GetServerAsync());

        Assert.Equal("unavailable", busy.Code);
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData("localhost:5080", "http://localhost:5080/")]
    [InlineData("127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("https://cairn.example/base", "https://cairn.example/base")]
    public void An_address_is_read_as_people_write_it(string text, string url) =>
        Assert.Equal(url, CairnClientOptions.FromEnvironment(name => name == "CAIRN_URL" ? text : null).Url.ToString());

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("file:///etc/passwd")]
    public void An_address_that_is_none_is_named(string text)
    {
        var fault = Assert.Throws<CairnClientException>(
            () => CairnClientOptions.FromEnvironment(name => name == "CAIRN_URL" ? text : null));

        Assert.Equal("CAIRN_URL", fault.Field);
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_sets_key_and_cache_and_empty_means_unset()
    {
        var set = CairnClientOptions.FromEnvironment(name => name switch
        {
            "CAIRN_API_KEY" => "key", "CAIRN_CACHE_DIR" => "/some/where", _ => "",
        });
        var unset = CairnClientOptions.FromEnvironment(_ => "");

        Assert.Equal(("key", Path.GetFullPath("/some/where")), (set.ApiKey, set.CacheFolder));
        Assert.Equal((null, CairnClientOptions.DefaultUrl), (unset.ApiKey, unset.Url));
        Assert.EndsWith("cairn", unset.CacheFolder.Replace("/cache", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_are_watched_until_the_stream_ends()
    {
        const string Stream = """
            : hello

            event: run
            data: {"runId":"a","changed":["info","tags"]}

            event: later
            data: whatever

            event: run
            data: {"runId":"b","changed":["logs"]}


            """;
        Answer(FakeAnswer.Text(200, Stream));
        using var client = new CairnClient(_server.Options());

        var seen = new List<RunChange>();
        await foreach (var change in client.WatchAsync(experiment: "my exp"))
        {
            seen.Add(change);
        }

        Assert.Equal(["a", "b"], seen.Select(change => change.RunId));
        Assert.Equal(["info", "tags"], seen[0].Changed);
        Assert.Equal("experiment=my%20exp", Assert.Single(_server.Requests).Query);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    // Until it has been reached, a server is given two seconds only: enough to try once, which may be slow the first time.
    private async Task ReachAsync(CairnClient client)
    {
        await client.GetServerAsync();
        _server.Requests.Clear();
    }

    private void Answer(FakeAnswer answer) => _server.Before = _ => Task.FromResult<FakeAnswer?>(answer);
}
