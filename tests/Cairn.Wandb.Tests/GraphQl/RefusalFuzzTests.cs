using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Wandb.Tests.Runs;

namespace Cairn.Wandb.Tests.GraphQl;

/// <summary>Five hundred documents and chunks of which each is wrong in a way of its own: each is refused, and the server's memory stays bounded.</summary>
[Collection(FuzzTests.Memory)]
public sealed class RefusalFuzzTests(WandbServer server) : IClassFixture<WandbServer>
{
    private const int Count = 500;
    private const string Run = "/files/cairn/refused/r/file_stream";

    [Fact]
    public async Task Each_of_five_hundred_wrong_documents_and_chunks_is_refused()
    {
        await server.UpsertAsync("refused", "r");
        await server.LogAsync("refused", "r", 0, """{"x":1,"_step":0}""");
        var random = new Random(20261127);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Count; i++)
        {
            using var content = i % 2 == 0 ? Json(Document(random, i / 2 % 10)) : Chunk(random, i / 2 % 10);

            // So that a hanging server fails the test; it is no measurement.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var response = await server.Http.PostAsync(new Uri(i % 2 == 0 ? "/graphql" : Run, UriKind.Relative), content, patience.Token);
            var answer = await response.Content.ReadAsStringAsync(patience.Token);
            var refused = (int)response.StatusCode is >= 400 and < 500 || JsonNode.Parse(answer)!["errors"] is JsonArray { Count: > 0 };
            Assert.True(refused, $"Kind {i / 2 % 10} of {(i % 2 == 0 ? "document" : "chunk")}: {(int)response.StatusCode} {answer}");
        }

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 100_000_000);
        Assert.Equal(["""{"x":1,"_step":0}"""], await server.HistoryAsync("refused", "r"));
    }

    private static string Document(Random random, int kind)
    {
        var text = Documents.Run;
        return kind switch
        {
            0 => Ask(text[..random.Next(1, text.LastIndexOf('}') - 1)]),
            1 => Ask($"{{{string.Concat(Enumerable.Repeat("project(name:\"a\"){run(name:\"r\"){project", random.Next(11, 2000)))}"),
            2 => Ask($"{{{string.Concat(Enumerable.Range(0, random.Next(250, 5000)).Select(i => $" a{i}: viewer {{ id }}"))} }}"),
            3 => Ask("query { viewer { ...a } } fragment a on User { ...b } fragment b on User { ...a }"),
            4 => Ask(text, new JsonObject { ["project"] = "p", ["entity"] = "e", ["name"] = random.Next(3) switch { 0 => new JsonObject { ["a"] = 1 }, 1 => null, _ => new JsonArray(new JsonArray("x")) } }),
            5 => Ask(Documents.Runs, new JsonObject { ["project"] = "refused", ["entity"] = "e", ["perPage"] = 1 }).Replace("\"perPage\":1", $"\"perPage\":1{new string('9', random.Next(20, 400))}", StringComparison.Ordinal),
            6 => $$"""{"query":"{ viewer { id \ud8{{random.Next(10, 99)}} } }"}""",
            7 => Ask(text.Replace("displayName", $"field{random.Next()}", StringComparison.Ordinal), Named()),
            8 => Ask(string.Concat(Enumerable.Repeat("query Same { viewer { id } } ", random.Next(2, 200)))),
            _ => Ask(Documents.Runs, new JsonObject { ["project"] = "refused", ["entity"] = "e", ["filters"] = Filter(random) }),
        };
    }

    private static string Filter(Random random) => random.Next(4) switch
    {
        0 => "{\"config.x\":{\"$where\":\"sleep(9)\"}}",
        1 => "{\"config.x\":{\"$regex\":\"(a+\"}}",
        2 => string.Concat(Enumerable.Repeat("{\"$and\":[", random.Next(20, 400))),
        _ => $"{{\"{new string('n', random.Next(1, 500))}\":1}}",
    };

    private static ByteArrayContent Chunk(Random random, int kind)
    {
        return kind switch
        {
            0 => Json(new string('{', random.Next(1, 100_000))),
            1 => Json("{\"files\":" + random.Next(3) switch { 0 => "5", 1 => "\"x\"", _ => "[{}]" } + "}"),
            2 => Lines("1", "5"),
            3 => Lines(random.Next(4) switch { 0 => "-1", 1 => "1e300", 2 => "\"0\"", _ => "999999999999999" }, "\"{}\""),
            4 => Lines("0", "\"x\"", new string('f', random.Next(1, 1000))),
            5 => Lines("1", $"\"{new string('[', random.Next(1, 50_000))}\""),
            6 => Lines("1", """
                "{\"x\":\"\ud800\"}"
                """),
            7 => Packed(random.Next(10) == 0 ? new byte[80 * 1024 * 1024] : new byte[random.Next(1, 100_000)]),
            8 => Broken(random),
            _ => Lines("1", $"\"{string.Concat(Enumerable.Repeat("{\\\"a\\\":", random.Next(200, 5000)))}\""),
        };
    }

    private static ByteArrayContent Lines(string offset, string content, string file = "wandb-history.jsonl") =>
        Json("{\"files\":{\"" + file + "\":{\"offset\":" + offset + ",\"content\":[" + content + "]}}}");

    private static JsonObject Named() => new() { ["project"] = "refused", ["entity"] = "e", ["name"] = "r" };

    private static string Ask(string document, JsonObject? variables = null) => new JsonObject { ["query"] = document, ["variables"] = variables ?? [] }.ToJsonString();

    private static ByteArrayContent Json(string body)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new("application/json");
        return content;
    }

    /// <summary>Zeros, which are few bytes when they are packed.</summary>
    private static ByteArrayContent Packed(byte[] zeros)
    {
        using var output = new MemoryStream();
        using (var pack = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            pack.Write(zeros);
        }

        return Encoded(output.ToArray());
    }

    private static ByteArrayContent Broken(Random random)
    {
        var bytes = new byte[random.Next(1, 5000)];
        random.NextBytes(bytes);
        return Encoded(bytes);
    }

    private static ByteArrayContent Encoded(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }
}
