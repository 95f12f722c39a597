using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

public sealed class MultipartTests : IAsyncLifetime
{
    private readonly MlflowServer server = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return server.DisposeAsync();
    }

    [Fact]
    public async Task A_file_in_parts_is_the_file()
    {
        var content = RandomNumberGenerator.GetBytes(250_001);
        var (run, folder) = await RunAsync();
        var create = await CallAsync("create", $"{folder}/model", new JsonObject { ["path"] = "C:\\data\\weights.bin", ["num_parts"] = 3 });
        var parts = new JsonArray();
        foreach (var (chunk, credential) in content.Chunk(100_000).Zip((JsonArray)create["credentials"]!).Reverse())
        {
            Assert.Equal(new JsonObject().ToJsonString(), credential!["headers"]!.ToJsonString());
            parts.Insert(0, await PutAsync(credential, chunk));
        }

        var complete = new JsonObject { ["path"] = "C:\\data\\weights.bin", ["upload_id"] = (string)create["upload_id"]!, ["parts"] = parts };
        Assert.Equal("{}", (await CallAsync("complete", $"{folder}/model", complete.DeepClone())).ToJsonString());
        Assert.Equal("{}", (await CallAsync("complete", $"{folder}/model", complete)).ToJsonString());
        var listed = (await server.GetAsync($"artifacts/list?run_id={run}&path=model")).Expect(200)["files"]![0]!;
        Assert.Equal(("model/weights.bin", 250_001L), ((string)listed["path"]!, (long)listed["file_size"]!));
        Assert.Equal(content, (await server.SendAsync("GET", $"api/2.0/mlflow-artifacts/artifacts/{folder}/model/weights.bin")).Bytes);
    }

    [Fact]
    public async Task What_is_wrong_is_said_and_an_upload_given_up_is_gone()
    {
        var (run, folder) = await RunAsync();
        (await SendAsync("create", folder, new JsonObject { ["path"] = "a.bin" })).Refuses("Missing value for required parameter 'num_parts'.…");
        (await SendAsync("create", folder, new JsonObject { ["num_parts"] = 1 })).Refuses("Missing value for required parameter 'path'.…");
        (await SendAsync("create", folder, new JsonObject { ["path"] = "a.bin", ["num_parts"] = 0 })).Refuses("An upload has 1 to 10000 parts, not 0.…");
        (await SendAsync("create", folder, new JsonObject { ["path"] = "a.bin", ["num_parts"] = 10_001 })).Refuses("An upload has 1 to 10000 parts, not 10001.…");
        (await SendAsync("create", folder, new JsonObject { ["path"] = "..", ["num_parts"] = 1 })).Refuses("Invalid path");
        (await SendAsync("create", $"{folder}/%2e%2e%2fx", new JsonObject { ["path"] = "a.bin", ["num_parts"] = 1 })).Refuses("Invalid path");

        var body = new JsonObject { ["path"] = "a.bin", ["num_parts"] = 2 };
        var create = await CallAsync("create", folder, body);
        var id = (string)create["upload_id"]!;
        var first = await PutAsync(create["credentials"]![0]!, [1]);
        (await SendAsync("complete", folder, Complete(id, first))).Refuses("Part 2 of 2 is missing.");
        (await SendAsync("complete", folder, Complete(id, first, new JsonObject { ["part_number"] = 2, ["etag"] = "x" }))).Refuses("Part 2 has not arrived.…");
        (await SendAsync("complete", $"{folder}/elsewhere", Complete(id, first))).Refuses($"The upload '{id}' was begun for another file.");
        (await SendAsync("complete", folder, Complete(id, new JsonObject { ["etag"] = "x" }))).Refuses("Missing value for required parameter 'parts[0].part_number'.…");

        using var foreign = await http.PutAsync((string)create["credentials"]![0]!["url"]! + "0", new ByteArrayContent([1]));
        Assert.Equal(403, (int)foreign.StatusCode);
        await CallAsync("abort", folder, Complete(id));
        await CallAsync("abort", folder, Complete(id));
        (await SendAsync("complete", folder, Complete(id, first))).Refuses($"There is no upload '{id}', or it was given up.…", 404, "RESOURCE_DOES_NOT_EXIST");

        await server.DoAsync("runs/delete", new JsonObject { ["run_id"] = run });
        (await SendAsync("create", folder, body)).Refuses($"The run {run} must be in the 'active' state. Current state is deleted.");
    }

    private static JsonObject Complete(string id, params JsonNode[] parts) =>
        new() { ["path"] = "/home/me/a.bin", ["upload_id"] = id, ["parts"] = new JsonArray([.. parts.Select(part => part.DeepClone())]) };

    private async Task<(string Run, string Folder)> RunAsync()
    {
        var run = await server.NewRunAsync();
        var uri = (string)(await server.RunAsync(run))["info"]!["artifact_uri"]!;
        return (run, uri["mlflow-artifacts:/".Length..]);
    }

    private async Task<JsonNode> PutAsync(JsonNode credential, byte[] content)
    {
        using var answer = await http.PutAsync((string)credential["url"]!, new ByteArrayContent(content));
        Assert.Equal(200, (int)answer.StatusCode);
        return new JsonObject { ["part_number"] = (int)credential["part_number"]!, ["etag"] = answer.Headers.ETag!.Tag, ["url"] = (string)credential["url"]! };
    }

    private async Task<JsonNode> CallAsync(string step, string path, JsonNode body) => (await SendAsync(step, path, body)).Expect(200);

    private Task<Answer> SendAsync(string step, string path, JsonNode body) =>
        server.SendAsync("POST", $"api/2.0/mlflow-artifacts/mpu/{step}/{path}", body.ToJsonString());
}
