using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Runs;

/// <summary>What clients log to be looked at is found by the pages.</summary>
public sealed class MediaTests(WandbServer server) : IClassFixture<WandbServer>
{
    [Fact]
    public async Task Pictures_tables_and_histograms_of_rows_are_media_of_the_run()
    {
        await server.UpsertAsync("shown", "media");
        await server.LogAsync(
            "shown",
            "media",
            0,
            """{"img":{"_type":"image-file","path":"media/images/a.png","caption":"one"},"t":{"_type":"table-file","path":"media/table/t.table.json","ncols":2,"nrows":1},"_step":0}""",
            """{"deep":{"h":{"_type":"histogram","values":[1,2],"bins":[0,0.5,1]}},"h2":{"_type":"histogram","values":[3,4],"packedBins":{"min":-1,"size":2,"count":2}},"_step":5}""",
            """{"page":{"_type":"html-file","path":"media/html/p.html"},"odd":{"_type":"histogram","values":"none"},"_step":6}""");
        var id = await RunIdAsync("shown");
        using var request = new StringContent($$"""{"runs":["{{id}}"]}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri("/api/v1/media", UriKind.Relative), request);
        var media = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["runs"]![0]!["media"]!.AsArray();
        Assert.Equal(
            ["deep.h histogram 5 ", "h2 histogram 5 ", "img image 0 media/images/a.png", "odd histogram 6 ", "page html 6 media/html/p.html", "t table 0 media/table/t.table.json"],
            media.Select(one => $"{one!["key"]} {one["kind"]} {one["step"]} {one["path"]}").Order(StringComparer.Ordinal));

        Assert.Equal("""{"histograms":[{"step":5,"counts":[1,2],"edges":[0,0.5,1]}],"total":1}""", await HistogramsAsync(id, "deep.h"));
        Assert.Equal("""{"histograms":[{"step":5,"counts":[3,4],"edges":[-1,1,3]}],"total":1}""", await HistogramsAsync(id, "h2"));
        Assert.Equal("""{"histograms":[],"total":1}""", await HistogramsAsync(id, "odd"));
        Assert.Equal("""{"histograms":[],"total":0}""", await HistogramsAsync(id, "none"));
    }

    private Task<string> HistogramsAsync(string run, string key) => server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run}/histograms?key={key}", UriKind.Relative));

    private async Task<string> RunIdAsync(string experiment)
    {
        var runs = JsonNode.Parse(await server.Http.GetStringAsync(new Uri($"/api/v1/runs?experiment={experiment}", UriKind.Relative)))!;
        return (string)runs["runs"]![0]!["run"]!["id"]!;
    }
}
