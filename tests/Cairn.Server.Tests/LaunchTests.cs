using System.Net;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>Running a registered pipeline because a person wants it.</summary>
public sealed class LaunchTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_launch_leaves_a_job_with_its_changes_and_the_same_wish_twice_is_one_job()
    {
        var name = await RegisterAsync();
        var job = await LaunchAsync(name, """{"changes":["model.trees=200"],"key":"once","who":"ada"}""");
        Assert.Equal(("waiting", "launched by ada", null), (job.State, job.Cause, job.TriggerId));
        Assert.Equal(["model.trees=200"], job.Changes);
        Assert.Equal(job.Id, (await LaunchAsync(name, """{"changes":["model.trees=200"],"key":"once"}""")).Id);
        Assert.NotEqual(job.Id, (await LaunchAsync(name, "{}")).Id);
        Assert.Equal(2, (await server.GetAsync<JobList>($"/api/v1/jobs?pipeline={name}")).Jobs.Count);
    }

    [Fact]
    public async Task A_failed_run_goes_on_and_one_that_cannot_is_refused()
    {
        var name = await RegisterAsync();
        var run = await server.CreateRunAsync(name);
        var body = $$"""{"runId":"{{run.Id}}"}""";
        await RefusedAsync(name, body, HttpStatusCode.PreconditionFailed, "runId");
        await server.PostAsync($"/api/v1/runs/{run.Id}/updates", $$$"""{"tags":{"cairn.pipeline.name":"{{{name}}}"}}""");
        await RefusedAsync(name, body, HttpStatusCode.PreconditionFailed, "runId");
        await server.PostAsync($"/api/v1/runs/{run.Id}/updates", """{"status":"failed"}""");
        await RefusedAsync(name, $$"""{"runId":"{{run.Id}}","changes":["a=1"]}""", HttpStatusCode.BadRequest, "changes");
        Assert.Equal(run.Id, (await LaunchAsync(name, body)).RunId);
    }

    [Fact]
    public async Task What_is_not_there_or_makes_no_sense_is_told()
    {
        var name = await RegisterAsync();
        await RefusedAsync("no-such-pipeline", "{}", HttpStatusCode.NotFound, null);
        await RefusedAsync(name, $$"""{"runId":"{{new string('0', 32)}}"}""", HttpStatusCode.NotFound, null);
        await RefusedAsync(name, """{"changes":[" "]}""", HttpStatusCode.BadRequest, "changes");
        await RefusedAsync(name, $$"""{"who":"{{new string('x', 2000)}}"}""", HttpStatusCode.BadRequest, "who");
    }

    private async Task<string> RegisterAsync()
    {
        var name = $"launch-{Guid.NewGuid():N}";
        using var body = new StringContent($$$"""{"experiment":"{{{name}}}","source":{"kind":"folder","location":"/srv/weather"}}""", System.Text.Encoding.UTF8, "application/json");
        (await server.Http.PutAsync(new Uri($"/api/v1/pipelines/{name}", UriKind.Relative), body)).EnsureSuccessStatusCode().Dispose();
        return name;
    }

    private async Task<JobInfo> LaunchAsync(string name, string json) => await ServerFixture.ReadAsync<JobInfo>(await server.PostAsync($"/api/v1/pipelines/{name}/jobs", json));

    private async Task RefusedAsync(string name, string json, HttpStatusCode status, string? field)
    {
        using var answer = await server.PostAsync($"/api/v1/pipelines/{name}/jobs", json);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(field, JsonSerializer.Deserialize<ErrorResponse>(await answer.Content.ReadAsStringAsync(), CairnJson.Default.Options)!.Error.Field);
    }
}
