using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Security;

/// <summary>Addresses and contents of strangers are kept and handed out; the server neither asks there nor runs them.</summary>
public sealed class OutboundTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>079, 080: two listeners count who connects, while their addresses are given wherever an address can be given.</summary>
    [Fact]
    public async Task No_address_that_a_client_names_is_ever_connected_to()
    {
        using var four = new TcpListener(IPAddress.Loopback, 0);
        using var six = new TcpListener(Socket.OSSupportsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback, 0);
        four.Start();
        six.Start();
        var (port, other) = (((IPEndPoint)four.LocalEndpoint).Port, ((IPEndPoint)six.LocalEndpoint).Port);
        string[] places = [$"ftp://127.0.0.1:{port}/etc/passwd", $"http://[::1]:{other}/x", $"http://127.0.0.1:{port}/api/2.0/mlflow-artifacts/artifacts/x", $"s3://127.0.0.1:{port}/b", $"smb://127.0.0.1:{port}/share"];
        for (var i = 0; i < places.Length; i++)
        {
            var place = places[i];
            var experiment = (string)(await DoAsync("experiments/create", new JsonObject { ["name"] = place, ["artifact_location"] = place }))["experiment_id"]!;
            var run = (string)(await DoAsync("runs/create", new JsonObject { ["experiment_id"] = experiment }))["run"]!["info"]!["run_id"]!;
            await DoAsync("registered-models/create", new JsonObject { ["name"] = $"model {i}" });
            await DoAsync("model-versions/create", new JsonObject { ["name"] = $"model {i}", ["source"] = place, ["run_id"] = run });
            await DoAsync("model-versions/create", new JsonObject { ["name"] = $"model {i}", ["source"] = $"models:/model {i}/1" });
            await DoAsync("runs/log-inputs", new JsonObject { ["run_id"] = run, ["datasets"] = new JsonArray(new JsonObject { ["dataset"] = new JsonObject { ["name"] = "d", ["digest"] = "g", ["source_type"] = "http", ["source"] = place } }) });
            var trace = $"tr-{Guid.NewGuid():N}";
            var start = JsonNode.Parse("""{"trace":{"trace_info":{"trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{}},"request_time":"2026-01-01T00:00:00Z","state":"OK"}}}""")!;
            start["trace"]!["trace_info"]!["trace_id"] = trace;
            start["trace"]!["trace_info"]!["trace_location"]!["mlflow_experiment"]!["experiment_id"] = experiment;
            start["trace"]!["trace_info"]!["tags"] = new JsonObject { ["mlflow.artifactLocation"] = place };
            (await server.PostAsync("/api/3.0/mlflow/traces", start.ToJsonString())).EnsureSuccessStatusCode();
            foreach (var address in new[]
            {
                $"/api/2.0/mlflow/artifacts/list?run_id={run}", $"/get-artifact?run_id={run}&path=passwd", $"/model-versions/get-artifact?name=model%20{i}&version=1&path=passwd",
                $"/model-versions/get-artifact?name=model%20{i}&version=2&path=passwd", $"/api/2.0/mlflow/model-versions/get-download-uri?name=model%20{i}&version=2",
                $"/ajax-api/2.0/mlflow/get-trace-artifact?request_id={trace}", $"/api/v1/runs/{run}/files", $"/api/v1/runs/{run}/files/passwd", $"/api/v1/artifacts/{experiment}/model%20{i}/versions/v0",
                "/ajax-api/2.0/mlflow/gateway-proxy?gateway_path=http://internal:80/",
            })
            {
                using var answer = await server.Http.GetAsync(new Uri(address, UriKind.Relative));
                Assert.True((int)answer.StatusCode < 500, $"{address}: {await answer.Content.ReadAsStringAsync()}");
            }
        }

        Assert.False(four.Pending() || six.Pending(), "Something was connected to.");
    }

    /// <summary>093: what is passed on to a gateway is a choice from a short list, and there is none behind it.</summary>
    [Theory]
    [InlineData("http://internal:80")]
    [InlineData("//internal:80/x")]
    [InlineData("../../internal")]
    [InlineData("api/2.0/endpoints/../../x")]
    public async Task A_path_to_a_gateway_that_is_not_on_the_list_is_refused(string path)
    {
        using var answer = await server.PostAsync("/ajax-api/2.0/mlflow/gateway-proxy", new JsonObject { ["gateway_path"] = path }.ToJsonString());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    /// <summary>106, 116: a model that runs a command when it is loaded, and a description of one whose tags do, are bytes to the server.</summary>
    [Fact]
    public async Task A_pickle_and_a_description_with_constructors_are_kept_and_nothing_of_them_runs()
    {
        var folder = Directory.CreateTempSubdirectory("cairn-canary-").FullName;
        var canary = Path.Combine(folder, "canary");
        var pickle = $"cposix\nsystem\n(S'touch {canary}'\ntR.";
        var description = $"flavors:\n  python_function:\n    loader_module: !!python/object/apply:os.system ['touch {canary}']\n    data: model.pkl\nsignature: !!python/object/new:os.system ['touch {canary}']\n";
        var run = await server.CreateRunAsync();
        foreach (var (name, content) in new[] { ("model/MLmodel", description), ("model/model.pkl", pickle), ("model/python_env.yaml", description), ("model/requirements.txt", $"x @ file://{canary}") })
        {
            using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
            (await server.Http.PutAsync(new Uri($"/api/v1/runs/{run.Id}/files/{name}", UriKind.Relative), body)).EnsureSuccessStatusCode();
        }

        var model = $"poisoned-{Guid.NewGuid():N}";
        await DoAsync("registered-models/create", new JsonObject { ["name"] = model });
        await DoAsync("model-versions/create", new JsonObject { ["name"] = model, ["source"] = $"mlflow-artifacts:/{run.ExperimentId}/{run.Id}/artifacts/model", ["run_id"] = run.Id });
        foreach (var address in new[] { $"/api/v1/runs/{run.Id}/models", $"/api/v1/artifacts/{run.ExperimentId}/{model}/versions/v0", "/api/v1/models", $"/api/v1/runs/{run.Id}" })
        {
            (await server.Http.GetAsync(new Uri(address, UriKind.Relative))).EnsureSuccessStatusCode();
        }

        Assert.Equal(pickle, await server.Http.GetStringAsync(new Uri($"/model-versions/get-artifact?name={model}&version=1&path=model.pkl", UriKind.Relative)));
        Assert.False(File.Exists(canary));
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>099, 100: whatever door a file goes out by, a browser saves it under its last name and runs nothing of it.</summary>
    [Theory]
    [InlineData("page.html")]
    [InlineData("picture.svg")]
    [InlineData("document.xml")]
    [InlineData("deep/..hidden/na me\"; filename=evil.html")]
    [InlineData("deep/x\r.html")]
    public async Task A_file_goes_out_as_an_attachment_in_a_sandbox(string path)
    {
        var run = await server.CreateRunAsync("files");
        using var body = new ByteArrayContent("<script>alert(1)</script>"u8.ToArray());
        using var stored = await server.Http.PutAsync(new Uri($"/api/v1/runs/{run.Id}/files/{Cairn.Tests.AttackPaths.Address(path)}", UriKind.Relative), body);
        if (path.Contains('\r', StringComparison.Ordinal))
        {
            Assert.Equal(HttpStatusCode.BadRequest, stored.StatusCode);
            return;
        }

        stored.EnsureSuccessStatusCode();
        var digest = Convert.ToHexStringLower(SHA256.HashData("<script>alert(1)</script>"u8));
        foreach (var address in new[]
        {
            $"/api/v1/runs/{run.Id}/files/{Cairn.Tests.AttackPaths.Address(path)}", $"/get-artifact?run_id={run.Id}&path={Uri.EscapeDataString(path)}",
            $"/api/2.0/mlflow-artifacts/artifacts/{run.ExperimentId}/{run.Id}/artifacts/{Cairn.Tests.AttackPaths.Address(path)}", $"/api/v1/blobs/{digest}",
        })
        {
            using var answer = await server.Http.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            var disposition = answer.Content.Headers.ContentDisposition?.ToString() ?? "";
            var policy = answer.Headers.TryGetValues("Content-Security-Policy", out var values) ? string.Join(' ', values) : "";
            var isActive = answer.Content.Headers.ContentType?.MediaType is "text/html" or "image/svg+xml" or "text/xml" or "application/xml" or "application/xhtml+xml";
            Assert.True(policy.Contains("sandbox", StringComparison.Ordinal) || (!isActive && disposition.StartsWith("attachment", StringComparison.Ordinal)), $"{address}: {disposition} | {policy} | {answer.Content.Headers.ContentType}");
            Assert.DoesNotContain('/', answer.Content.Headers.ContentDisposition?.FileName ?? "");
        }
    }

    private async Task<JsonNode> DoAsync(string call, JsonNode body)
    {
        using var answer = await server.PostAsync($"/api/2.0/mlflow/{call}", body.ToJsonString());
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
