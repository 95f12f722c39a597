using System.Text.Json.Nodes;
using Cairn.Tests;

namespace Cairn.Mlflow.Tests;

/// <summary>
/// Paths that broke other servers, at every address that takes one, with files in the store and with files in a plain
/// folder beside which something secret lies. And paths that only look odd, which must not be refused.
/// </summary>
public sealed class PathAttackTests : IAsyncLifetime
{
    private const string Secret = "the secret beside the folder";
    private const string Proxy = "/api/2.0/mlflow-artifacts/artifacts";
    private const string Parts = "/api/2.0/mlflow-artifacts/mpu";

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

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Paths_that_leave_their_folder_are_refused_at_every_address_and_nothing_is_read_or_written(bool inPlainFolder)
    {
        var server = inPlainFolder ? plain : stored;
        var target = await Target.MakeAsync(server);
        var before = await target.FilesAsync();
        var faults = new List<string>();
        foreach (var (number, path) in AttackPaths.Refused)
        {
            foreach (var (method, address, body) in target.Attacks(path))
            {
                var (status, text) = await server.SendRawAsync(method, address, body, body.StartsWith('{') ? "application/json" : null);
                var isRefused = address.StartsWith("/graphql", StringComparison.Ordinal) ? status == 200 : status == 400;
                if (!isRefused || !text.Contains("Invalid path", StringComparison.Ordinal) || text.Contains(Secret, StringComparison.Ordinal))
                {
                    faults.Add($"{number} {method} {address} ({path}): {status} {text[(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]}");
                }
            }

            // As it stands, which the HTTP server itself takes apart; whatever is left of it must lead nowhere.
            if (!path.AsSpan().ContainsAny(" #\\"))
            {
                foreach (var method in new[] { "GET", "PUT", "DELETE" })
                {
                    var (status, text) = await server.SendRawAsync(method, $"{Proxy}/{path}", method == "PUT" ? "x" : "");
                    if (status is not (400 or 404) || text.Contains(Secret, StringComparison.Ordinal))
                    {
                        faults.Add($"{number} {method} {Proxy}/{path} as it stands: {status}");
                    }
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.Equal(before, await target.FilesAsync());
        Assert.Equal(["passwd", "path", "share"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Secret, await File.ReadAllTextAsync(Path.Combine(folder, "path")));
    }

    /// <summary>The client names its own file when it begins an upload in parts: only the last name of it counts, and only inside the folder.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_local_path_of_an_upload_in_parts_names_a_file_of_its_folder_or_is_refused(bool inPlainFolder)
    {
        var server = inPlainFolder ? plain : stored;
        var run = await server.NewRunAsync();
        foreach (var (number, path) in AttackPaths.Refused)
        {
            var body = new JsonObject { ["path"] = path, ["num_parts"] = 1 }.ToJsonString();
            var begun = await server.SendAsync("POST", $"{Parts}/create/0/{run}/artifacts", body);
            if (begun.Status != 200)
            {
                Assert.True(begun.Status == 400, $"{number}: {begun.Text}");
                continue;
            }

            var etag = (await server.SendAsync("PUT", (string)begun.Json["credentials"]![0]!["url"]!, "x", "application/octet-stream")).Headers["ETag"];
            body = new JsonObject { ["path"] = path, ["upload_id"] = (string)begun.Json["upload_id"]!, ["parts"] = new JsonArray(new JsonObject { ["part_number"] = 1, ["etag"] = etag }) }.ToJsonString();
            (await server.SendAsync("POST", $"{Parts}/complete/0/{run}/artifacts", body)).Expect(200);
        }

        var names = ((await server.GetAsync($"artifacts/list?run_id={run}")).Expect(200)["files"] as JsonArray ?? []).Select(file => (string)file!["path"]!).ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.DoesNotContain('/', name));
        Assert.Equal("{}", (await server.SendAsync("GET", $"{Proxy}?path=etc")).Text);
        Assert.Equal(Secret, await File.ReadAllTextAsync(Path.Combine(folder, "passwd")));
        Assert.Equal(["passwd", "path", "share"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Odd_names_are_kept_at_every_address_and_given_back(bool inPlainFolder)
    {
        var server = inPlainFolder ? plain : stored;
        foreach (var (number, path) in AttackPaths.Kept)
        {
            var run = await server.NewRunAsync();
            var root = $"{Proxy}/0/{run}/artifacts";
            (await server.SendAsync("PUT", $"{root}/proxy/{AttackPaths.Address(path)}", path, "text/plain")).Expect(200);
            (await server.SendAsync("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path={AttackPaths.Escaped($"posted/{path}")}", path, "text/plain")).Expect(200);
            await PutInPartsAsync(server, run, path);
            foreach (var way in new[] { "proxy", "posted", "parts" })
            {
                Assert.Equal(path, (await server.SendAsync("GET", $"{root}/{way}/{AttackPaths.Address(path)}")).Text);
                Assert.Equal(path, (await server.SendAsync("GET", $"get-artifact?run_id={run}&path={AttackPaths.Escaped($"{way}/{path}")}")).Text);
                Assert.Equal([$"{way}/{AttackPaths.Listed(path)}"], await ListAsync(server, run, way));
            }

            (await server.SendAsync("DELETE", $"{root}/proxy/{AttackPaths.Address(path)}")).Expect(200);
            Assert.True((await server.SendAsync("GET", $"{root}/proxy/{AttackPaths.Address(path)}")).Status == 404, number);

            var model = (await server.DoAsync("logged-models", new JsonObject { ["experiment_id"] = "0" }))["model"]!["info"]!;
            var place = ((string)model["artifact_uri"]!)["mlflow-artifacts:/".Length..];
            (await server.SendAsync("PUT", $"{Proxy}/{place}/{AttackPaths.Address(path)}", path, "text/plain")).Expect(200);
            var file = await server.GetAsync($"logged-models/{model["model_id"]}/artifacts/files?artifact_file_path={AttackPaths.Escaped(path)}");
            Assert.Equal((200, path), (file.Status, file.Text));
        }
    }

    [Theory]
    [InlineData("050", "https://example.com?..", "Invalid query string")]
    [InlineData("051", "https://example.com?/path/../path/../path", "Invalid query string")]
    [InlineData("052", "https://example.com?key=value&../../path", "Invalid query string")]
    [InlineData("053", "https://example.com?key=value&%2E%2E%2Fpath", "Invalid query string")]
    [InlineData("054", "https://example.com?key=value&%252E%252E%252Fpath", "Invalid query string")]
    [InlineData("055", "http://host#/abc/etc/", "'artifact_location' URL can't include fragments or params.")]
    [InlineData("056", "http://host/;..%2F..%2Fetc", "'artifact_location' URL can't include fragments or params.")]
    [InlineData("057", "http:///#/../../../../../../../../../etc/", "'artifact_location' URL can't include fragments or params.")]
    [InlineData("058", "http:///?/../../../../../../../../etc/", "Invalid query string")]
    public async Task A_place_of_files_cannot_carry_a_way_up_or_parameters(string number, string location, string message)
    {
        foreach (var server in new[] { stored, plain })
        {
            (await server.PostAsync("experiments/create", new JsonObject { ["name"] = number, ["artifact_location"] = location })).Refuses(message);
            (await server.GetAsync($"experiments/get-by-name?experiment_name={number}")).Expect(404);
            Assert.Equal(404, (await server.SendAsync("GET", $"get-artifact?run_id={new string('0', 32)}&path=passwd")).Status);

            // What came by an import, which keeps places as they were elsewhere, is as little a way to the disk.
            var import = new JsonObject { ["experiments"] = new JsonArray(new JsonObject { ["id"] = "77", ["name"] = $"imported {number}", ["createdAt"] = 1, ["artifactLocation"] = location }), ["runs"] = new JsonArray() };
            var imported = await server.SendAsync("POST", "api/v1/import", import.ToJsonString());
            if (imported.Status == 200)
            {
                await AssertNothingIsReadAsync(server, (string)(await server.GetAsync($"experiments/get-by-name?experiment_name=imported%20{number}")).Expect(200)["experiment"]!["experiment_id"]!);
            }
        }
    }

    [Theory]
    [InlineData("{folder}")]
    [InlineData("file:{folder}")]
    [InlineData("file://{folder}")]
    [InlineData("file://localhost{folder}")]
    [InlineData("mlflow-artifacts:/../..{folder}")]
    [InlineData("mlflow-artifacts:/..")]
    [InlineData("mlflow-artifacts:/%2e%2e")]
    [InlineData("mlflow-artifacts://host/../")]
    [InlineData("http://host/api/2.0/mlflow-artifacts/artifacts/..")]
    [InlineData("https://host/mlflow-artifacts/artifacts/../../../..{folder}")]
    public async Task A_place_that_a_client_names_on_the_servers_disk_is_never_opened(string place)
    {
        foreach (var server in new[] { stored, plain })
        {
            var location = place.Replace("{folder}", folder, StringComparison.Ordinal);
            await AssertNothingIsReadAsync(server, await server.NewExperimentAsync(new JsonObject { ["artifact_location"] = location }));

            // A trace says by a tag where its spans lie.
            await File.WriteAllTextAsync(Path.Combine(folder, "traces.json"), $$"""{"spans":[{"name":"{{Secret}}"}]}""");
            var trace = $"tr-{Guid.NewGuid():N}";
            var start = JsonNode.Parse($$$$"""{"trace":{"trace_info":{"trace_id":"{{{{trace}}}}","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"0"}},"request_time":"2026-01-01T00:00:00Z","state":"OK"}}}""")!;
            start["trace"]!["trace_info"]!["tags"] = new JsonObject { ["mlflow.artifactLocation"] = location };
            (await server.SendAsync("POST", "api/3.0/mlflow/traces", start.ToJsonString())).Expect(200);
            foreach (var address in new[] { $"ajax-api/2.0/mlflow/get-trace-artifact?request_id={trace}", $"api/2.0/mlflow/get-online-trace-details?trace_id={trace}", $"api/3.0/mlflow/traces/batchGet?trace_ids={trace}" })
            {
                Assert.DoesNotContain(Secret, (await server.SendAsync("GET", address)).Text, StringComparison.Ordinal);
            }

            File.Delete(Path.Combine(folder, "traces.json"));
        }

        Assert.Equal(["passwd", "path", "share"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static async Task AssertNothingIsReadAsync(MlflowServer server, string experiment)
    {
        var run = await server.NewRunAsync(experiment);
        foreach (var path in new[] { "", "&path=passwd" })
        {
            var listed = await server.GetAsync($"artifacts/list?run_id={run}{path}");
            Assert.True(listed.Status is 200 or 400 && !listed.Text.Contains("files", StringComparison.Ordinal), listed.Text);
        }

        Assert.Equal(404, (await server.SendAsync("GET", $"get-artifact?run_id={run}&path=passwd")).Status);
        Assert.Equal(404, (await server.SendAsync("GET", $"api/v1/runs/{run}/files/passwd")).Status);
        await server.SendAsync("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={run}&path=planted", "x", "text/plain");
    }

    private static async Task PutInPartsAsync(MlflowServer server, string run, string path)
    {
        var normal = AttackPaths.Listed(path);
        var slash = normal.LastIndexOf('/');
        var at = AttackPaths.Address($"0/{run}/artifacts/parts{(slash < 0 ? "" : $"/{normal[..slash]}")}");
        var body = new JsonObject { ["path"] = normal[(slash + 1)..], ["num_parts"] = 1 };
        var begun = (await server.SendAsync("POST", $"{Parts}/create/{at}", body.ToJsonString())).Expect(200);
        body["upload_id"] = (string)begun["upload_id"]!;
        var etag = (await server.SendAsync("PUT", (string)begun["credentials"]![0]!["url"]!, path, "application/octet-stream")).Headers["ETag"];
        body["parts"] = new JsonArray(new JsonObject { ["part_number"] = 1, ["etag"] = etag });
        (await server.SendAsync("POST", $"{Parts}/complete/{at}", body.ToJsonString())).Expect(200);
    }

    /// <summary>All files below a folder, by walking it as clients do.</summary>
    private static async Task<List<string>> ListAsync(MlflowServer server, string run, string folder)
    {
        var found = new List<string>();
        foreach (var file in (await server.GetAsync($"artifacts/list?run_id={run}&path={AttackPaths.Escaped(folder)}")).Expect(200)["files"] as JsonArray ?? [])
        {
            var path = (string)file!["path"]!;
            found.AddRange((bool?)file["is_dir"] == true ? await ListAsync(server, run, path) : [path]);
        }

        return found;
    }

    /// <summary>Something of every kind that has files.</summary>
    private sealed record Target(MlflowServer Server, string Run, string Model, string ModelPlace, string Registered)
    {
        public static async Task<Target> MakeAsync(MlflowServer server)
        {
            var run = await server.NewRunAsync();
            (await server.SendAsync("PUT", $"{Proxy}/0/{run}/artifacts/model/MLmodel", "flavors: {}\n", "text/plain")).Expect(200);
            await server.DoAsync("registered-models/create", new JsonObject { ["name"] = "forest" });
            await server.DoAsync("model-versions/create", new JsonObject { ["name"] = "forest", ["source"] = $"mlflow-artifacts:/0/{run}/artifacts/model", ["run_id"] = run });
            var model = (await server.DoAsync("logged-models", new JsonObject { ["experiment_id"] = "0" }))["model"]!["info"]!;
            return new Target(server, run, (string)model["model_id"]!, ((string)model["artifact_uri"]!)["mlflow-artifacts:/".Length..], "forest");
        }

        public async Task<List<string>> FilesAsync() =>
            [.. await ListAsync(Server, Run, ""), (await Server.SendAsync("GET", $"{Proxy}")).Text, (await Server.SendAsync("GET", "api/v1/export/files")).Text];

        public IEnumerable<(string Method, string Address, string Body)> Attacks(string path)
        {
            var whole = AttackPaths.Escaped(path);
            yield return ("GET", $"/api/2.0/mlflow/artifacts/list?run_id={Run}&path={whole}", "");
            yield return ("GET", $"/get-artifact?run_id={Run}&path={whole}", "");
            yield return ("GET", $"/get-artifact?run_uuid={Run}&path={whole}", "");
            yield return ("GET", $"/model-versions/get-artifact?name={Registered}&version=1&path={whole}", "");
            yield return ("POST", $"/ajax-api/2.0/mlflow/upload-artifact?run_uuid={Run}&path={whole}", "x");
            yield return ("GET", $"{Proxy}?path={whole}", "");
            yield return ("GET", $"/api/2.0/mlflow/logged-models/{Model}/artifacts/directories?artifact_directory_path={whole}", "");
            yield return ("GET", $"/ajax-api/2.0/mlflow/logged-models/{Model}/artifacts/files?artifact_file_path={whole}", "");
            var document = new JsonObject { ["query"] = "query L($r: String, $p: String) { mlflowListArtifacts(input: {runId: $r, path: $p}) { files { path } } }", ["variables"] = new JsonObject { ["r"] = Run, ["p"] = path } };
            yield return ("POST", "/graphql", document.ToJsonString());
            foreach (var inside in new[] { "", $"0/{Run}/artifacts/", $"{ModelPlace}/", "elsewhere/" })
            {
                if (inside.Length > 0 && IsPlainBehind(path, inside.Contains(Run, StringComparison.Ordinal)))
                {
                    continue;
                }

                foreach (var method in new[] { "GET", "PUT", "DELETE" })
                {
                    yield return (method, $"{Proxy}/{inside}{whole}", method == "PUT" ? "x" : "");
                }

                yield return ("POST", $"{Parts}/create/{inside}{whole}", """{"path":"f","num_parts":1}""");
                yield return ("POST", $"{Parts}/complete/{inside}{whole}", """{"path":"f","upload_id":"u","parts":[]}""");
                yield return ("POST", $"{Parts}/abort/{inside}{whole}", """{"path":"f","upload_id":"u"}""");
            }
        }

        /// <summary>A path that is absolute only by itself is relative behind a folder. One with a drive or a scheme is so where the tree it is put in begins further up.</summary>
        private static bool IsPlainBehind(string path, bool isOfRun) =>
            !path.Split('/').Contains("..") && !path.AsSpan().ContainsAny("\\#%") && (path.StartsWith('/') || (!isOfRun && path.Contains(':', StringComparison.Ordinal)));
    }
}
