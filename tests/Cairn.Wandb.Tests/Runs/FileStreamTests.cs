using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Runs;

/// <summary>What a run says while it runs.</summary>
public sealed class FileStreamTests(WandbServer server) : IClassFixture<WandbServer>
{
    [Fact]
    public async Task Rows_come_back_as_they_were_sent()
    {
        await server.UpsertAsync("stream", "rows");
        string[] rows = ["""{"acc":0.5,"deep":{"a":{"b":1}},"_step":0,"_timestamp":1795448287.392,"_runtime":1.5}""", """{"hist":{"_type":"histogram","values":[1,2],"bins":[0,1,2]},"_step":1}""", """{"bad":NaN,"worse":-Infinity,"_step":7}"""];
        await server.LogAsync("stream", "rows", 0, rows);
        Assert.Equal(rows, await server.HistoryAsync("stream", "rows"));
        Assert.Equal(rows[1..], await server.HistoryAsync("stream", "rows", min: 1, max: 100));
        Assert.Equal(rows[..1], await server.HistoryAsync("stream", "rows", min: 0, max: 1));

        var sampled = await server.SampledAsync("stream", "rows", """{"keys":["_step","bad"],"samples":10}""");
        Assert.Equal("""[{"_step":7,"bad":"NaN"}]""", sampled.ToJsonString());
        var keys = (await server.RunAsync("stream", "rows"))!["historyKeys"]!;
        Assert.Equal("""{"typeCounts":[{"type":"number","count":1}],"monotonic":true,"previousValue":1}""", keys["keys"]!["deep.a.b"]!.ToJsonString());
        Assert.Equal("histogram", (string)keys["keys"]!["hist"]!["typeCounts"]![0]!["type"]!);
        Assert.Equal(7, (int)keys["lastStep"]!);
    }

    [Fact]
    public async Task Chunks_sent_again_or_out_of_order_change_nothing()
    {
        await server.UpsertAsync("stream", "again");
        await server.LogAsync("stream", "again", 2, """{"loss":3,"_step":2}""");
        await server.LogAsync("stream", "again", 0, """{"loss":1,"_step":0}""", """{"loss":2,"_step":1}""");
        await server.LogAsync("stream", "again", 0, """{"loss":1,"_step":0}""", """{"loss":2,"_step":1}""");
        await server.LogAsync("stream", "again", 1, """{"loss":2,"_step":1}""", """{"loss":3,"_step":2}""", """{"loss":4,"_step":3}""");
        Assert.Equal(["""{"loss":1,"_step":0}""", """{"loss":2,"_step":1}""", """{"loss":3,"_step":2}""", """{"loss":4,"_step":3}"""], await server.HistoryAsync("stream", "again"));
        Assert.Equal(4, (int)(await server.RunAsync("stream", "again"))!["historyLineCount"]!);
        Assert.Equal([1, 2, 3, 4], await PointsAsync("stream", "again", "loss"));
    }

    [Fact]
    public async Task A_run_that_is_sent_once_more_after_its_end_is_there_once()
    {
        await server.UpsertAsync("stream", "twice");
        string[] rows = [.. Enumerable.Range(0, 6).Select(step => $$"""{"m":{{step}},"_timestamp":1795448287.5,"_step":{{step}}}""")];
        await server.LogAsync("stream", "twice", 0, rows);
        await server.StreamAsync("stream", "twice", new JsonObject { ["complete"] = true, ["exitcode"] = 0 });

        // The client asks how many lines there are, and sends its file after them, in two chunks; then again.
        for (var time = 0; time < 2; time++)
        {
            var lines = (int)(await server.ResumeAsync("stream", "twice"))["historyLineCount"]!;
            Assert.Equal(6, lines);
            await server.LogAsync("stream", "twice", lines, rows[..4]);
            await server.LogAsync("stream", "twice", lines + 4, rows[4..]);
            await server.LogAsync("stream", "twice", lines + 4, rows[4..]);
        }

        Assert.Equal(rows, await server.HistoryAsync("stream", "twice"));
        Assert.Equal([0, 1, 2, 3, 4, 5], await PointsAsync("stream", "twice", "m"));
        Assert.Equal(6, (int)(await server.RunAsync("stream", "twice"))!["historyKeys"]!["keys"]!["m"]!["typeCounts"]![0]!["count"]!);
    }

