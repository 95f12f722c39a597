using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>What sets pipelines going, and the jobs that come of it, through the native API.</summary>
public sealed class TriggerTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string Secret = "a secret of some length";

    [Fact]
    public async Task Each_event_leaves_one_job_and_what_the_pipeline_makes_itself_leaves_none()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var name = await RegisterAsync(shelf, """
            {"name":"data","kind":"artifact","artifact":"raw"},
            {"name":"reference","kind":"alias","artifact":"raw","alias":"reference","changes":["depth=3"]},
            {"name":"drift","kind":"check","check":"drift"},
            {"name":"any","kind":"check","check":"*","paused":true}
            """);
        await shelf.LogAsync("raw", "dataset", content: "one");
        await shelf.LogAsync("raw", "dataset", content: "one");
        await shelf.LogAsync("other", "dataset");
        (await shelf.MoveAsync("v0", "reference", name: "raw")).Dispose();
        (await shelf.MoveAsync("v0", "reference", name: "raw")).Dispose();
        var run = (await shelf.StartAsync()).Id;
        foreach (var body in new[] { """{"tags":{"checks.drift":"failed: psi 0.4"}}""", """{"points":[{"key":"checks.drift","value":0}]}""", """{"tags":{"checks.drift":"failed: psi 0.5"}}""" })
        {
            (await server.PostAsync($"/api/v1/runs/{run}/updates", body)).Dispose();
        }

        var own = await shelf.StartAsync(tags: $$"""{"cairn.pipeline.name":"{{name}}"}""");
        var step = await shelf.StartAsync(own.Id);
        await shelf.LogAsync("raw", "dataset", step.Id, "two");
        (await server.PostAsync($"/api/v1/runs/{step.Id}/checks", """{"name":"drift","passed":false}""")).Dispose();

        var jobs = await JobsAsync(name);
        Assert.Equal(["drift", "reference", "data"], jobs.Select(job => job.TriggerName));
        Assert.All(jobs, job => Assert.Equal("waiting", job.State));
        Assert.Equal("raw:v0 was logged", jobs[2].Cause);
        Assert.Equal(["depth=3"], jobs[1].Changes);
        Assert.Contains("psi 0.4", jobs[0].Cause, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_fires_when_its_time_comes_and_not_while_it_is_paused()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var name = await RegisterAsync(shelf, """{"name":"second","kind":"schedule","schedule":"* * * * * *"},{"name":"berlin","kind":"schedule","schedule":"30 4 * * *","timezone":"Europe/Berlin"}""");
        var triggers = (await server.GetAsync<TriggerList>($"/api/v1/triggers?pipeline={name}")).Triggers;
        var berlin = DateTimeOffset.FromUnixTimeMilliseconds(triggers[0].NextAt!.Value);
        var local = TimeZoneInfo.ConvertTime(berlin, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.Equal((4, 30), (local.Hour, local.Minute));
        Assert.Equal("30 4 * * * (Europe/Berlin)", triggers[0].Condition);
        var second = triggers[1];
        await UntilAsync(async () => (await JobsAsync(name)).Count >= 2);
        var paused = await ServerFixture.ReadAsync<TriggerInfo>(await server.PostAsync($"/api/v1/triggers/{second.Id}/pause", "{}"));
        Assert.True(paused is { Paused: true, NextAt: null });
        var jobs = await JobsAsync(name);
        Assert.Equal(jobs.Count, jobs.Select(job => job.At).Distinct().Count());
        Assert.All(jobs, job => Assert.Equal(0, job.At % 1000));
        var resumed = await ServerFixture.ReadAsync<TriggerInfo>(await server.PostAsync($"/api/v1/triggers/{second.Id}/resume", "{}"));
        Assert.True(resumed.NextAt > jobs[0].At);
        (await server.Http.DeleteAsync(new Uri($"/api/v1/pipelines/{name}", UriKind.Relative))).EnsureSuccessStatusCode();
        Assert.All(await JobsAsync(name), job => Assert.Equal("cancelled", job.State));
    }

    [Fact]
    public async Task Registering_again_keeps_ids_and_pauses_and_counts()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        const string triggers = """{"name":"a","kind":"schedule","schedule":"0 3 * * *"},{"name":"b","kind":"artifact","artifact":"raw"}""";
        var name = await RegisterAsync(shelf, triggers);
        var before = (await server.GetAsync<TriggerList>($"/api/v1/triggers?pipeline={name}")).Triggers;
        (await server.PostAsync($"/api/v1/triggers/{before[1].Id}/pause", "{}")).Dispose();
        await RegisterAsync(shelf, triggers.Replace("\"b\"", "\"c\"", StringComparison.Ordinal).Replace("\"a\"", "\"b\"", StringComparison.Ordinal), name);
        var after = (await server.GetAsync<TriggerList>($"/api/v1/triggers?pipeline={name}")).Triggers;
        Assert.Equal(["b", "c"], after.Select(trigger => trigger.Name));
        Assert.Equal((before[1].Id, true, "schedule"), (after[0].Id, after[0].Paused, after[0].Kind));
        Assert.Equal(2, (await server.GetAsync<PipelineInfo>($"/api/v1/pipelines/{name}")).Revision);
    }

    [Fact]
    public async Task A_job_has_one_worker_at_a_time_and_only_the_last_one_may_end_it()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var name = await RegisterAsync(shelf, """{"name":"hand","kind":"check","check":"x"}""");
        var trigger = (await server.GetAsync<TriggerList>($"/api/v1/triggers?pipeline={name}")).Triggers[0].Id;
        var first = await FireAsync(trigger, "one");
        Assert.Equal(first.Id, (await FireAsync(trigger, "one")).Id);
        var second = await FireAsync(trigger, "two");
        Assert.NotEqual(first.Id, second.Id);

        var lease = await LeaseAsync("w1");
        Assert.Equal((first.Id, name, 1), (lease!.Job.Id, lease.Pipeline.Name, lease.Job.Attempt));
        Assert.Null(await LeaseAsync("w2"));
        Assert.NotNull((await server.GetAsync<TriggerList>("/api/v1/triggers")).WorkerSeenAt);
        (await server.PostAsync($"/api/v1/jobs/{first.Id}/cancel", "{}")).Dispose();
        var beat = await ServerFixture.ReadAsync<JobInfo>(await server.PostAsync($"/api/v1/jobs/{first.Id}/heartbeat", $$"""{"token":{{lease.Token}}}"""));
        Assert.True(beat.CancelRequested);
        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/jobs/{first.Id}/heartbeat", $$"""{"token":{{lease.Token + 1}}}"""), 409);
        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/jobs/{first.Id}/end", $$"""{"token":{{lease.Token - 1}},"state":"finished"}"""), 409);
        for (var twice = 0; twice < 2; twice++)
        {
            var ended = await ServerFixture.ReadAsync<JobInfo>(await server.PostAsync($"/api/v1/jobs/{first.Id}/end", $$"""{"token":{{lease.Token}},"state":"failed","message":"no"}"""));
            Assert.Equal(("failed", "no"), (ended.State, ended.Message));
        }

        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/jobs/{first.Id}/end", $$"""{"token":{{lease.Token}},"state":"finished"}"""), 409);
        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/jobs/{first.Id}/heartbeat", $$"""{"token":{{lease.Token}}}"""), 409);
        var next = await LeaseAsync("w2");
        Assert.Equal(second.Id, next!.Job.Id);
        (await server.PostAsync($"/api/v1/jobs/{second.Id}/end", $$"""{"token":{{next.Token}},"state":"finished"}""")).Dispose();
        Assert.Null(await LeaseAsync("w1"));
    }

    [Fact]
    public async Task A_signed_delivery_is_one_event_and_an_unsigned_one_is_none()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var name = await RegisterAsync(shelf, $$"""{"name":"hook","kind":"webhook","secret":"{{Secret}}"}""");
        var trigger = (await server.GetAsync<TriggerList>($"/api/v1/triggers?pipeline={name}")).Triggers[0];
        Assert.DoesNotContain(Secret, await server.Http.GetStringAsync(new Uri("/api/v1/triggers", UriKind.Relative)), StringComparison.Ordinal);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var first = await ServerFixture.ReadAsync<JobInfo>(await DeliverAsync(trigger.Id, "d1", now, Secret));
        Assert.Equal(first.Id, (await ServerFixture.ReadAsync<JobInfo>(await DeliverAsync(trigger.Id, "d1", now, Secret))).Id);
        await ModelShelf.RefusedAsync(await DeliverAsync(trigger.Id, "d2", now, Secret + "x"), 401);
        await ModelShelf.RefusedAsync(await DeliverAsync(trigger.Id, "d2", now - 3600, Secret), 401);
        await ModelShelf.RefusedAsync(await DeliverAsync("0000000000000000", "d2", now, Secret), 401);
        await ModelShelf.RefusedAsync(await DeliverAsync("0000000000000000", "d2", now, ""), 401);
        await ModelShelf.RefusedAsync(await DeliverAsync(trigger.Id, "", now, Secret), 400);
        await ModelShelf.RefusedAsync(await server.PostAsync($"/api/v1/hooks/{trigger.Id}", "{}"), 401);
        using (var hub = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/hooks/{trigger.Id}") { Content = new StringContent("{}") })
        {
            hub.Headers.Add("X-Hub-Signature-256", $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), "{}"u8))}");
            hub.Headers.Add("X-GitHub-Delivery", "g1");
            Assert.Equal(202, (int)(await server.Http.SendAsync(hub)).StatusCode);
        }

        (await server.PostAsync($"/api/v1/triggers/{trigger.Id}/pause", "{}")).Dispose();
        await ModelShelf.RefusedAsync(await DeliverAsync(trigger.Id, "d3", now, Secret), 412);
        Assert.Equal(["delivery g1", "delivery d1"], (await JobsAsync(name)).Select(job => job.Cause));
    }

    public static TheoryData<string, string> BadTriggers => new()
    {
        { """{"name":"a","kind":"clock"}""", "triggers[0].kind" },
        { """{"name":"a","kind":"schedule"}""", "triggers[0].schedule" },
        { """{"name":"a","kind":"schedule","schedule":"every day"}""", "triggers[0].schedule" },
        { """{"name":"a","kind":"schedule","schedule":"0 3 * *"}""", "triggers[0].schedule" },
        { """{"name":"a","kind":"schedule","schedule":"61 3 * * *"}""", "triggers[0].schedule" },
        { """{"name":"a","kind":"schedule","schedule":"0 0 30 2 *"}""", "triggers[0].schedule" },
        { """{"name":"a","kind":"schedule","schedule":"0 3 * * *","timezone":"Mars/Olympus"}""", "triggers[0].timezone" },
        { """{"name":"a","kind":"schedule","schedule":"0 3 * * *","timezone":"../../etc/passwd"}""", "triggers[0].timezone" },
        { """{"name":"a","kind":"schedule","schedule":"0 3 * * *","missed":"some"}""", "triggers[0].missed" },
        { """{"name":"a","kind":"artifact"}""", "triggers[0].artifact" },
        { """{"name":"a","kind":"artifact","artifact":"a/b"}""", "triggers[0].artifact" },
        { """{"name":"a","kind":"alias","artifact":"raw"}""", "triggers[0].alias" },
        { """{"name":"a","kind":"alias","artifact":"raw","alias":"v1"}""", "triggers[0].alias" },
        { """{"name":"a","kind":"check"}""", "triggers[0].check" },
        { """{"name":"a","kind":"webhook"}""", "triggers[0].secret" },
        { """{"name":"a","kind":"webhook","secret":"short"}""", "triggers[0].secret" },
        { """{"name":"","kind":"check","check":"x"}""", "triggers[0].name" },
        { """{"name":"a","kind":"check","check":"x","changes":[""]}""", "triggers[0].changes" },
        { """{"name":"a","kind":"check","check":"x"},{"name":"a","kind":"check","check":"y"}""", "triggers[1].name" },
        { "null", "triggers[0]" },
    };

    [Theory]
    [MemberData(nameof(BadTriggers))]
    public async Task A_bad_trigger_is_refused_with_its_field_and_nothing_is_registered(string triggers, string field)
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var name = $"bad-{Guid.NewGuid():N}";
        var refusal = await ModelShelf.RefusedAsync(await shelf.PutAsync($"/api/v1/pipelines/{name}", Body(shelf, triggers)), 400);
        Assert.True(refusal.Field == field, $"{refusal.Field}: {refusal.Message}");
        await ModelShelf.RefusedAsync(await server.Http.GetAsync(new Uri($"/api/v1/pipelines/{name}", UriKind.Relative)), 404);
    }

    [Fact]
    public async Task Bad_requests_around_pipelines_and_jobs_name_what_is_wrong()
    {
        var shelf = await ModelShelf.CreateAsync(server);
        foreach (var (source, field) in new[]
        {
            ("""{"kind":"tape","location":"x"}""", "source.kind"), ("""{"kind":"git","location":""}""", "source.location"),
            ("""{"kind":"folder","location":"/x","file":"../../etc/passwd"}""", "source.file"), ("""{"kind":"folder","location":"/x","file":"/etc/passwd"}""", "source.file"),
        })
        {
            Assert.Equal(field, (await ModelShelf.RefusedAsync(await shelf.PutAsync("/api/v1/pipelines/bad", $$"""{"experiment":"{{shelf.Name}}","source":{{source}}}"""), 400)).Field);
        }

        Assert.Equal("seconds", (await ModelShelf.RefusedAsync(await server.PostAsync("/api/v1/jobs/lease", """{"worker":"w","seconds":0}"""), 400)).Field);
        Assert.Equal("worker", (await ModelShelf.RefusedAsync(await server.PostAsync("/api/v1/jobs/lease", """{"worker":""}"""), 400)).Field);
        Assert.Equal("state", (await ModelShelf.RefusedAsync(await server.Http.GetAsync(new Uri("/api/v1/jobs?state=gone", UriKind.Relative)), 400)).Field);
        foreach (var path in new[] { "/api/v1/jobs/x/cancel", "/api/v1/triggers/x/pause", "/api/v1/triggers/x/resume", "/api/v1/triggers/x/fire" })
        {
            await ModelShelf.RefusedAsync(await server.PostAsync(path, "{}"), 404);
        }

        await ModelShelf.RefusedAsync(await server.PostAsync("/api/v1/jobs/x/heartbeat", """{"token":1}"""), 404);
        Assert.Equal("events[0]", (await ModelShelf.RefusedAsync(await server.PostAsync("/api/v1/webhooks", """{"name":"a","url":"https://h.example.com","events":["promotion.guessed"]}"""), 400)).Field);
    }

    private static string Body(ModelShelf shelf, string triggers) =>
        $$"""{"experiment":"{{shelf.Name}}","source":{"kind":"folder","location":"/nowhere"},"triggers":[{{triggers}}]}""";

    private static async Task<string> RegisterAsync(ModelShelf shelf, string triggers, string? name = null)
    {
        name ??= $"pipe-{Guid.NewGuid():N}";
        await ServerFixture.ReadAsync<PipelineInfo>(await shelf.PutAsync($"/api/v1/pipelines/{name}", Body(shelf, triggers)));
        return name;
    }

    private async Task<IReadOnlyList<JobInfo>> JobsAsync(string pipeline) => (await server.GetAsync<JobList>($"/api/v1/jobs?pipeline={pipeline}&limit=1000")).Jobs;

    private async Task<JobInfo> FireAsync(string trigger, string key) =>
        await ServerFixture.ReadAsync<JobInfo>(await server.PostAsync($"/api/v1/triggers/{trigger}/fire", $$"""{"key":"{{key}}"}"""));

    /// <summary>Only jobs of this test's pipelines wait while it runs: others are cancelled by their tests or have other classes' servers.</summary>
    private async Task<JobLease?> LeaseAsync(string worker)
    {
        while (true)
        {
            var lease = (await ServerFixture.ReadAsync<LeaseAnswer>(await server.PostAsync("/api/v1/jobs/lease", $$"""{"worker":"{{worker}}"}"""))).Lease;
            if (lease is null || lease.Job.TriggerName == "hand")
            {
                return lease;
            }

            (await server.PostAsync($"/api/v1/jobs/{lease.Job.Id}/end", $$"""{"token":{{lease.Token}},"state":"cancelled"}""")).Dispose();
        }
    }

    private async Task<HttpResponseMessage> DeliverAsync(string trigger, string delivery, long at, string secret)
    {
        const string body = """{"ref":"main"}""";
        var stamp = at.ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/hooks/{trigger}") { Content = new StringContent(body, new MediaTypeHeaderValue("text/plain")) };
        request.Headers.Add("X-Cairn-Delivery", delivery);
        request.Headers.Add("X-Cairn-Timestamp", stamp);
        request.Headers.Add("X-Cairn-Signature", $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{delivery}.{stamp}.{body}")))}");
        return await server.Http.SendAsync(request);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            Assert.True(tries < 600, "It did not happen within a minute.");
            await Task.Delay(100);
        }
    }
}
