using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Runs;

/// <summary>What one client logs, the other reads; what a launched run starts is its child.</summary>
public sealed class CrossReadingTests(WandbServer server) : IClassFixture<WandbServer>
{
    [Fact]
    public async Task Mlflow_finds_what_wandb_logged()
    {
        await server.UpsertAsync("cross", "w1", new JsonObject { ["config"] = """{"lr":{"value":0.1},"net":{"value":{"depth":3}}}""", ["tags"] = new JsonArray("baseline", "team=vision"), ["displayName"] = "from wandb", ["notes"] = "hello" });
        await server.LogAsync("cross", "w1", 0, """{"acc":0.5,"_step":0}""", """{"acc":0.75,"_step":1}""");
        await server.StreamAsync("cross", "w1", new JsonObject { ["complete"] = true, ["exitcode"] = 0 });
        await UploadAsync("cross", "w1", "plots/roc.txt", "bytes");
        var experiment = (string)(await server.GetJsonAsync("/api/2.0/mlflow/experiments/get-by-name?experiment_name=cross"))["experiment"]!["experiment_id"]!;
        var found = await server.PostAsync("/api/2.0/mlflow/runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = "metrics.acc > 0.7 and params.lr = '0.1' and tags.team = 'vision'" }.ToJsonString());
        var run = Assert.Single(found["runs"]!.AsArray())!;
        Assert.Equal("from wandb", (string)run["info"]!["run_name"]!);
        Assert.Equal("FINISHED", (string)run["info"]!["status"]!);
        var parameters = run["data"]!["params"]!.AsArray().ToDictionary(param => (string)param!["key"]!, param => (string)param!["value"]!);
        Assert.Equal("3", parameters["net.depth"]);
        Assert.DoesNotContain("_wandb", parameters.Keys);
        var id = (string)run["info"]!["run_id"]!;
        var history = await server.GetJsonAsync($"/api/2.0/mlflow/metrics/get-history?run_id={id}&metric_key=acc");
        Assert.Equal([0.5, 0.75], history["metrics"]!.AsArray().Select(point => (double)point!["value"]!));
        var files = await server.GetJsonAsync($"/api/2.0/mlflow/artifacts/list?run_id={id}&path=plots");
        Assert.Equal("plots/roc.txt", (string)files["files"]![0]!["path"]!);
    }

    [Fact]
    public async Task Mlflow_finds_a_number_that_only_the_summary_says_and_the_history_stays_as_it_was_sent()
    {
        await server.UpsertAsync("said", "s1");

        // As today's client does: the summary of a row before the row.
        await server.StreamAsync("said", "s1", Documents.Chunk("wandb-summary.json", 0, """{"loss":0.5,"_step":0}"""));
        await server.LogAsync("said", "s1", 0, """{"loss":0.5,"_step":0}""");
        var last = Documents.Chunk("wandb-summary.json", 0, """{"loss":0.5,"best":0.99,"acc":{"max":6},"word":"x","_step":0}""");
        last["complete"] = true;
        last["exitcode"] = 0;
        await server.StreamAsync("said", "s1", last);
        await server.StreamAsync("said", "s1", last.DeepClone().AsObject());
        var experiment = (string)(await server.GetJsonAsync("/api/2.0/mlflow/experiments/get-by-name?experiment_name=said"))["experiment"]!["experiment_id"]!;
        var found = await server.PostAsync("/api/2.0/mlflow/runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = "metrics.best > 0.9 and metrics.`acc.max` = 6" }.ToJsonString());
        var id = (string)Assert.Single(found["runs"]!.AsArray())!["info"]!["run_id"]!;
        foreach (var key in new[] { "loss", "best", "acc.max" })
        {
            Assert.Single((await server.GetJsonAsync($"/api/2.0/mlflow/metrics/get-history?run_id={id}&metric_key={key}"))["metrics"]!.AsArray());
        }

        Assert.Equal(["""{"loss":0.5,"_step":0}"""], await server.HistoryAsync("said", "s1"));
        Assert.Equal(["loss", "_step"], (await server.RunAsync("said", "s1"))!["historyKeys"]!["keys"]!.AsObject().Select(key => key.Key));
        await server.UpsertAsync("said", "s1", new JsonObject { ["summaryMetrics"] = """{"loss":0.5,"best":1.5}""" });
        found = await server.PostAsync("/api/2.0/mlflow/runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = "metrics.best = 1.5" }.ToJsonString());
        Assert.Single(found["runs"]!.AsArray());
    }

    [Fact]
    public async Task Wandb_reads_what_mlflow_logged()
    {
        var experiment = (string)(await server.PostAsync("/api/2.0/mlflow/experiments/create", """{"name":"from-mlflow"}"""))["experiment_id"]!;
        var made = await server.PostAsync("/api/2.0/mlflow/runs/create", new JsonObject { ["experiment_id"] = experiment, ["run_name"] = "m1", ["start_time"] = 1700000000000 }.ToJsonString());
        var id = (string)made["run"]!["info"]!["run_id"]!;
        await server.PostAsync("/api/2.0/mlflow/runs/log-batch", new JsonObject
        {
            ["run_id"] = id,
            ["params"] = new JsonArray(new JsonObject { ["key"] = "lr", ["value"] = "0.1" }),
            ["tags"] = new JsonArray(new JsonObject { ["key"] = "team", ["value"] = "vision" }),
            ["metrics"] = new JsonArray(
                new JsonObject { ["key"] = "acc", ["value"] = 0.5, ["step"] = 0, ["timestamp"] = 1700000001000 },
                new JsonObject { ["key"] = "acc", ["value"] = 0.75, ["step"] = 1, ["timestamp"] = 1700000002000 },
                new JsonObject { ["key"] = "loss", ["value"] = 0.1, ["step"] = 1, ["timestamp"] = 1700000002000 }),
        }.ToJsonString());
        await server.PostAsync("/api/2.0/mlflow/runs/update", new JsonObject { ["run_id"] = id, ["status"] = "FINISHED", ["end_time"] = 1700000003000 }.ToJsonString());

        var run = (await server.RunAsync("from-mlflow", id))!;
        Assert.Equal("m1", (string)run["displayName"]!);
        Assert.Equal("finished", (string)run["state"]!);
        Assert.Equal("0.1", (string)JsonNode.Parse((string)run["config"]!)!["lr"]!["value"]!);
        Assert.Equal("""{"acc":0.75,"loss":0.1,"_step":1}""", (string)run["summaryMetrics"]!);
        Assert.Equal(["team=vision"], run["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Equal(2, (int)run["historyKeys"]!["keys"]!["acc"]!["typeCounts"]![0]!["count"]!);
        var rows = await server.HistoryAsync("from-mlflow", id);
        Assert.Equal("""{"acc":0.75,"loss":0.1,"_step":1,"_timestamp":1700000002,"_runtime":2}""", rows[1]);
        var found = await server.DoAsync(Documents.Runs, new JsonObject { ["project"] = "from-mlflow", ["entity"] = "cairn", ["filters"] = """{"summary_metrics.acc":{"$gte":0.7}}""" });
        Assert.Equal(1, (int)found["project"]!["runCount"]!);
    }

    [Fact]
    public async Task Runs_made_with_a_launch_token_are_children_of_the_launched_run()
    {
        var parent = await server.PostAsync("/api/v1/runs", """{"experiment":"launch","name":"main"}""");
        var token = (string)(await server.PostAsync($"/api/v1/runs/{(string)parent["id"]!}/launch-token", ""))["token"]!;
        Assert.Matches("^[0-9A-Za-z]{40}$", token);
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"api:{token}")));
        await PostAsync(http, "/graphql", new JsonObject { ["query"] = Documents.Upsert, ["variables"] = new JsonObject { ["project"] = "launch", ["name"] = "child" } });
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await PostAsync(http, "/api/2.0/mlflow/runs/create", new JsonObject { ["experiment_id"] = (string)parent["experimentId"]!, ["run_name"] = "mlflow-child" });
        await PostAsync(http, "/api/v1/runs", new JsonObject { ["experiment"] = "launch", ["name"] = "native-child" });

        var detail = await server.GetJsonAsync($"/api/v1/runs/{(string)parent["id"]!}");
        Assert.Equal(3, detail["children"]!.AsArray().Count);
        var forged = $"{token[..^1]}{(token[^1] == 'a' ? 'b' : 'a')}";
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", forged);
        await PostAsync(http, "/api/v1/runs", new JsonObject { ["experiment"] = "launch", ["name"] = "stranger" });
        Assert.Equal(3, (await server.GetJsonAsync($"/api/v1/runs/{(string)parent["id"]!}"))["children"]!.AsArray().Count);
    }

    [Fact]
    public async Task Links_that_clients_print_lead_to_our_pages()
    {
        var made = await server.UpsertAsync("links", "l1");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var run = await http.GetAsync(new Uri("/cairn/links/runs/l1", UriKind.Relative));
        Assert.Matches("^/runs/[0-9a-f]{32}$", run.Headers.Location!.ToString());
        using var project = await http.GetAsync(new Uri("/cairn/links", UriKind.Relative));
        Assert.Matches("^/experiments/[0-9]+$", project.Headers.Location!.ToString());
        using var key = await http.GetAsync(new Uri("/authorize", UriKind.Relative));
        Assert.Contains("API key", await key.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(made);
    }

    [Fact]
    public async Task A_file_is_put_by_a_signed_address_and_no_other()
    {
        await server.UpsertAsync("files", "f1");
        await UploadAsync("files", "f1", "a dir/100%.txt", "content");
        Assert.Equal("content", await server.Http.GetStringAsync(new Uri("/files/cairn/files/f1/a%20dir/100%25.txt", UriKind.Relative)));
        using var bare = new HttpClient { BaseAddress = server.Address };
        using var forged = await bare.PutAsync(new Uri($"/wandb/signed/put/9999999999/{new string('0', 32)}/run/{new string('0', 32)}/x", UriKind.Relative), new StringContent("x"));
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, forged.StatusCode);
    }

    private async Task UploadAsync(string project, string run, string path, string content)
    {
        var data = await server.DoAsync(
            "mutation CreateRunFiles($project: String!, $run: String!, $files: [String!]!) { createRunFiles(input: {projectName: $project, runName: $run, files: $files}) { runID uploadHeaders files { name uploadUrl } } }",
            new JsonObject { ["project"] = project, ["run"] = run, ["files"] = new JsonArray(path) });
        using var bare = new HttpClient();
        using var put = await bare.PutAsync(new Uri((string)data["createRunFiles"]!["files"]![0]!["uploadUrl"]!), new StringContent(content));
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
    }

    private static async Task PostAsync(HttpClient http, string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
