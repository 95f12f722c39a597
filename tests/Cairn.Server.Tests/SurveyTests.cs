using System.Net;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>Looking over many runs at once: keys, values, groups, bulk changes, views, the first page's facts.</summary>
public sealed class SurveyTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static int count;
    private readonly string experiment = $"survey-{Interlocked.Increment(ref count)}";

    [Fact]
    public async Task Keys_are_counted_over_all_runs_of_the_experiment_and_no_others()
    {
        await RunAsync("""{"depth":4,"opt":{"name":"sgd"}}""", ("loss", 1));
        var second = await RunAsync("""{"depth":5}""", ("loss", 2), ("acc", 0.5));
        await server.CreateRunAsync("survey-elsewhere");
        await server.PostAsync($"/api/v1/runs/{second.Id}/updates", """{"summary":{"best":7,"note":"text"},"tags":{"team":"a"}}""");
        var keys = await server.GetAsync<RunKeys>($"/api/v1/experiments/{second.ExperimentId}/keys");
        Assert.Equal([new RunKeyInfo("depth", 2), new RunKeyInfo("opt.name", 1)], keys.Params);
        Assert.Equal([new RunKeyInfo("acc", 1), new RunKeyInfo("best", 1), new RunKeyInfo("loss", 2)], keys.Metrics);
        Assert.Contains(new RunKeyInfo("team", 1), keys.Tags);
    }

    [Fact]
    public async Task Values_come_with_their_number_and_numbers_with_their_range()
    {
        var run = await RunAsync("""{"depth":4}""", ("loss", 3));
        await RunAsync("""{"depth":4}""", ("loss", -1));
        await RunAsync("""{"depth":12}""");
        var depths = await server.GetAsync<RunValues>($"/api/v1/experiments/{run.ExperimentId}/values?field=params.depth");
        Assert.Equal([new RunValueInfo("4", 2), new RunValueInfo("12", 1)], depths.Values);
        Assert.Equal((2, 3, 4, 12), (depths.Different, depths.Runs, (int)depths.Least!, (int)depths.Greatest!));
        var found = await server.GetAsync<RunValues>($"/api/v1/experiments/{run.ExperimentId}/values?field=params.depth&contains=2");
        Assert.Equal("12", Assert.Single(found.Values).Value);
        var losses = await server.GetAsync<RunValues>($"/api/v1/experiments/{run.ExperimentId}/values?field=metrics.loss");
        Assert.Equal((-1, 3, 2), ((int)losses.Least!, (int)losses.Greatest!, losses.Runs));
        Assert.Empty(losses.Values);
    }

    [Theory]
    [InlineData("ASC", new[] { "1e-3", "2", "9", "10", "auto", "none" })]
    [InlineData("DESC", new[] { "10", "9", "2", "1e-3", "auto", "none" })]
    public async Task Numbers_in_parameters_are_sorted_as_numbers_then_come_texts_then_runs_without_one(string direction, string[] expected)
    {
        foreach (var value in new[] { "10", "\"9\"", "\"auto\"", "2", "\"1e-3\"" })
        {
            await RunAsync($$"""{"depth":{{value}}}""");
        }

        await RunAsync("""{"other":1}""");
        var found = new List<string>();
        for (var token = ""; token is not null;)
        {
            var page = await server.GetAsync<RunPage>($"/api/v1/runs?experiment={experiment}&limit=1&orderBy={Uri.EscapeDataString($"params.depth {direction}")}&pageToken={Uri.EscapeDataString(token)}");
            found.AddRange(page.Runs.Select(row => row.Params.TryGetValue("depth", out var depth) ? depth.ToString() : "none"));
            token = page.NextPageToken;
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public async Task Groups_sum_up_what_their_runs_hold_and_their_runs_can_be_asked_for()
    {
        await RunAsync("""{"model":"a'b\"c","lr":0.1}""", ("loss", 1));
        await RunAsync("""{"model":"a'b\"c","lr":0.3}""", ("loss", 2));
        await RunAsync("""{"lr":0.3}""");
        var query = $"experiment={experiment}&by=params.model&of=metrics.loss&of=params.lr";
        var groups = await server.GetAsync<RunGroupList>($"/api/v1/runs/groups?{query}");
        Assert.Equal((2, 3), (groups.TotalGroups, groups.TotalRuns));
        Assert.Equal(["a'b\"c"], groups.Groups[0].Values);
        Assert.Equal(new RunAggregateInfo(2, 1.5, 1, 2, null), groups.Groups[0].Aggregates[0]);
        Assert.Equal(new RunAggregateInfo(2, 0.2, 0.1, 0.3, null), groups.Groups[0].Aggregates[1]);
        Assert.Equal([null], groups.Groups[1].Values);
        Assert.Equal(new RunAggregateInfo(0, null, null, null, null), groups.Groups[1].Aggregates[0]);
        Assert.Equal("0.3", groups.Groups[1].Aggregates[1].Only);

        foreach (var group in groups.Groups)
        {
            var pair = Uri.EscapeDataString(JsonSerializer.Serialize(new[] { "params.model", group.Values[0] }));
            var page = await server.GetAsync<RunPage>($"/api/v1/runs?experiment={experiment}&is={pair}");
            Assert.Equal(group.Runs, page.Runs.Count);
        }
    }

    [Theory]
    [InlineData("by=author")]
    [InlineData("by=job_type")]
    [InlineData("by=status")]
    [InlineData("by=metrics.loss")]
    [InlineData("by=start_time")]
    [InlineData("by=end_time")]
    [InlineData("by=parent_run_id")]
    [InlineData("by=tags.`a b`&by=params.x")]
    public async Task The_runs_of_every_group_are_those_that_its_values_find(string by)
    {
        by = by.Replace("author", "user_id", StringComparison.Ordinal);
        var first = await RunAsync("""{"x":1}""", ("loss", 0.1));
        await RunAsync("""{"x":2}""", ("loss", 0.1));
        await RunAsync("{}");
        await server.PostAsync($"/api/v1/runs/{first.Id}/updates", """{"tags":{"a b":"c"},"status":"failed"}""");
        await server.PostAsync("/api/v1/runs", $$"""{"experiment":"{{experiment}}","author":"ada","jobType":"train","parentId":"{{first.Id}}"}""");
        var groups = await server.GetAsync<RunGroupList>($"/api/v1/runs/groups?experiment={experiment}&{by}");
        Assert.Equal(4, groups.Groups.Sum(group => group.Runs));
        var fields = by.Split('&').Select(part => part[3..]).ToArray();
        foreach (var group in groups.Groups)
        {
            var pairs = fields.Select((field, i) => $"&is={Uri.EscapeDataString(JsonSerializer.Serialize(new[] { field, group.Values[i] }))}");
            var page = await server.GetAsync<RunPage>($"/api/v1/runs?experiment={experiment}{string.Concat(pairs)}");
            Assert.Equal(group.Runs, page.Runs.Count);
        }
    }

    [Theory]
    [InlineData("/api/v1/runs/groups?experiment={0}", "by")]
    [InlineData("/api/v1/runs/groups?experiment={0}&by=nonsense.x", "by")]
    [InlineData("/api/v1/runs/groups?experiment={0}&by=params.x&of=%20", "of")]
    [InlineData("/api/v1/runs/groups?experiment={0}&by=artifact_uri", "by")]
    [InlineData("/api/v1/runs?experiment={0}&is=x", "is")]
    [InlineData("/api/v1/runs?experiment={0}&is=[1,2]", "is")]
    [InlineData("/api/v1/runs?experiment={0}&is=[\"no.x\",\"2\"]", "is")]
    [InlineData("/api/v1/experiments/{1}/values", "field")]
    [InlineData("/api/v1/experiments/{1}/values?field=", "field")]
    [InlineData("/api/v1/experiments/{1}/values?field=what.ever", "field")]
    public async Task A_field_that_is_none_is_told(string path, string field)
    {
        var run = await RunAsync("{}");
        using var answer = await server.Http.GetAsync(new Uri(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, experiment, run.ExperimentId), UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = JsonSerializer.Deserialize<ErrorResponse>(await answer.Content.ReadAsStringAsync(), CairnJson.Default.Options)!.Error;
        Assert.Equal(field, error.Field);
    }

    [Fact]
    public async Task A_bulk_change_can_be_taken_back_and_changes_nothing_the_second_time()
    {
        var first = await RunAsync("{}");
        var second = await RunAsync("{}");
        await server.PostAsync($"/api/v1/runs/{first.Id}/updates", """{"tags":{"keep":"old"}}""");
        var body = $$$"""{"changes":[{"runIds":["{{{first.Id}}}","{{{second.Id}}}"],"tags":{"keep":"yes","gone":null}}]}""";
        var answer = await BulkAsync(body);
        Assert.Equal((2, 0), (answer.Changed, answer.Refused.Count));
        Assert.Equal(0, (await BulkAsync(body)).Changed);
        var undo = JsonSerializer.Serialize(new BulkRequest(answer.Undo), CairnJson.Default.BulkRequest);
        Assert.Equal(2, (await BulkAsync(undo)).Changed);
        Assert.Equal("old", (await server.GetAsync<RunDetail>($"/api/v1/runs/{first.Id}")).Tags["keep"]);
        Assert.False((await server.GetAsync<RunDetail>($"/api/v1/runs/{second.Id}")).Tags.ContainsKey("keep"));
    }

    [Fact]
    public async Task Runs_that_a_search_finds_go_to_the_bin_and_come_back()
    {
        await RunAsync("""{"x":1}""");
        await RunAsync("""{"x":1}""");
        await RunAsync("""{"x":2}""");
        var answer = await BulkAsync($$$"""{"changes":[{"where":{"experiment":"{{{experiment}}}","filter":"params.x = '1'"},"state":"deleted","tags":{"why":"wrong"}}]}""");
        Assert.Equal(2, answer.Changed);
        Assert.Single((await server.GetAsync<RunPage>($"/api/v1/runs?experiment={experiment}")).Runs);
        await BulkAsync(JsonSerializer.Serialize(new BulkRequest(answer.Undo), CairnJson.Default.BulkRequest));
        var runs = (await server.GetAsync<RunPage>($"/api/v1/runs?experiment={experiment}")).Runs;
        Assert.Equal(3, runs.Count);
        Assert.DoesNotContain(runs, run => run.Tags.ContainsKey("why"));
    }

    [Theory]
    [InlineData("""{"changes":[{"state":"deleted"}]}""", "changes[0]")]
    [InlineData("""{"changes":[null]}""", "changes[0]")]
    [InlineData("""{"changes":[{"runIds":[]}]}""", "changes[0]")]
    [InlineData("""{"changes":[{"where":{"experiment":"0","state":"gone"},"state":"deleted"}]}""", "state")]
    [InlineData("""{"changes":[{"runIds":[null],"state":"deleted"}]}""", "changes[0].runIds[0]")]
    public async Task A_bulk_change_that_says_nothing_is_refused(string body, string field)
    {
        using var answer = await server.PostAsync("/api/v1/runs/bulk", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(field, JsonSerializer.Deserialize<ErrorResponse>(await answer.Content.ReadAsStringAsync(), CairnJson.Default.Options)!.Error.Field);
    }

    [Fact]
    public async Task An_unknown_run_or_word_in_a_bulk_change_leaves_all_runs_as_they_are()
    {
        var run = await RunAsync("{}");
        using var unknown = await server.PostAsync("/api/v1/runs/bulk", $$"""{"changes":[{"runIds":["{{run.Id}}","{{new string('0', 32)}}"],"state":"deleted"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        using var word = await server.PostAsync("/api/v1/runs/bulk", $$"""{"changes":[{"runIds":["{{run.Id}}"],"state":"archived"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, word.StatusCode);
        Assert.Equal("active", (await server.GetAsync<RunDetail>($"/api/v1/runs/{run.Id}")).Run.State);
    }

    [Fact]
    public async Task Views_are_kept_replaced_and_forgotten()
    {
        var run = await RunAsync("{}");
        var views = $"/api/v1/experiments/{run.ExperimentId}/views";
        await PutAsync($"{views}?page=runs&name=best%20%2F%20ever", """{"state":"?sort=-metrics.acc"}""", HttpStatusCode.OK);
        await PutAsync($"{views}?page=runs&name=best%20%2F%20ever", """{"state":"?sort=metrics.loss"}""", HttpStatusCode.OK);
        await PutAsync($"{views}?page=workspace&name=best", """{"state":"{}"}""", HttpStatusCode.OK);
        var kept = Assert.Single((await server.GetAsync<SavedViewList>($"{views}?page=runs")).Views);
        Assert.Equal(("best / ever", "?sort=metrics.loss"), (kept.Name, kept.State));
        Assert.Equal(2, (await server.GetAsync<SavedViewList>(views)).Views.Count);
        using var gone = await server.Http.DeleteAsync(new Uri($"{views}?page=runs&name=best%20%2F%20ever", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var again = await server.Http.DeleteAsync(new Uri($"{views}?page=runs&name=best%20%2F%20ever", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await PutAsync($"{views}?page=Runs&name=x", """{"state":""}""", HttpStatusCode.BadRequest);
        await PutAsync($"{views}?page=runs&name={new string('x', 201)}", """{"state":""}""", HttpStatusCode.BadRequest);
        await PutAsync($"{views}?page=runs&name=x", $$"""{"state":"{{new string('x', 300_000)}}"}""", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_first_page_tells_what_runs_what_failed_and_what_was_promoted()
    {
        var day = DateTimeOffset.UtcNow.UtcDateTime.Date;
        var run = await RunAsync("{}");
        var failed = await RunAsync("{}");
        await server.PostAsync($"/api/v1/runs/{failed.Id}/updates", """{"logs":[{"line":0,"text":"8 rows, at least 1000 wanted","stream":"stderr"},{"line":1,"text":" "}],"status":"failed"}""");
        var checks = await RunAsync("{}");
        await server.PostAsync($"/api/v1/runs/{checks.Id}/checks", """{"name":"schema","passed":true}""");
        await server.PostAsync($"/api/v1/runs/{checks.Id}/checks", """{"name":"row_count","passed":false,"detail":"8 rows"}""");
        var measured = await RunAsync("{}", ("checks.drift", 0));
        await RunAsync("{}", ("checks.fine", 1));
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("x"u8));
        using var bytes = new ByteArrayContent("x"u8.ToArray());
        (await server.Http.PutAsync(new Uri($"/api/v1/blobs/{hash}", UriKind.Relative), bytes)).Dispose();
        (await server.PostAsync("/api/v1/artifacts/versions", $$"""{"name":"{{experiment}}","type":"model","runId":"{{run.Id}}","aliases":["prod"],"manifest":[{"path":"a","digest":"{{hash}}","size":1}]}""")).Dispose();
        var home = await server.GetAsync<HomeInfo>("/api/v1/home");
        var pulse = home.Experiments.Single(one => one.Experiment.Name == experiment);

        // Of today; of two days where midnight has passed meanwhile.
        var days = DateTimeOffset.UtcNow.UtcDateTime.Date == day ? 1 : 2;
        Assert.Equal((28, 5, 1), (pulse.Started.Count, pulse.Started.TakeLast(days).Sum(), pulse.Failed.TakeLast(days).Sum()));
        Assert.Contains(home.Running, one => one.Id == run.Id);
        Assert.Equal("8 rows, at least 1000 wanted", home.Failed.Single(one => one.Run.Id == failed.Id).Reason);
        Assert.Equal(("row_count", "8 rows"), home.Failed.Where(one => one.Run.Id == checks.Id).Select(one => (one.Check, one.Reason)).Single());
        Assert.Equal("drift", home.Failed.Single(one => one.Run.Id == measured.Id).Check);
        Assert.DoesNotContain(home.Failed, one => one.Check is "fine" or "schema");
        Assert.Equal("prod", home.Promotions.Single(one => one.Artifact == experiment).Change.Alias);

        var storage = await server.GetAsync<StorageInfo>("/api/v1/storage");
        Assert.Contains(storage.Uses, use => use is { Kind: "artifacts: model", Count: >= 1, Bytes: >= 1 });
        Assert.Contains(storage.Uses, use => use is { Kind: "database", Bytes: > 0 });
        Assert.True(storage.FreeBytes > 0);
    }

    private async Task<RunInfo> RunAsync(string parameters, params (string Key, double Value)[] metrics)
    {
        var run = await ServerFixture.ReadAsync<RunInfo>(await server.PostAsync("/api/v1/runs", $$"""{"experiment":"{{experiment}}","params":{{parameters}}}"""));
        var points = metrics.Select(metric => new MetricPoint(metric.Key, metric.Value)).ToList();
        using var body = new StringContent(JsonSerializer.Serialize(new RunUpdate(Points: points), CairnJson.Default.RunUpdate), System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri($"/api/v1/runs/{run.Id}/updates", UriKind.Relative), body);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return run;
    }

    private async Task<BulkAnswer> BulkAsync(string body) => await ServerFixture.ReadAsync<BulkAnswer>(await server.PostAsync("/api/v1/runs/bulk", body));

    private async Task PutAsync(string path, string json, HttpStatusCode expected)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Http.PutAsync(new Uri(path, UriKind.Relative), body);
        Assert.Equal(expected, answer.StatusCode);
    }
}
