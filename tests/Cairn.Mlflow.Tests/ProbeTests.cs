using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Golden answers: what MLflow's own server said to the same requests.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task Every_probe_is_answered_as_mlflow_answers_it()
    {
        await using var server = new MlflowServer();
        await server.InitializeAsync();
        var run = await server.NewRunAsync("0", new JsonObject { ["start_time"] = 1700000000000, ["run_name"] = "probe" });
        var faults = new List<string>();
        foreach (var probe in Probe.ReadAll())
        {
            var expected = probe.Expected.Replace("{run}", run, StringComparison.Ordinal);
            var answer = await probe.SendAsync(server, run);
            var difference = answer.Status != probe.Status
                ? $"status {answer.Status}, not {probe.Status}: {answer.Text}"
                : JsonDifference.Find(JsonNode.Parse(expected), answer.Json);
            if (difference is not null)
            {
                faults.Add($"{probe.About}: {difference}");
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private sealed record Probe(string About, string Method, string Path, string? Body, int Status, string Expected)
    {
        public static List<Probe> ReadAll()
        {
            using var stream = typeof(Probe).Assembly.GetManifestResourceStream("tracking-probes.txt")!;
            using var reader = new StreamReader(stream);
            return [.. reader.ReadToEnd().Split("\n= ").Skip(1).Select(Read)];
        }

        public Task<Answer> SendAsync(MlflowServer server, string run)
        {
            string Fill(string text) => text.Replace("{run}", run, StringComparison.Ordinal)
                .Replace("{6001}", new string('v', 6001), StringComparison.Ordinal)
                .Replace("{251}", new string('k', 251), StringComparison.Ordinal);
            var path = Fill(Path);
            return server.SendAsync(Method, path.StartsWith('/') ? path : $"/api/2.0/mlflow/{path}", Body is null ? null : Fill(Body));
        }

        private static Probe Read(string text)
        {
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('!')).ToArray();
            var request = lines[1].Split(' ', 2);
            var answer = lines[^1].Split(' ', 2);
            return new Probe(lines[0], request[0], request[1], lines.Length > 3 ? lines[2] : null, int.Parse(answer[0], System.Globalization.CultureInfo.InvariantCulture), answer[1]);
        }
    }
}
