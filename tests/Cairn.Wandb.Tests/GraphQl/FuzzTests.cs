using System.Text;
using System.Text.Json.Nodes;
using Cairn.Wandb.Tests.Runs;

namespace Cairn.Wandb.Tests.GraphQl;

/// <summary>Five hundred hostile documents and chunks: each is answered with an error, and the server lives on with bounded memory.</summary>
[CollectionDefinition(Memory, DisableParallelization = true)]
[Collection(Memory)]
public sealed class FuzzTests(WandbServer server) : IClassFixture<WandbServer>
{
    /// <summary>The collection of tests that measure the memory of the whole process, beside which nothing else may run, or need much.</summary>
    public const string Memory = "memory";

    private static readonly string[] Documents = [Runs.Documents.Upsert, Runs.Documents.Run, Runs.Documents.Resume, Runs.Documents.Runs, Runs.Documents.Sampled];

    [Fact]
    public async Task Five_hundred_hostile_documents_and_chunks_are_each_refused_or_answered()
    {
        await server.UpsertAsync("fuzz", "r");
        var random = new Random(20261126);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 500; i++)
        {
            var (path, body) = i % 2 == 0 ? ("/graphql", Document(random, i / 2)) : ("/files/cairn/fuzz/r/file_stream", Chunk(random, i / 2));
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new("application/json");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var response = await server.Http.PostAsync(new Uri(path, UriKind.Relative), content, patience.Token);
            var answer = await response.Content.ReadAsStringAsync(patience.Token);
            Assert.True((int)response.StatusCode < 500, $"{i}: {(int)response.StatusCode} {answer} for {Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, 300)))}");
            Assert.True(JsonNode.Parse(answer) is JsonObject, answer);
        }

        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 200_000_000);
        Assert.NotNull(await server.RunAsync("fuzz", "r"));
    }

    // A good document with something broken in it: cut, doubled, renamed, deepened, or with odd variables.
    private static byte[] Document(Random random, int index)
    {
        var text = Documents[index % Documents.Length];
        var at = random.Next(text.Length);
        var broken = (index % 10) switch
        {
            0 => text[..at],
            1 => text.Insert(at, new string('{', random.Next(1, 5000))),
            2 => text.Insert(at, string.Concat(Enumerable.Range(0, random.Next(1, 3000)).Select(i => $" a{i}: id "))),
            3 => text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at)),
            4 => text + " fragment f on Run { ...g } fragment g on Run { ...f }" + "query X { project(name: \"a\") { run(name: \"b\") { ...f } } }",
            5 => text.Replace("name", "\\ud800name", StringComparison.Ordinal),
            6 => text.Insert(at, $"\"\"\"{new string('x', random.Next(100_000))}"),
            7 => text.Insert(at, "99999999999999999999999999999999999"),
            8 => string.Concat(Enumerable.Repeat(text, random.Next(2, 50))),
            _ => text,
        };
        var variables = new JsonObject { ["project"] = Odd(random, 0), ["entity"] = Odd(random, 0), ["name"] = Odd(random, 0), ["config"] = Odd(random, 0), ["tags"] = Odd(random, 0), ["filters"] = Odd(random, 0), ["order"] = Odd(random, 0), ["spec"] = Odd(random, 0), ["run"] = Odd(random, 0), ["perPage"] = Odd(random, 0), ["state"] = Odd(random, 0) };
        return Encoding.UTF8.GetBytes($$"""{"query":"{{Escape(broken)}}","variables":{{variables.ToJsonString()}} }""");
    }

    private static byte[] Chunk(Random random, int index)
    {
        var line = (index % 8) switch
        {
            0 => new string('[', random.Next(1, 20_000)),
            1 => "{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", random.Next(1, 500))) + "1" + new string('}', random.Next(1, 500)),
            2 => $$"""{"x":{{new string('9', random.Next(1, 5000))}},"_step":{{new string('9', random.Next(1, 40))}} }""",
            3 => "{\"x\":NaN,\"y\":nan}",
            4 => "{\"\\ud800\":1}",
            5 => Odd(random, 0)?.ToJsonString() ?? "null",
            6 => """{"_step":"five","_timestamp":{},"x":{"_type":7,"path":[]}}""",
            _ => """{"img":{"_type":"image-file","path":"../../etc/passwd"},"imgs":{"_type":"images/separated","filenames":[5,"/x",null],"captions":[1]}}""",
        };
        var file = (index % 5) switch { 0 => "wandb-events.jsonl", 1 => "output.log", 2 => "wandb-summary.json", _ => "wandb-history.jsonl" };
        var offset = (index % 7) switch { 0 => "-1", 1 => "1e300", 2 => "\"0\"", 3 => "999999999999999", _ => "0" };
        var complete = index % 3 == 0 ? "\"yes\"" : "false";
        var code = index % 2 == 0 ? "1e99" : "null";
        return Encoding.UTF8.GetBytes($$$"""{"files":{"{{{file}}}":{"offset":{{{offset}}},"content":["{{{Escape(line)}}}"]}},"complete":{{{complete}}},"exitcode":{{{code}}} }""");
    }

    private static JsonNode? Odd(Random random, int depth) => random.Next(9) switch
    {
        0 => null,
        1 => random.NextInt64(),
        2 => new string('x', random.Next(2000)),
        3 => true,
        4 when depth < 6 => new JsonArray(Odd(random, depth + 1), Odd(random, depth + 1)),
        5 when depth < 6 => new JsonObject { ["$and"] = Odd(random, depth + 1), ["value"] = Odd(random, depth + 1) },
        6 => "{\"$and\":[{\"config.x\":{\"$regex\":\"(a+)+$\"}}]}",
        7 => 1e308,
        _ => "fuzz",
    };

    private static string Escape(string text) => text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
