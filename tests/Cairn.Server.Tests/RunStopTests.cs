using System.Net;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

public sealed class RunStopTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_run_that_is_asked_to_stop_goes_on_until_its_program_ends_it()
    {
        var run = await server.CreateRunAsync();
        for (var again = 0; again < 2; again++)
        {
            await ServerFixture.ReadAsync<RunInfo>(await server.PostAsync($"/api/v1/runs/{run.Id}/stop", ""));
            var detail = await server.GetAsync<RunDetail>($"/api/v1/runs/{run.Id}");
            Assert.Equal(("running", true), (detail.Run.Status, detail.StopRequested));
        }
    }

    [Fact]
    public async Task An_update_that_expects_a_tag_is_written_whole_or_refused_naming_the_tag()
    {
        var run = await server.CreateRunAsync();
        var path = $"/api/v1/runs/{run.Id}/updates";
        (await server.PostAsync(path, """{"tags":{"holder":"a"},"expectedTags":{"holder":null}}""")).EnsureSuccessStatusCode().Dispose();
        using (var refused = await server.PostAsync(path, """{"tags":{"holder":"b"},"status":"crashed","points":[{"key":"m","value":1}],"expectedTags":{"holder":null}}"""))
        {
            Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
            var text = await refused.Content.ReadAsStringAsync();
            Assert.Contains("holder", text, StringComparison.Ordinal);
            Assert.Contains("\"expectedTags\"", text, StringComparison.Ordinal);
        }

        var detail = await server.GetAsync<RunDetail>($"/api/v1/runs/{run.Id}");
        Assert.Equal(("running", "a", 0), (detail.Run.Status, detail.Tags["holder"], detail.Metrics.Count));
        (await server.PostAsync(path, """{"tags":{"holder":null},"expectedTags":{"holder":"a"}}""")).EnsureSuccessStatusCode().Dispose();
        using var unknown = await server.PostAsync($"/api/v1/runs/{new string('0', 32)}/updates", """{"expectedTags":{"holder":null}}""");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_run_that_is_over_or_unknown_cannot_be_stopped()
    {
        var run = await server.CreateRunAsync();
        (await server.PostAsync($"/api/v1/runs/{run.Id}/updates", """{"status":"finished"}""")).Dispose();
        using var over = await server.PostAsync($"/api/v1/runs/{run.Id}/stop", "");
        Assert.Equal(HttpStatusCode.PreconditionFailed, over.StatusCode);
        Assert.Contains("over already (finished)", await over.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var unknown = await server.PostAsync($"/api/v1/runs/{new string('0', 32)}/stop", "");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }
}
