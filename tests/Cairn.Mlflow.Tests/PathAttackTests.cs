using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>
/// Paths that broke other servers, at every address that takes one, with files in the store and with files in a plain
/// folder beside which something secret lies. And paths that only look odd, which must not be refused.
/// </summary>
public sealed class PathAttackTests : IAsyncLifetime
{
    private const string Secret = "the secret beside the folder";

    private readonly string folder = Directory.CreateTempSubdirectory("cairn-attack-").FullName;
    private MlflowServer stored = null!;
    private MlflowServer plain = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "path"), Secret);
        await File.WriteAllTextAsync(Path.Combine(folder, "passwd"), Secret);
        stored = new MlflowServer();
        plain = new MlflowServer { ArtifactsDestination = Path.Combine(folder, "share") };
        await stored.InitializeAsync();
        await plain.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await stored.DisposeAsync();
        await plain.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Paths_that_leave_their_folder_are_refused_everywhere_and_nothing_is_read_or_written()
    {
        var faults = new List<string>();
        foreach (var server in new[] { stored, plain })
        {
            var run = await server.NewRunAsync();
            foreach (var path in Paths('-'))
            {
                await AttackAsync(server, run, path, faults);
            }

            Assert.Null((await server.GetAsync($"artifacts/list?run_id={run}")).Expect(200)["files"]);
            Assert.Equal("{}", (await server.SendAsync("GET", "api/2.0/mlflow-artifacts/artifacts?path=0")).Text);
            Assert.DoesNotContain("file_size", (await server.SendAsync("GET", "api/2.0/mlflow-artifacts/artifacts")).Text, StringComparison.Ordinal);
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.Equal(["passwd", "path", "share"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Secret, await File.ReadAllTextAsync(Path.Combine(folder, "path")));
    }

    [Fact]
    public async Task Odd_names_are_kept_and_given_back()
    {
        foreach (var server in new[] { stored, plain })
        {
            foreach (var path in Paths('+'))
            {
                var run = await server.NewRunAsync();
                var address = $"api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{Escape(path)}";
                (await server.SendAsync("PUT", address, path, "text/plain")).Expect(200);
                Assert.Equal(path, (await server.SendAsync("GET", address)).Text);
                Assert.Equal(path, (await server.SendAsync("GET", $"get-artifact?run_id={run}&path={Uri.EscapeDataString(path)}")).Text);
                var top = path.Split('/')[0];
                var listed = Assert.Single((await server.GetAsync($"artifacts/list?run_id={run}")).Expect(200)["files"]!.AsArray());
                Assert.Equal(top, (string)listed!["path"]!);
            }
        }
    }

    [Fact]
    public async Task A_place_of_files_cannot_carry_a_way_up_or_parameters()
    {
        string[] queries = ["https://example.com?..", "https://example.com?/path/../path/../path", "https://example.com?key=value&../../path", "https://example.com?key=value&%2E%2E%2Fpath", "https://example.com?key=value&%252E%252E%252Fpath", "http:///?/../../../../../../../../etc/"];
        foreach (var location in queries)
        {
            (await stored.PostAsync("experiments/create", new JsonObject { ["name"] = location, ["artifact_location"] = location })).Refuses("Invalid query string");
        }

        string[] parts = ["http://host#/abc/etc/", "http://host/;..%2F..%2Fetc", "http:///#/../../../../../../../../../etc/"];
        foreach (var location in parts)
        {
            (await stored.PostAsync("experiments/create", new JsonObject { ["name"] = location, ["artifact_location"] = location })).Refuses("'artifact_location' URL can't include fragments or params.");
        }
    }

    [Fact]
    public async Task A_place_that_a_client_names_on_the_servers_disk_is_never_opened()
    {
        foreach (var server in new[] { stored, plain })
        {
            var experiment = await server.NewExperimentAsync(new JsonObject { ["artifact_location"] = new Uri(folder).AbsoluteUri });
            var run = await server.NewRunAsync(experiment);
            Assert.Null((await server.GetAsync($"artifacts/list?run_id={run}")).Expect(200)["files"]);
            Assert.Equal(404, (await server.SendAsync("GET", $"get-artifact?run_id={run}&path=passwd")).Status);
        }
    }

    [Fact]
    public async Task An_error_does_not_repeat_what_was_sent_as_its_type()
    {
        var answer = await stored.SendAsync("POST", "api/2.0/mlflow/runs/create", "{}", "text/html; x=\"<script>alert(1)</script>\"");
        answer.Expect(400);
        Assert.DoesNotContain("<script>", answer.Text, StringComparison.Ordinal);
        Assert.Equal("application/json", answer.Headers["Content-Type"].Split(';')[0]);
    }

    private static async Task AttackAsync(MlflowServer server, string run, string path, List<string> faults)
    {
        var query = Uri.EscapeDataString(path);
        (string Method, string Address)[] attacks =
        [
            ("GET", $"/api/2.0/mlflow/artifacts/list?run_id={run}&path={query}"),
            ("GET", $"/get-artifact?run_id={run}&path={query}"),
            ("GET", $"/model-versions/get-artifact?name=m&version=1&path={query}"),
            ("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={query}"),
            ("GET", $"/api/2.0/mlflow-artifacts/artifacts?path={query}"),
            ("GET", $"/api/2.0/mlflow-artifacts/artifacts/{query}"),
            ("PUT", $"/api/2.0/mlflow-artifacts/artifacts/{query}"),
            ("PUT", $"/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{query}"),
            ("DELETE", $"/api/2.0/mlflow-artifacts/artifacts/{query}"),
            ("POST", $"/api/2.0/mlflow-artifacts/mpu/create/{query}"),
        ];
        foreach (var (method, address) in attacks)
        {
            // A path that is absolute only by itself is relative after the folder of the run.
            if (address.Contains("/artifacts/0/", StringComparison.Ordinal) && path.StartsWith('/') && !path.Contains("..", StringComparison.Ordinal))
            {
                continue;
            }

            var (status, text) = await server.SendRawAsync(method, address, method is "PUT" or "POST" ? "x" : "");
            if (status != 400 || text.Contains(Secret, StringComparison.Ordinal))
            {
                faults.Add($"{method} {address} ({path}): {status}");
            }
        }
    }

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static IEnumerable<string> Paths(char kind)
    {
        using var stream = typeof(PathAttackTests).Assembly.GetManifestResourceStream("attack-paths.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.StartsWith(kind)).Select(line => JsonSerializer.Deserialize<string>(line[2..])!)];
    }
}
