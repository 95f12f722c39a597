using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Migration.Tests;

/// <summary>Fills a server through its doors with something of every kind it keeps.</summary>
internal sealed class FullStore(Uri address) : IDisposable
{
    private const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    private readonly HttpClient http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => http.Dispose();

    public async Task FillAsync()
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"api:{new string('0', 40)}")));
        var experiment = (string)(await MlflowAsync("2.0/mlflow/experiments/create", """{"name":"full","tags":[{"key":"team","value":"red"}]}"""))["experiment_id"]!;
        await MlflowAsync("2.0/mlflow/experiments/create", """{"name":"again"}""");
        await ExperimentInTheBinAsync();
        var run = await RunAsync(experiment);
        var model = await LoggedModelAsync(experiment, run);
        await RegistryAsync(run, model);
        await TraceAsync(experiment, run);
        await EvaluationAsync(experiment);
        await WandbAsync();
    }

    private async Task ExperimentInTheBinAsync()
    {
        // Two in the bin and one in use, all of one name.
        for (var i = 0; i < 2; i++)
        {
            var id = (string)(await MlflowAsync("2.0/mlflow/experiments/create", """{"name":"reused"}"""))["experiment_id"]!;
            await MlflowAsync("2.0/mlflow/runs/create", $$"""{"experiment_id":"{{id}}","run_name":"in the bin"}""");
            await MlflowAsync("2.0/mlflow/experiments/delete", $$"""{"experiment_id":"{{id}}"}""");
        }

        await MlflowAsync("2.0/mlflow/experiments/create", """{"name":"reused"}""");
    }

    private async Task<string> RunAsync(string experiment)
    {
        var run = (string)(await MlflowAsync("2.0/mlflow/runs/create", $$"""{"experiment_id":"{{experiment}}","run_name":"trained","start_time":1700000000000}"""))["run"]!["info"]!["run_id"]!;
        await MlflowAsync(
            "2.0/mlflow/runs/log-batch",
            $$"""{"run_id":"{{run}}","params":[{"key":"lr","value":"0.1"}],"metrics":[{"key":"loss","value":0.5,"timestamp":1700000000001,"step":0},{"key":"loss","value":"NaN","timestamp":1700000000002,"step":1}],"tags":[{"key":"note","value":"été"}]}""");
        await MlflowAsync(
            "2.0/mlflow/runs/log-inputs",
            $$"""{"run_id":"{{run}}","datasets":[{"dataset":{"name":"rows","digest":"abc","source_type":"local","source":"{\"uri\":\"x.csv\"}","schema":"{}","profile":"{\"n\":3}"},"tags":[{"key":"mlflow.data.context","value":"train"},{"key":"a","value":"b"}]}]}""");
        await PutAsync($"api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/model/MLmodel", "flavors: {}\n");
        await PutAsync("api/2.0/mlflow-artifacts/artifacts/beside/the runs.txt", "a file of nobody");
        await MlflowAsync("2.0/mlflow/runs/update", $$"""{"run_id":"{{run}}","status":"FINISHED","end_time":1700000000900}""");
        return run;
    }

    private async Task<string> LoggedModelAsync(string experiment, string run)
    {
        var made = await MlflowAsync(
            "2.0/mlflow/logged-models",
            $$"""{"experiment_id":"{{experiment}}","name":"forest","model_type":"sklearn","source_run_id":"{{run}}","params":[{"key":"trees","value":"10"}],"tags":[{"key":"t","value":"1"}]}""");
        var id = (string)made["model"]!["info"]!["model_id"]!;
        await PutAsync($"api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{id}/artifacts/model.pkl", "weights");
        await SendAsync(HttpMethod.Patch, $"api/2.0/mlflow/logged-models/{id}", $$"""{"model_id":"{{id}}","status":"LOGGED_MODEL_READY"}""");
        await MlflowAsync(
            "2.0/mlflow/runs/log-batch",
            $$"""{"run_id":"{{run}}","metrics":[{"key":"auc","value":0.9,"timestamp":1700000000003,"step":2,"model_id":"{{id}}","dataset_name":"rows","dataset_digest":"abc"}]}""");
        await MlflowAsync("2.0/mlflow/runs/outputs", $$"""{"run_id":"{{run}}","models":[{"model_id":"{{id}}","step":2}]}""");
        return id;
    }

    private async Task RegistryAsync(string run, string model)
    {
        await MlflowAsync("2.0/mlflow/registered-models/create", """{"name":"team/forest","description":"the one","tags":[{"key":"k","value":"v"}]}""");
        var uri = (string)(await GetAsync($"api/2.0/mlflow/runs/get?run_id={run}"))["run"]!["info"]!["artifact_uri"]!;
        await MlflowAsync("2.0/mlflow/model-versions/create", $$"""{"name":"team/forest","source":"{{uri}}/model","run_id":"{{run}}","description":"first","tags":[{"key":"q","value":"good"}]}""");
        await MlflowAsync("2.0/mlflow/model-versions/create", $$"""{"name":"team/forest","source":"models:/{{model}}","run_id":"{{run}}","model_id":"{{model}}"}""");
        await MlflowAsync("2.0/mlflow/model-versions/create", """{"name":"team/forest","source":"s3://bucket/elsewhere"}""");
        await MlflowAsync("2.0/mlflow/model-versions/transition-stage", """{"name":"team/forest","version":"1","stage":"Production","archive_existing_versions":false}""");
        await MlflowAsync("2.0/mlflow/registered-models/alias", """{"name":"team/forest","alias":"champion","version":"1"}""");
        await MlflowAsync("2.0/mlflow/registered-models/alias", """{"name":"team/forest","alias":"champion","version":"2"}""");
        await SendAsync(HttpMethod.Delete, "api/2.0/mlflow/model-versions/delete", """{"name":"team/forest","version":"3"}""");
        await MlflowAsync("2.0/mlflow/registered-models/create", """{"name":"a prompt","tags":[{"key":"mlflow.prompt.is_prompt","value":"true"}]}""");
        await MlflowAsync("2.0/mlflow/model-versions/create", """{"name":"a prompt","source":"dummy-source","tags":[{"key":"mlflow.prompt.is_prompt","value":"true"},{"key":"mlflow.prompt.text","value":"Say {{x}}"}]}""");
    }

    private async Task TraceAsync(string experiment, string run)
    {
        await MlflowAsync(
            "3.0/mlflow/traces",
            $$$$$"""{"trace":{"trace_info":{"trace_id":"tr-1","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{{{{experiment}}}}}"}},"request_time":"2024-01-01T00:00:00Z","execution_duration":"1.5s","state":"OK","request_preview":"in","response_preview":"out","tags":{"t":"1"},"trace_metadata":{"m":"2"}}}}""");
        await MlflowAsync("2.0/mlflow/traces/link-to-run", $$"""{"run_id":"{{run}}","trace_ids":["tr-1"]}""");
        await MlflowAsync(
            "3.0/mlflow/traces/tr-1/assessments",
            """{"assessment":{"assessment_name":"good","trace_id":"tr-1","source":{"source_type":"HUMAN","source_id":"me"},"feedback":{"value":true},"rationale":"because","metadata":{"a":"b"},"create_time":"2024-01-01T00:00:01Z","last_update_time":"2024-01-01T00:00:01Z"}}""");
        await MlflowAsync(
            "3.0/mlflow/traces/tr-1/assessments",
            """{"assessment":{"assessment_name":"want","trace_id":"tr-1","source":{"source_type":"HUMAN","source_id":"me"},"expectation":{"value":"42"},"create_time":"2024-01-01T00:00:01Z","last_update_time":"2024-01-01T00:00:01Z"}}""");

        // Spans as OTLP in JSON.
        var span = """{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"00f067aa0ba902b7","name":"root","startTimeUnixNano":"1700000000000000000","endTimeUnixNano":"1700000001000000000","attributes":[{"key":"k","value":{"stringValue":"v"}}],"status":{}}]}]}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/traces") { Content = new StringContent(span, Encoding.UTF8, "application/json") };
        request.Headers.Add("x-mlflow-experiment-id", experiment);
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task EvaluationAsync(string experiment)
    {
        var set = (string)(await MlflowAsync("3.0/mlflow/datasets/create", $$"""{"name":"golden","experiment_ids":["{{experiment}}"],"tags":"{\"a\":\"b\"}"}"""))["dataset"]!["dataset_id"]!;
        await MlflowAsync(
            $"3.0/mlflow/datasets/{set}/records",
            """{"records":"[{\"inputs\":{\"q\":1},\"expectations\":{\"a\":2},\"tags\":{\"x\":\"y\"}},{\"inputs\":{\"q\":2}}]"}""");
        await MlflowAsync("3.0/mlflow/scorers/register", $$"""{"experiment_id":"{{experiment}}","name":"judge","serialized_scorer":"{\"v\":1}"}""");
        await MlflowAsync("3.0/mlflow/scorers/register", $$"""{"experiment_id":"{{experiment}}","name":"judge","serialized_scorer":"{\"v\":2}"}""");
    }

    private async Task WandbAsync()
    {
        await GraphAsync(
            """
            mutation { upsertBucket(input: {name: "short1", modelName: "wandb-project", groupName: "grp", jobType: "train", displayName: "shown", notes: "a note", tags: ["x"],
              config: "{\"lr\":{\"desc\":null,\"value\":0.1},\"deep\":{\"value\":{\"a\":[1,2]}},\"_wandb\":{\"value\":{\"t\":{}}}}"}) { bucket { id } } }
            """);
        const string lines =
            """
            {"files":{"wandb-history.jsonl":{"offset":0,"content":["{\"loss\":0.5,\"_step\":0,\"_timestamp\":1700000000,\"_runtime\":1}","{\"loss\":0.25,\"deep\":{\"x\":1},\"_step\":1,\"_timestamp\":1700000001,\"_runtime\":2}"]},
            "wandb-events.jsonl":{"offset":0,"content":["{\"system.cpu\":5,\"_timestamp\":1700000000,\"_runtime\":1}"]},
            "wandb-summary.json":{"offset":0,"content":["{\"loss\":0.25,\"best\":{\"a\":1}}"]},
            "output.log":{"offset":0,"content":["2026-01-01T00:00:00.000 hello\n","ERROR 2026-01-01T00:00:01.000 oh\n"]}},"complete":true,"exitcode":0}
            """;
        await SendAsync(HttpMethod.Post, "files/cairn/wandb-project/short1/file_stream", lines);
        await SweepAsync();
        await ArtifactAsync();
    }

    private async Task SweepAsync()
    {
        var sweep = await GraphAsync("""mutation { upsertSweep(input: {projectName: "wandb-project", entityName: "cairn", config: "method: grid\nparameters:\n  lr:\n    values: [1, 2]\n"}) { sweep { name } } }""");
        var name = (string)sweep["upsertSweep"]!["sweep"]!["name"]!;
        var agent = await GraphAsync($$"""mutation { createAgent(input: {host: "here", sweep: "{{name}}", projectName: "wandb-project", entityName: "cairn"}) { agent { id } } }""");
        await GraphAsync($$"""mutation { agentHeartbeat(input: {id: "{{agent["createAgent"]!["agent"]!["id"]}}", metrics: "{}", runState: "{}"}) { commands } }""");
    }

    private async Task ArtifactAsync()
    {
        const string content = "a,b\n1,2\n";
        var contents = new JsonObject
        {
            ["data.csv"] = new JsonObject { ["digest"] = Md5(content), ["size"] = content.Length },
            ["far.bin"] = new JsonObject { ["digest"] = "etag", ["ref"] = "s3://bucket/far.bin", ["size"] = 12 },
        };
        var manifest = new JsonObject { ["version"] = 1, ["storagePolicy"] = "wandb-storage-policy-v1", ["storagePolicyConfig"] = new JsonObject { ["storageLayout"] = "V2" }, ["contents"] = contents }.ToJsonString();
        var made = await GraphAsync(
            """
            mutation { createArtifact(input: {entityName: "cairn", projectName: "wandb-project", runName: "short1", artifactTypeName: "dataset", artifactCollectionName: "raw",
              digest: "0123456789abcdef0123456789abcdef", clientID: "client-1", sequenceClientID: "seq-1", description: "rows", metadata: "{\"n\":1}", ttlDurationSeconds: 0,
              aliases: [{artifactCollectionName: "raw", alias: "best"}], tags: [{tagName: "fresh"}]}) { artifact { id } } }
            """);
        var id = (string)made["createArtifact"]!["artifact"]!["id"]!;
        var files = await GraphAsync($$"""mutation { createArtifactFiles(input: {storageLayout: V2, artifactFiles: [{artifactID: "{{id}}", name: "data.csv", md5: "{{Md5(content)}}"}]}) { files { edges { node { uploadUrl } } } } }""");
        await PutAsync((string)files["createArtifactFiles"]!["files"]!["edges"]![0]!["node"]!["uploadUrl"]!, content);
        var announced = await GraphAsync($$"""mutation { createArtifactManifest(input: {artifactID: "{{id}}", name: "wandb_manifest.json", digest: "{{Md5(manifest)}}", entityName: "cairn", projectName: "wandb-project"}) { artifactManifest { file { uploadUrl } } } }""");
        await PutAsync((string)announced["createArtifactManifest"]!["artifactManifest"]!["file"]!["uploadUrl"]!, manifest);
        await GraphAsync($$"""mutation { commitArtifact(input: {artifactID: "{{id}}"}) { artifact { id } } }""");
        await GraphAsync($$"""mutation { useArtifact(input: {entityName: "cairn", projectName: "wandb-project", runName: "short1", artifactID: "{{id}}", usedAs: "raw:best"}) { artifact { id } } }""");
        await GraphAsync($$"""mutation { linkArtifact(input: {artifactID: "{{id}}", artifactPortfolioName: "shelf", entityName: "cairn", projectName: "wandb-project", aliases: [{artifactCollectionName: "shelf", alias: "prod"}]}) { versionIndex } }""");
        await SendAsync(HttpMethod.Put, $"api/v1/blobs/{Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(Pixel)))}", Convert.FromBase64String(Pixel));
    }

    private Task<JsonNode> MlflowAsync(string call, string body) => SendAsync(HttpMethod.Post, $"api/{call}", body);

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private async Task<JsonNode> GraphAsync(string document)
    {
        var answer = await SendAsync(HttpMethod.Post, "graphql", new JsonObject { ["query"] = document }.ToJsonString());
        Assert.True(answer["errors"] is null, $"{document}\n{answer.ToJsonString()}");
        return answer["data"]!;
    }

    private Task PutAsync(string address, string content) => SendAsync(HttpMethod.Put, address, Encoding.UTF8.GetBytes(content));

    private async Task SendAsync(HttpMethod method, string address, byte[] content)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.RelativeOrAbsolute)) { Content = new ByteArrayContent(content) };
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, $"{method} {address}: {await answer.Content.ReadAsStringAsync()}");
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string address, string body)
    {
        using var request = new HttpRequestMessage(method, address) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {address} {body}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

#pragma warning disable CA5351 // The protocol names contents by MD5.
    private static string Md5(string text) => Convert.ToBase64String(MD5.HashData(Encoding.UTF8.GetBytes(text)));
}