    [Fact]
    public async Task Of_a_run_that_is_sent_once_more_the_new_rows_are_kept_also_when_a_chunk_comes_again()
    {
        await using var own = new WandbServer();
        await own.InitializeAsync();
        await own.UpsertAsync("p", "longer");
        string[] rows = [.. Enumerable.Range(0, 6).Select(step => $$"""{"m":{{step}},"deep":{"_step":99},"bad":NaN,"_step":{{step}}}""")];
        await own.LogAsync("p", "longer", 0, rows[..3]);
        await own.LogAsync("p", "longer", 3, rows[..5]);
        await own.RestartAsync();
        await own.LogAsync("p", "longer", 3, rows[..5]);
        await own.LogAsync("p", "longer", 8, rows[5..]);
        Assert.Equal(rows, await own.HistoryAsync("p", "longer"));
        Assert.Equal(rows[5], (string)JsonNode.Parse((string)(await own.ResumeAsync("p", "longer"))["historyTail"]!)![0]!);
        Assert.Equal(6, (int)(await own.RunAsync("p", "longer"))!["historyKeys"]!["keys"]!["m"]!["typeCounts"]![0]!["count"]!);
    }

    [Fact]
    public async Task Rows_without_a_step_are_never_taken_for_sent_again()
    {
        await server.UpsertAsync("stream", "stepless");
        string[] rows = ["""{"m":1}""", """{"m":1}""", """{"m":2}"""];
        await server.LogAsync("stream", "stepless", 0, rows[..2]);
        await server.LogAsync("stream", "stepless", 2, rows[2..]);
        Assert.Equal(rows, await server.HistoryAsync("stream", "stepless"));
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using var own = new WandbServer();
        await own.InitializeAsync();
        await own.UpsertAsync("p", "r", new JsonObject { ["config"] = """{"a":{"value":1}}""" });
        await own.LogAsync("p", "r", 0, """{"x":1,"_step":0}""");
        await own.RestartAsync();
        await own.LogAsync("p", "r", 1, """{"x":2,"_step":1}""");
        Assert.Equal(["""{"x":1,"_step":0}""", """{"x":2,"_step":1}"""], await own.HistoryAsync("p", "r"));
        Assert.Equal(2, (int)(await own.RunAsync("p", "r"))!["historyKeys"]!["keys"]!["x"]!["typeCounts"]![0]!["count"]!);
    }

    [Fact]
    public async Task The_console_is_shown_as_a_terminal_shows_it()
    {
        await server.UpsertAsync("stream", "console");
        await server.StreamAsync("stream", "console", Documents.Chunk("output.log", 0, "2026-11-23T15:37:42.778 10%\r50%\r100%\n", "ERROR 2026-11-23T15:37:43.000 oh\n", """{"level":"error","ts":"2026-11-23T15:37:44","content":"structured"}"""));
        await server.StreamAsync("stream", "console", Documents.Chunk("output.log", 1, "2026-11-23T15:37:45.000 rewritten"));
        var data = await server.DoAsync("query RunConsoleLogTail($r: String!) { project(name: \"stream\") { run(name: $r) { logLineCount logLines(last: 10) { edges { node { number timestamp level label line } } } } } }", new JsonObject { ["r"] = "console" });
        var lines = data["project"]!["run"]!["logLines"]!["edges"]!.AsArray().Select(edge => edge!["node"]!).ToList();
        Assert.Equal(["100%", "rewritten", "structured"], lines.Select(line => (string)line["line"]!));
        Assert.Equal(["info", "info", "error"], lines.Select(line => (string)line["level"]!));
    }

