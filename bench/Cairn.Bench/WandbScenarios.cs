using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cairn.Bench;

/// <summary>W&amp;B's clients: rows of a history streamed in, and runs begun in a project that has many.</summary>
internal static class WandbScenarios
{
    private const int Keys = 10;
    private const int RowsPerChunk = 500;
    private const int ChunksPerClient = 40;

    public static async Task RunAsync(ServerProcess server, Report report)
    {
        await StreamAsync(server, 8, "warm");
        var rate = await StreamAsync(server, 8, "load");
        report.AtLeast("durable file_stream, 8 runs, 10 scalars a row", rate, "points/s", 200_000);

        const int runs = 10_000;
        await Scenarios.LoadEachAsync(server, 16, runs, i => Upsert("many", string.Create(CultureInfo.InvariantCulture, $"fill{i}")));
        var (p50, p99) = await Scenarios.LoadEachAsync(server, 1, 500, i => Upsert("many", string.Create(CultureInfo.InvariantCulture, $"init{i}")));
        report.AtMost("wandb.init in a project of 10,000 runs, p99", p99, "ms", 20, $"p50 {p50:0.0} ms");
    }

    private static async Task<double> StreamAsync(ServerProcess server, int connections, string name)
    {
        var random = new Random(4);
        await Scenarios.LoadEachAsync(server, 1, connections, i => Upsert("stream", string.Create(CultureInfo.InvariantCulture, $"{name}{i}")));
        var requests = Enumerable.Range(0, connections)
            .Select(client => Enumerable.Range(0, ChunksPerClient).Select(i => Chunk($"{name}{client.ToString(CultureInfo.InvariantCulture)}", i * RowsPerChunk, random)).ToArray())
            .ToArray();
        var perSecond = await Scenarios.LoadAllAsync(server, connections, ChunksPerClient, (client, i) => requests[client][i]);
        return perSecond * RowsPerChunk * Keys;
    }

    private static byte[] Chunk(string run, int first, Random random)
    {
        var rows = new string[RowsPerChunk];
        for (var i = 0; i < RowsPerChunk; i++)
        {
            var row = new StringBuilder("{");
            for (var key = 0; key < Keys; key++)
            {
                row.Append(CultureInfo.InvariantCulture, $"\"metric_{key}\":{random.NextDouble():R},");
            }

            rows[i] = row.Append(CultureInfo.InvariantCulture, $"\"_runtime\":{i * 0.01:R},\"_timestamp\":{1.79e9 + ((first + i) * 0.037):R},\"_step\":{first + i}}}").ToString();
        }

        var body = new StringBuilder().Append(CultureInfo.InvariantCulture, $$"""{"files":{"wandb-history.jsonl":{"offset":{{first}},"content":[""");
        body.AppendJoin(',', rows.Select(row => $"\"{JsonEncodedText.Encode(row, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\""));
        return RawConnection.Post($"/files/cairn/stream/{run}/file_stream", Encoding.UTF8.GetBytes(body.Append("]}}}").ToString()));
    }

    private static byte[] Upsert(string project, string run)
    {
        const string document = "mutation UpsertBucket($name: String, $project: String, $config: JSONString, $tags: [String!]) { upsertBucket(input: {name: $name, modelName: $project, config: $config, tags: $tags}) { bucket { id name displayName config project { id name entity { id name } } historyLineCount } inserted } }";
        const string config = "{\\\"lr\\\":{\\\"value\\\":0.1},\\\"layers\\\":{\\\"value\\\":[1,2]}}";
        var body = $$"""{"query":"{{document}}","variables":{"name":"{{run}}","project":"{{project}}","tags":["bench"],"config":"{{config}}"} }""";
        return RawConnection.Post("/graphql", Encoding.UTF8.GetBytes(body));
    }
}
