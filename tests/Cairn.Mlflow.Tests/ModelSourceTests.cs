using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>From where a version may be registered, and how its files are reached.</summary>
public sealed class ModelSourceTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private const string Local = "To use a local path as a model version source";
    private const string Relative = "If supplying a source as an http, https,";

    [Theory]
    [InlineData("059", "file:///etc", Local)]
    [InlineData("060", "/etc", Local)]
    [InlineData("061", "file:///tmp", Local)]
    [InlineData("062", "/proc/self/root", Local)]
    [InlineData("072", "//proc/self/root", Local)]
    [InlineData("073", "//localhost/etc", Local)]
    [InlineData("---", "file://localhost/etc", Local)]
    [InlineData("---", "FILE:///etc", Local)]
    [InlineData("---", "etc", Local)]
    [InlineData("063", "mlflow-artifacts://host:9000/models/../../../", Relative)]
    [InlineData("064", "http://host:9000/models/../../../", Relative)]
    [InlineData("065", "https://host/api/2.0/mlflow-artifacts/artifacts/../../../", Relative)]
    [InlineData("066", "s3a://my_bucket/api/2.0/mlflow-artifacts/artifacts/../../../", Relative)]
    [InlineData("067", "ftp://host:8888/api/2.0/mlflow-artifacts/artifacts/../../../", Relative)]
    [InlineData("068", "mlflow-artifacts://host:9000/models/..%2f..%2fartifacts", Relative)]
    [InlineData("---", "mlflow-artifacts://host:9000/models/%252e%252e%252fartifacts", Relative)]
    [InlineData("069", "mlflow-artifacts://host:9000/models/artifact%00", Relative)]
    [InlineData("---", "mlflow-artifacts:/models/./x", Relative)]
    [InlineData("070", "dbfs:/RUNID/artifacts/a%3f/../../../../../../../../../../", Relative)]
    [InlineData("---", "C:path", Relative)]
    public async Task A_source_that_points_into_the_servers_disk_or_climbs_is_refused_also_for_prompts_081(string number, string source, string message)
    {
        var name = await ModelAsync();
        var run = await server.NewRunAsync();
        foreach (var isPrompt in new[] { false, true })
        {
            var body = new JsonObject { ["name"] = name, ["source"] = source, ["run_id"] = run };
            if (isPrompt && source != "etc")
            {
                body["tags"] = new JsonArray(new JsonObject { ["key"] = "mlflow.prompt.is_prompt", ["value"] = "true" });
            }

            var answer = await server.PostAsync("model-versions/create", body);
            Assert.True(answer.Status == 400, $"{number}: {answer.Text}");
            Assert.Equal("INVALID_PARAMETER_VALUE", answer.Code);
            Assert.Contains(message, answer.Message, StringComparison.Ordinal);
        }

        Assert.Null((await server.GetAsync($"registered-models/get?name={name}")).Expect(200)["registered_model"]!["latest_versions"]);
        (await server.SendAsync("GET", $"model-versions/get-artifact?name={name}&version=1&path=passwd")).Expect(404);
    }

    /// <summary>071: refused; with 500, since MLflow's own test of this input asks for it.</summary>
    [Fact]
    public async Task A_file_on_another_host_is_refused_as_mlflow_does_071()
    {
        var name = await ModelAsync();
        var answer = await server.PostAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = "file://123.456.789.123/path/to/source" });
        Assert.Equal(500, answer.Status);
        Assert.Contains("is not a valid remote uri", answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("074", "mlflow-artifacts:/models/")]
    [InlineData("075", "mlflow-artifacts:/models///")]
    [InlineData("076", "mlflow-artifacts:/models/foo///bar")]
    [InlineData("077", "mlflow-artifacts://host:9000/models")]
    [InlineData("078", "mlflow-artifacts://host:9000/models/artifact/..../")]
    [InlineData("---", "s3://bucket/a/b")]
    [InlineData("---", "runs:/run_id/model")]
    public async Task A_source_elsewhere_is_kept_as_it_is(string number, string source)
    {
        var name = await ModelAsync();
        var answer = await server.PostAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = source });
        Assert.True(answer.Status == 200, $"{number}: {answer.Text}");
        Assert.Equal(source, (string)answer.Json["model_version"]!["source"]!);
    }

    [Fact]
    public async Task Nothing_is_ever_fetched_from_a_source_079()
    {
        var name = await ModelAsync();
        using var attacker = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        attacker.Start();
        var address = $"http://127.0.0.1:{((System.Net.IPEndPoint)attacker.LocalEndpoint).Port}/api/2.0/mlflow-artifacts/artifacts/m";
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = address });
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = $"models:/{name}/1" });
        (await server.SendAsync("GET", $"model-versions/get-artifact?name={name}&version=2&path=x")).Expect(404);
        (await server.SendAsync("GET", $"model-versions/get-artifact?name={name}&version=2&path=%2Fetc%2Fpasswd")).Expect(400);
        Assert.False(attacker.Pending());
    }

    [Fact]
    public async Task A_model_of_a_run_is_an_artifact_with_its_files_and_is_served_from_there()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        await PutAsync($"{experiment}/{run}/artifacts/model/MLmodel", "flavors: {}\n");
        await PutAsync($"{experiment}/{run}/artifacts/model/data/w.bin", "12345");
        var name = await ModelAsync();
        var source = $"mlflow-artifacts:/{experiment}/{run}/artifacts/model";
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = source, ["run_id"] = run });
        Assert.Equal(source, (string)(await server.GetAsync($"model-versions/get-download-uri?name={name}&version=1")).Expect(200)["artifact_uri"]!);

        var detail = (await server.SendAsync("GET", $"api/v1/artifacts/{experiment}/{name}/versions/v0")).Expect(200);
        Assert.Equal(["MLmodel", "data/w.bin"], detail["manifest"]!.AsArray().Select(entry => (string)entry!["path"]!));
        Assert.Equal(run, (string)detail["version"]!["runId"]!);
        var file = await server.SendAsync("GET", $"model-versions/get-artifact?name={name}&version=1&path=data/w.bin");
        Assert.Equal((200, "12345"), (file.Status, file.Text));
        Assert.Equal("nosniff", file.Headers["X-Content-Type-Options"]);
        (await server.SendAsync("GET", $"model-versions/get-artifact?name={name}&version=1&path=no.txt")).Expect(404);
    }

    [Fact]
    public async Task A_version_that_another_door_committed_is_loaded_through_the_proxy()
    {
        var name = $"native-{Guid.NewGuid():N}";
        var bytes = Encoding.UTF8.GetBytes("weights");
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        await server.SendAsync("PUT", $"api/v1/blobs/{digest}", "weights", "application/octet-stream");
        (await server.SendAsync("POST", "api/v1/artifacts/versions", $$"""{"name":"{{name}}","type":"model","manifest":[{"path":"data/w.bin","digest":"{{digest}}","size":7}],"aliases":["champion"]}""")).Expect(200);

        var version = (await server.GetAsync($"registered-models/alias?name={name}&alias=champion")).Expect(200)["model_version"]!;
        Assert.Equal("1", (string)version["version"]!);
        var uri = (string)(await server.GetAsync($"model-versions/get-download-uri?name={name}&version=1")).Expect(200)["artifact_uri"]!;
        var path = uri["mlflow-artifacts:/".Length..];
        var listing = (await server.SendAsync("GET", $"api/2.0/mlflow-artifacts/artifacts?path={path}")).Expect(200);
        Assert.Equal("""[{"path":"data","is_dir":true}]""", listing["files"]!.ToJsonString());
        Assert.Equal("weights", (await server.SendAsync("GET", $"api/2.0/mlflow-artifacts/artifacts/{path}/data/w.bin")).Text);
        Assert.Equal(403, (await server.SendAsync("PUT", $"api/2.0/mlflow-artifacts/artifacts/{path}/data/w.bin", "other")).Status);
        Assert.Equal(403, (await server.SendAsync("DELETE", $"api/2.0/mlflow-artifacts/artifacts/{path}/data/w.bin")).Status);
    }

    [Fact]
    public async Task A_copied_version_has_the_files_and_the_place_of_the_first()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        await PutAsync($"{experiment}/{run}/artifacts/model/MLmodel", "flavors: {}\n");
        var (from, to) = (await ModelAsync(), await ModelAsync());
        var source = $"mlflow-artifacts:/{experiment}/{run}/artifacts/model";
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = from, ["source"] = source, ["run_id"] = run });
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = to, ["source"] = $"models:/{from}/1", ["run_id"] = run });
        Assert.Equal(source, (string)(await server.GetAsync($"model-versions/get-download-uri?name={to}&version=1")).Expect(200)["artifact_uri"]!);
        Assert.Equal("flavors: {}\n", (await server.SendAsync("GET", $"model-versions/get-artifact?name={to}&version=1&path=MLmodel")).Text);
        (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = to, ["source"] = $"models:/{from}/7" })).Refuses("Unable to fetch model from model URI…");
        (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = to, ["source"] = "models:/" })).Expect(400);
    }

    private async Task PutAsync(string path, string content) =>
        (await server.SendAsync("PUT", $"api/2.0/mlflow-artifacts/artifacts/{path}", content, "application/octet-stream")).Expect(200);

    private async Task<string> ModelAsync()
    {
        var name = $"model-{Guid.NewGuid():N}";
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name });
        return name;
    }
}
