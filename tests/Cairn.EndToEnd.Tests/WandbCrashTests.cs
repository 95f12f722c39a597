using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.EndToEnd.Tests;

/// <summary>kill -9 of the server in the middle of a W&amp;B client's run: the client sends its chunks again, and content and counts are exact.</summary>
public sealed class WandbCrashTests
{
    private const int Chunks = 150;
    private const int RowsPerChunk = 10;

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task A_streamed_run_is_exact_after_kill_9()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-wandb-crash-").FullName;
        using var server = new ServerProcess(folder);
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = ServerProcess.Limit };
        const string document = "mutation U($name: String, $project: String) { upsertBucket(input: {name: $name, modelName: $project}) { bucket { id } } }";
        await SendAsync(http, "/graphql", new JsonObject { ["query"] = document, ["variables"] = new JsonObject { ["name"] = "r", ["project"] = "crash" } }, cancellation);

        var sending = StreamAsync(http, cancellation);
        for (var kill = 0; kill < 5; kill++)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 200), cancellation);
            await server.KillAsync(cancellation);
            await server.StartAsync(cancellation);
        }

        await sending;
        const string history = "query H { project(name: \"crash\") { run(name: \"r\") { historyLineCount state history(samples: 100000) historyKeys } } }";
        var told = (await SendAsync(http, "/graphql", new JsonObject { ["query"] = history }, cancellation))["data"]!["project"]!["run"]!;
        Assert.Equal(Enumerable.Range(0, Chunks * RowsPerChunk).Select(Row), told["history"]!.AsArray().Select(row => (string)row!));
        Assert.Equal(Chunks * RowsPerChunk, (int)told["historyLineCount"]!);
        Assert.Equal(Chunks * RowsPerChunk, (int)told["historyKeys"]!["keys"]!["loss"]!["typeCounts"]![0]!["count"]!);
        Assert.Equal("finished", (string)told["state"]!);

        var runs = JsonNode.Parse(await http.GetStringAsync(new Uri("/api/v1/runs?experiment=crash", UriKind.Relative), cancellation))!;
        var id = (string)runs["runs"]![0]!["run"]!["id"]!;
        var series = JsonNode.Parse(await http.GetStringAsync(new Uri($"/api/v1/runs/{id}/series?key=loss&buckets=0", UriKind.Relative), cancellation))!;
        Assert.Equal(Chunks * RowsPerChunk, (int)series["series"]![0]!["count"]!);
        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task StreamAsync(HttpClient http, CancellationToken cancellation)
    {
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            var rows = Enumerable.Range(chunk * RowsPerChunk, RowsPerChunk).Select(row => (JsonNode)Row(row));
            var body = new JsonObject { ["files"] = new JsonObject { ["wandb-history.jsonl"] = new JsonObject { ["offset"] = chunk * RowsPerChunk, ["content"] = new JsonArray([.. rows]) } } };
            if (chunk == Chunks - 1)
            {
                body["complete"] = true;
                body["exitcode"] = 0;
            }

            await SendAsync(http, "/files/cairn/crash/r/file_stream", body, cancellation);
        }
    }

    /// <summary>Sends until it is answered, as clients do.</summary>
    private static async Task<JsonNode> SendAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
                var text = await answer.Content.ReadAsStringAsync(cancellation);
                return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)answer.StatusCode}: {text}");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, cancellation);
            }
        }
    }

    private static string Row(int number) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"loss":{{1.0 / (number + 1):R}},"_step":{{number}},"_timestamp":{{1_790_000_000 + number}},"_runtime":{{number}}}""");
}