    [Fact]
    public async Task A_console_in_several_pieces_is_taken()
    {
        await server.UpsertAsync("stream", "pieces");
        await server.PostAsync("/files/cairn/stream/pieces/file_stream", """{"files":{"output.log":[{"offset":0,"content":["a\n"]},{"offset":2,"content":["c\n"]}]}}""");
        Assert.Equal(3, (int)(await server.ResumeAsync("stream", "pieces"))["logLineCount"]!);
    }

    [Fact]
    public async Task A_summary_is_kept_exactly_and_its_last_line_holds()
    {
        await server.UpsertAsync("stream", "summary");
        await server.StreamAsync("stream", "summary", Documents.Chunk("wandb-summary.json", 0, """{"acc":1}""", """{"acc":{"max":2},"best":0.99,"nan":NaN,"_step":3}"""));
        Assert.Equal("""{"acc":{"max":2},"best":0.99,"nan":NaN,"_step":3}""", (string)(await server.RunAsync("stream", "summary"))!["summaryMetrics"]!);
    }

    [Fact]
    public async Task Packed_chunks_are_unpacked_and_bombs_are_not()
    {
        await server.UpsertAsync("stream", "packed");
        Assert.Equal(HttpStatusCode.OK, await PackedAsync(Encoding.UTF8.GetBytes(Documents.Chunk("wandb-history.jsonl", 0, """{"x":1,"_step":0}""").ToJsonString())));
        Assert.Equal(["""{"x":1,"_step":0}"""], await server.HistoryAsync("stream", "packed"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PackedAsync(new byte[200_000_000]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"files\":[]}")]
    [InlineData("{\"files\":{\"wandb-history.jsonl\":{\"offset\":-1,\"content\":[\"{}\"]}}}")]
    [InlineData("{\"files\":{\"wandb-history.jsonl\":{\"offset\":1e99,\"content\":[\"{}\"]}}}")]
    [InlineData("{\"files\":{\"wandb-history.jsonl\":{\"offset\":0,\"content\":[\"{\"]}}}")]
    [InlineData("{\"files\":{\"wandb-history.jsonl\":{\"offset\":0,\"content\":[\"{}\",5]}}}")]
    [InlineData("{\"files\":{\"wandb-history.jsonl\":{\"offset\":0,\"content\":[\"{\\\"a\\\":\\\"\\\\ud800\\\",\\\"\\\\ud800\\\":1}\"]}}}")]
    [InlineData("{\"files\":{\"output.log\":{\"offset\":0,\"content\":[\"\\ud800\"]}}}")]
    [InlineData("{\"files\":{\"other.txt\":{\"offset\":0,\"content\":[\"x\"]}}}")]
    public async Task A_bad_chunk_is_refused_and_leaves_nothing(string body)
    {
        await server.UpsertAsync("stream", "bad");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync(new Uri("/files/cairn/stream/bad/file_stream", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]);
        Assert.Empty(await server.HistoryAsync("stream", "bad"));
    }

    [Fact]
    public async Task An_unknown_run_is_404()
    {
        using var content = new StringContent("{}");
        using var response = await server.Http.PostAsync(new Uri("/files/cairn/stream/none/file_stream", UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private async Task<List<double>> PointsAsync(string project, string run, string key)
    {
        var found = await server.GetJsonAsync($"/api/v1/runs?experiment={project}");
        foreach (var row in found["runs"]!.AsArray())
        {
            var id = (string)row!["run"]!["id"]!;
            var series = await server.GetJsonAsync($"/api/v1/runs/{id}/series?key={key}");
            var points = series["series"]![0]!;
            if (points["values"] is JsonArray { Count: > 0 } values)
            {
                return [.. values.Select(value => (double)value!)];
            }
        }

        throw new InvalidOperationException($"{run} has no {key}");
    }

    private async Task<HttpStatusCode> PackedAsync(byte[] body)
    {
        var packed = new MemoryStream();
        await using (var press = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await press.WriteAsync(body);
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await server.Http.PostAsync(new Uri("/files/cairn/stream/packed/file_stream", UriKind.Relative), content);
        return response.StatusCode;
    }
}
