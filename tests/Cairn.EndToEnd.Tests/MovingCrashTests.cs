using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.EndToEnd.Tests;

/// <summary>kill -9 of an import, and of the server it writes to: begun again, it ends with what it would have ended with.</summary>
public sealed class MovingCrashTests
{
    private const int Runs = 60;
    private const int Artifacts = 20;
    private const int Kills = 8;

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task An_import_that_is_killed_again_and_again_is_exact_in_the_end()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-moving-crash-").FullName;
        var export = Path.Combine(folder, "export");
        using (var source = new ServerProcess(Path.Combine(folder, "source")))
        {
            await source.StartAsync(cancellation);
            await FillAsync(source.Address, cancellation);
            Assert.Equal(0, await RunAsync(source.Address, cancellation, "export", export));
        }

        using var target = new ServerProcess(Path.Combine(folder, "target"));
        await target.StartAsync(cancellation);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var import = Process.Start(Command(target.Address, "import", export))!;
            await Task.Delay(RandomNumberGenerator.GetInt32(50, 600), cancellation);
            if (kill % 2 == 0)
            {
                import.Kill();
            }
            else
            {
                await target.KillAsync(cancellation);
                await target.StartAsync(cancellation);
                import.Kill();
            }

            await import.WaitForExitAsync(cancellation);
        }

        Assert.Equal(0, await RunAsync(target.Address, cancellation, "import", export));
        var again = Path.Combine(folder, "again");
        Assert.Equal(0, await RunAsync(target.Address, cancellation, "export", again));
        Assert.Equal(Read(export), Read(again));
        target.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task FillAsync(Uri address, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (var run = 0; run < Runs; run++)
        {
            var made = await PostAsync(http, "api/2.0/mlflow/runs/create", new JsonObject { ["experiment_id"] = "0", ["run_name"] = $"run {run}", ["start_time"] = 1_700_000_000_000 + run }, cancellation);
            var id = (string)made["run"]!["info"]!["run_id"]!;
            var metrics = new JsonArray([.. Enumerable.Range(0, 1000).Select(step => (JsonNode)new JsonObject { ["key"] = "loss", ["value"] = 1.0 / (step + run + 1), ["timestamp"] = 1_700_000_000_000 + step, ["step"] = step })]);
            await PostAsync(http, "api/2.0/mlflow/runs/log-batch", new JsonObject { ["run_id"] = id, ["metrics"] = metrics }, cancellation);
            using var file = new ByteArrayContent(RandomNumberGenerator.GetBytes(20_000));
            using var kept = await http.PutAsync(new Uri($"api/v1/runs/{id}/files/deep/{run}.bin", UriKind.Relative), file, cancellation);
            Assert.True(kept.IsSuccessStatusCode);
            await PostAsync(http, "api/2.0/mlflow/runs/update", new JsonObject { ["run_id"] = id, ["status"] = "FINISHED", ["end_time"] = 1_700_000_100_000 + run }, cancellation);
        }

        for (var artifact = 0; artifact < Artifacts; artifact++)
        {
            for (var version = 0; version < 3; version++)
            {
                var bytes = RandomNumberGenerator.GetBytes(5_000);
                var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
                using var content = new ByteArrayContent(bytes);
                using var kept = await http.PutAsync(new Uri($"api/v1/blobs/{digest}", UriKind.Relative), content, cancellation);
                Assert.True(kept.IsSuccessStatusCode);
                var manifest = new JsonArray(new JsonObject { ["path"] = "data.bin", ["digest"] = digest, ["size"] = bytes.Length });
                await PostAsync(http, "api/v1/artifacts/versions", new JsonObject { ["experiment"] = "things", ["name"] = $"data-{artifact}", ["type"] = "dataset", ["manifest"] = manifest }, cancellation);
            }
        }
    }

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, JsonObject body, CancellationToken cancellation)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static ProcessStartInfo Command(Uri server, params IEnumerable<string> arguments)
    {
        var start = CairnProgram.Command(arguments);
        start.Environment["CAIRN_URL"] = server.ToString();
        start.RedirectStandardOutput = false;
        start.RedirectStandardError = false;
        return start;
    }

    private static async Task<int> RunAsync(Uri server, CancellationToken cancellation, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(Command(server, arguments))!;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    private static SortedDictionary<string, string> Read(string folder) => new(
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetRelativePath(folder, file),
            file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))),
        StringComparer.Ordinal);
}
