using System.Net;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>Pictures, tables and the like of runs.</summary>
public sealed class MediaTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Media_of_several_runs_and_pictures_among_their_files_come_in_one_answer()
    {
        var first = await server.CreateRunAsync();
        var second = await server.CreateRunAsync();
        await ExpectAsync(first.Id, """{"media":[{"key":"t","step":3,"time":1,"kind":"table","path":"media/t.json"}]}""", HttpStatusCode.NoContent);
        foreach (var path in new[] { "media/t.json", "plots/ROC.PNG", "model.bin" })
        {
            using var body = new ByteArrayContent([1]);
            using var put = await server.Http.PutAsync(new Uri($"/api/v1/runs/{first.Id}/files/{path}", UriKind.Relative), body);
            Assert.True(put.IsSuccessStatusCode);
        }

        using var answer = await server.PostAsync("/api/v1/media", $$"""{"runs":["{{second.Id}}","{{first.Id}}","{{new string('0', 32)}}"]}""");
        var run = Assert.Single((await ServerFixture.ReadAsync<MediaList>(answer)).Runs);
        Assert.Equal(first.Id, run.RunId);
        Assert.Equal("t", Assert.Single(run.Media).Key);
        Assert.Equal(["plots/ROC.PNG"], run.Files);
    }

    [Fact]
    public async Task A_kind_that_nothing_can_show_is_refused()
    {
        var run = await server.CreateRunAsync();
        await ExpectAsync(run.Id, """{"media":[{"key":"t","step":3,"time":1,"kind":"histogram","path":"x"}]}""", HttpStatusCode.BadRequest);
        await ExpectAsync(run.Id, """{"media":[{"key":"t","step":3,"time":1,"kind":"smell","path":"x"}]}""", HttpStatusCode.BadRequest);
        using var none = await server.PostAsync("/api/v1/media", """{"runs":[]}""");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        using var unnamed = await server.Http.GetAsync(new Uri($"/api/v1/runs/{run.Id}/histograms", UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, unnamed.StatusCode);
    }

    private async Task ExpectAsync(string run, string update, HttpStatusCode status)
    {
        using var answer = await server.PostAsync($"/api/v1/runs/{run}/updates", update);
        Assert.Equal(status, answer.StatusCode);
    }
}
