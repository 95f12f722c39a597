using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Evaluation sets with their records, and scorers.</summary>
public sealed class EvaluationTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private const string Sets = "api/3.0/mlflow/datasets";
    private const string Scorers = "api/3.0/mlflow/scorers";

    [Fact]
    public async Task A_set_is_made_tagged_found_and_removed()
    {
        var (one, two) = (await server.NewExperimentAsync(), await server.NewExperimentAsync());
        var id = await NewAsync("set-a", """{"env": "dev", "team": "ml"}""", one, two);
        Assert.Matches("^d-[0-9a-f]{32}$", id);
        await SendAsync("PATCH", $"{Sets}/{id}/tags", new JsonObject { ["tags"] = """{"env": "prod", "new": "x"}""" });
        (await server.SendAsync("DELETE", $"{Sets}/{id}/tags/new")).Expect(200);
        (await server.SendAsync("DELETE", $"{Sets}/{id}/tags/new")).Expect(200);
        var set = (await server.SendAsync("GET", $"{Sets}/{id}")).Expect(200)["dataset"]!;
        Assert.Equal("""{"env": "prod", "team": "ml"}""", (string)set["tags"]!);
        Assert.Equal([one, two], (await server.SendAsync("GET", $"{Sets}/{id}/experiment-ids")).Expect(200)["experiment_ids"]!.AsArray().Select(item => (string)item!));

        Assert.Null(set["experiment_ids"]);
        Assert.Equal("{}", (await server.SendAsync("GET", $"{Sets}/d-none/experiment-ids")).Text);
        Assert.Equal("{}", (string)(await server.SendAsync("GET", $"{Sets}/{await NewAsync("plain", "{}")}")).Expect(200)["dataset"]!["tags"]!);

        foreach (var (filter, hit) in new[] { ("name = 'set-a'", true), ("name LIKE 'SET%'", false), ("tags.team = 'ml' AND created_time > 0", true), ("tags.env = 'dev'", false) })
        {
            var found = await SendAsync("POST", $"{Sets}/search", new JsonObject { ["experiment_ids"] = new JsonArray(one), ["filter_string"] = filter });
            Assert.Equal(hit, found["datasets"] is not null);
        }

        (await server.SendAsync("POST", $"{Sets}/search", """{"filter_string":"size = '1'"}""")).Refuses("Invalid attribute key 'size' specified…");
        (await server.SendAsync("POST", $"{Sets}/search", """{"order_by":["tags.a"]}""")).Refuses("Invalid attribute key 'tags.a' specified…");
        for (var i = 0; i < 2; i++)
        {
            (await server.SendAsync("DELETE", $"{Sets}/{id}")).Expect(200);
        }

        (await server.SendAsync("GET", $"{Sets}/{id}")).Refuses($"Evaluation dataset with id '{id}' not found", 404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task Records_with_the_same_inputs_are_merged()
    {
        var id = await NewAsync("records", "{}", "0");
        Assert.Equal((2, 0), await UpsertAsync(id, """[{"inputs":{"q":"a","n":1},"expectations":{"x":1},"tags":{"t":"1"}},{"inputs":{"q":"b"},"outputs":"text"}]"""));
        Assert.Equal((1, 1), await UpsertAsync(id, """[{"inputs":{"n":1,"q":"a"},"expectations":{"y":2},"outputs":{"o":0.5}},{"inputs":{"q":"c"}}]"""));
        var answer = (await server.SendAsync("GET", $"{Sets}/{id}/records?max_results=2")).Expect(200);
        var records = JsonNode.Parse((string)answer["records"]!)!.AsArray();
        Assert.Equal(2, records.Count);
        var rest = (await server.SendAsync("GET", $"{Sets}/{id}/records?page_token={Uri.EscapeDataString((string)answer["next_page_token"]!)}")).Expect(200);
        Assert.Null(rest["next_page_token"]);
        var all = records.Concat(JsonNode.Parse((string)rest["records"]!)!.AsArray()).ToList();
        Assert.Equal(["a", "b", "c"], all.Select(record => (string)record!["inputs"]!["q"]!).Order(StringComparer.Ordinal));
        var merged = all.Single(record => (string)record!["inputs"]!["q"]! == "a")!;
        Assert.Equal("""{"x":1,"y":2}""", merged["expectations"]!.ToJsonString());
        Assert.Equal("""{"o":0.5}""", merged["outputs"]!.ToJsonString());
        var set = (await server.SendAsync("GET", $"{Sets}/{id}")).Expect(200)["dataset"]!;
        Assert.Equal("""{"num_records": 3}""", (string)set["profile"]!);
        Assert.Equal("string", (string)JsonNode.Parse((string)set["schema"]!)!["inputs"]!["q"]!);
    }

    [Fact]
    public async Task A_record_says_where_it_is_from_and_one_without_inputs_is_one_of_empty_inputs()
    {
        var id = await NewAsync("sources", "{}", "0");
        Assert.Equal((2, 0), await UpsertAsync(id, """[{},{"inputs":{"q":1},"source":{"source_type":"trace","source_data":{"trace_id":"tr-1"}},"outputs":null}]"""));
        Assert.Equal((0, 1), await UpsertAsync(id, """[{"inputs":{},"source":{}}]"""));
        var records = JsonNode.Parse((string)(await server.SendAsync("GET", $"{Sets}/{id}/records")).Expect(200)["records"]!)!.AsArray();
        var (empty, traced) = (records.Single(record => record!["inputs"]!.AsObject().Count == 0)!, records.Single(record => record!["inputs"]!.AsObject().Count == 1)!);
        Assert.Equal(("{}", "{}", null), (empty["outputs"]!.ToJsonString(), empty["tags"]!.ToJsonString(), empty["source"]));
        Assert.Null(traced["outputs"]);
        Assert.Equal(("TRACE", "tr-1"), ((string)traced["source_type"]!, (string)traced["source_id"]!));
        Assert.Equal("""{"source_type":"TRACE","source_data":{"trace_id":"tr-1"}}""", traced["source"]!.ToJsonString());
        (await server.SendAsync("POST", $"{Sets}/search", """{"max_results":50000}""")).Expect(200);
        (await server.SendAsync("POST", $"{Sets}/search", """{"max_results":50001}""")).Refuses("Invalid value 50001 for parameter 'max_results' supplied…");
    }

    [Fact]
    public async Task Who_sent_records_last_changed_the_set()
    {
        var id = await NewAsync("by", """{"mlflow.user": "first"}""", "0");
        await UpsertAsync(id, """[{"inputs":{"q":"a"},"tags":{"mlflow.user":"second"}},{"inputs":{"q":"b"}}]""");
        var set = (await server.SendAsync("GET", $"{Sets}/{id}")).Expect(200)["dataset"]!;
        Assert.Equal(("first", "second"), ((string)set["created_by"]!, (string)set["last_updated_by"]!));
        var found = await SendAsync("POST", $"{Sets}/search", new JsonObject { ["filter_string"] = "last_updated_by = 'second'" });
        Assert.Equal(id, (string)found["datasets"]![0]!["dataset_id"]!);
    }

    [Theory]
    [InlineData("[1]", "'records[0]' must be an object…")]
    [InlineData("""[{"inputs":{}},{"inputs":3}]""", "'records[1].inputs' must be an object.")]
    [InlineData("{}", "'records' must be a text of JSON: a list of objects.")]
    [InlineData("""[{"inputs":{},"source":{"source_type":"hearsay"}}]""", "Invalid dataset record source type: HEARSAY in 'records[0].source.source_type'…")]
    [InlineData("""[{"inputs":{},"source":"me"}]""", "'records[0].source' must be an object with 'source_type' and 'source_data'.")]
    public async Task Bad_records_are_refused_whole(string records, string message)
    {
        var id = await NewAsync("bad", "{}", "0");
        (await server.SendAsync("POST", $"{Sets}/{id}/records", new JsonObject { ["records"] = records }.ToJsonString())).Refuses(message);
        Assert.Equal("[]", (string)(await server.SendAsync("GET", $"{Sets}/{id}/records")).Expect(200)["records"]!);
        (await server.SendAsync("POST", $"{Sets}/d-none/records", new JsonObject { ["records"] = "[]" }.ToJsonString())).Expect(404);
    }

    [Fact]
    public async Task Scorers_have_versions()
    {
        var experiment = await server.NewExperimentAsync();
        for (var version = 1; version <= 2; version++)
        {
            var made = await SendAsync("POST", $"{Scorers}/register", new JsonObject { ["experiment_id"] = experiment, ["name"] = "s", ["serialized_scorer"] = $"body {version}" });
            Assert.Equal(version, (int)made["version"]!);
        }

        var latest = (await server.SendAsync("GET", $"{Scorers}/list?experiment_id={experiment}")).Expect(200)["scorers"]!.AsArray();
        Assert.Equal((1, 2), (latest.Count, (int)latest[0]!["scorer_version"]!));
        Assert.Equal("body 1", (string)(await server.SendAsync("GET", $"{Scorers}/get?experiment_id={experiment}&name=s&version=1")).Expect(200)["scorer"]!["serialized_scorer"]!);
        await SendAsync("DELETE", $"{Scorers}/delete", new JsonObject { ["experiment_id"] = experiment, ["name"] = "s", ["version"] = 1 });
        Assert.Single((await server.SendAsync("GET", $"{Scorers}/versions?experiment_id={experiment}&name=s")).Expect(200)["scorers"]!.AsArray());
        (await server.SendAsync("GET", $"{Scorers}/get?experiment_id={experiment}&name=s&version=1")).Refuses($"Scorer with name 's' and version 1 not found for experiment {experiment}.", 404, "RESOURCE_DOES_NOT_EXIST");
        await SendAsync("DELETE", $"{Scorers}/delete", new JsonObject { ["experiment_id"] = experiment, ["name"] = "s" });
        Assert.Null((await server.SendAsync("GET", $"{Scorers}/list?experiment_id={experiment}")).Expect(200)["scorers"]);
        (await server.SendAsync("POST", $"{Scorers}/register", """{"experiment_id":"99999","name":"s","serialized_scorer":"x"}""")).Expect(404);
    }

    [Fact]
    public async Task Scorers_registered_at_once_get_versions_of_their_own()
    {
        var experiment = await server.NewExperimentAsync();
        var versions = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
            (int)(await SendAsync("POST", $"{Scorers}/register", new JsonObject { ["experiment_id"] = experiment, ["name"] = "s", ["serialized_scorer"] = $"{i}" }))["version"]!));
        Assert.Equal(Enumerable.Range(1, 10), versions.Order());
    }

    private async Task<string> NewAsync(string name, string tags, params string[] experiments)
    {
        var body = new JsonObject { ["name"] = name, ["tags"] = tags, ["experiment_ids"] = new JsonArray([.. experiments.Select(id => (JsonNode)id)]) };
        return (string)(await SendAsync("POST", $"{Sets}/create", body))["dataset"]!["dataset_id"]!;
    }

    private async Task<(int Inserted, int Updated)> UpsertAsync(string id, string records)
    {
        var counts = await SendAsync("POST", $"{Sets}/{id}/records", new JsonObject { ["records"] = records });
        return ((int)counts["inserted_count"]!, (int)counts["updated_count"]!);
    }

    private async Task<JsonNode> SendAsync(string method, string path, JsonNode body) => (await server.SendAsync(method, path, body.ToJsonString())).Expect(200);
}
