using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Datasets that runs read, and models they tell of.</summary>
public sealed class DatasetTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Fact]
    public async Task An_input_comes_back_with_the_run_and_in_a_search()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        await LogAsync(run, Input("prices", "d1", "train", ("foo", "baz")));

        var expected = JsonNode.Parse(
            """
            {"dataset_inputs":[{"tags":[{"key":"foo","value":"baz"},{"key":"mlflow.data.context","value":"train"}],
             "dataset":{"name":"prices","digest":"d1","source_type":"local","source":"{\"uri\": \"x\"}","schema":"{}","profile":"{\"num_rows\": 2}"}}]}
            """);
        Assert.Null(JsonDifference.Find(expected, (await server.RunAsync(run))["inputs"]));
        var found = await server.DoAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment) });
        Assert.Null(JsonDifference.Find(expected, found["runs"]![0]!["inputs"]));
    }

    [Fact]
    public async Task The_first_of_equal_inputs_wins_also_when_the_call_is_repeated()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        await LogAsync(run, Input("a", "1", "train"), Input("a", "1", "test"), Input("a", "2", "test"));
        await LogAsync(run, Input("a", "1", "other", ("late", "yes")));

        var inputs = (await server.RunAsync(run))["inputs"]!["dataset_inputs"]!.AsArray();
        Assert.Equal(2, inputs.Count);
        Assert.Equal("train", (string)inputs[0]!["tags"]![0]!["value"]!);
        Assert.Single(inputs[0]!["tags"]!.AsArray());
    }

    [Theory]
    [InlineData("dataset.name = 'prices'", true)]
    [InlineData("datasets.name LIKE 'pri%'", true)]
    [InlineData("dataset.digest = 'd1' AND dataset.context = 'train'", true)]
    [InlineData("dataset.name IN ('x', 'prices')", true)]
    [InlineData("dataset.context = 'test'", false)]
    [InlineData("dataset.name != 'prices'", false)]
    public async Task Runs_are_found_by_what_they_read(string filter, bool hit)
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        await server.NewRunAsync(experiment);
        await LogAsync(run, Input("prices", "d1", "train"));
        Assert.Equal(hit ? [run] : [], await server.SearchAsync(experiment, filter));
    }

    [Fact]
    public async Task Summaries_name_each_dataset_once_for_each_context()
    {
        var experiment = await server.NewExperimentAsync();
        var (first, second) = (await server.NewRunAsync(experiment), await server.NewRunAsync(experiment));
        await LogAsync(first, Input("a", "1", "train"), Input("b", "1", null));
        await LogAsync(second, Input("a", "1", "train"));
        var body = new JsonObject { ["experiment_ids"] = new JsonArray(experiment) };
        var expected = JsonNode.Parse($$$"""
            {"dataset_summaries":[{"experiment_id":"{{{experiment}}}","name":"a","digest":"1","context":"train"},{"experiment_id":"{{{experiment}}}","name":"b","digest":"1"}]}
            """);
        Assert.Null(JsonDifference.Find(expected, await server.DoAsync("experiments/search-datasets", body)));

        // MLflow's own definition of the address lacks a slash.
        var odd = await server.SendAsync("POST", "api/2.0mlflow/experiments/search-datasets", body.ToJsonString());
        Assert.Null(JsonDifference.Find(expected, odd.Expect(200)));
    }

    [Fact]
    public async Task Bad_inputs_are_refused_and_nothing_of_them_is_kept()
    {
        var run = await server.NewRunAsync();
        (await server.PostAsync("runs/log-inputs", new JsonObject { ["datasets"] = new JsonArray() }))
            .Refuses("Missing value for required parameter 'run_id'. See the API docs for more information about request parameters.");
        (await server.PostAsync("runs/log-inputs", new JsonObject { ["run_id"] = run, ["datasets"] = new JsonArray(Input("ok", "1", null), new JsonObject { ["dataset"] = new JsonObject { ["name"] = "x" } }) }))
            .Refuses("Missing value for required parameter 'datasets[1].dataset.digest'. See…");
        (await server.PostAsync("runs/log-inputs", new JsonObject { ["run_id"] = run, ["datasets"] = new JsonArray(Input(new string('n', 501), "1", null)) }))
            .Refuses("datasets[0].dataset: 'name' exceeds the maximum length of 500 characters…");
        (await server.PostAsync("runs/log-inputs", new JsonObject { ["run_id"] = new string('a', 32), ["datasets"] = new JsonArray(Input("a", "1", null)) }))
            .Refuses("Run with id=…", 404, "RESOURCE_DOES_NOT_EXIST");
        (await server.PostAsync("runs/outputs", new JsonObject { ["run_id"] = run, ["models"] = new JsonArray(new JsonObject { ["model_id"] = "m-0", ["step"] = 1 }) }))
            .Refuses("Logged model with ID 'm-0' not found.", 404, "RESOURCE_DOES_NOT_EXIST");
        (await server.PostAsync("experiments/search-datasets", new JsonObject())).Refuses("SearchDatasets request must specify at least one experiment_id.");
        Assert.Empty((await server.RunAsync(run))["inputs"]!.AsObject());
    }

    [Theory]
    [InlineData("mlflow-python-client/3.5.2.dev0", 200)]
    [InlineData("mlflow-python-client/10.0", 200)]
    [InlineData("mlflow-python-client/2.21.0", 400)]
    [InlineData("mlflow-python-client/3", 400)]
    [InlineData("other", 400)]
    public async Task No_inputs_at_all_are_taken_from_clients_that_leave_empty_lists_out(string client, int status)
    {
        var run = await server.NewRunAsync();
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/2.0/mlflow/runs/log-inputs")
        {
            Content = new StringContent(new JsonObject { ["run_id"] = run }.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("User-Agent", client);
        using var response = await http.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_longest_profile_of_a_dataset_is_kept_whole()
    {
        var run = await server.NewRunAsync();
        var longest = Input("profiled", "1", null);
        longest["dataset"]!["profile"] = new string('p', 16_777_215);
        await server.DoAsync("runs/log-inputs", new JsonObject { ["run_id"] = run, ["datasets"] = new JsonArray(longest) });
        var kept = (await server.RunAsync(run))["inputs"]!["dataset_inputs"]![0]!["dataset"]!;
        Assert.Equal(16_777_215, ((string)kept["profile"]!).Length);
    }

    [Fact]
    public async Task A_logged_model_is_added_to_the_history_tag_once_per_model()
    {
        var run = await server.NewRunAsync();
        foreach (var path in new[] { "m1", "m1", "m2" })
        {
            var model = $$$$"""{"run_id":"{{{{run}}}}","artifact_path":"{{{{path}}}}","utc_time_created":"2026-01-01 00:00:00.5","flavors":{"python_function":{"env":"é","config":{"k":1},"n":1.0}},"model_uuid":"u","mlflow_version":"2.21.0","signature":{}}""";
            await server.DoAsync("runs/log-model", new JsonObject { ["run_id"] = run, ["model_json"] = model });
        }

        string Entry(string path) =>
            $$$$"""{"run_id": "{{{{run}}}}", "artifact_path": "{{{{path}}}}", "utc_time_created": "2026-01-01 00:00:00.5", "model_uuid": "u", "flavors": {"python_function": {"env": "é", "n": 1.0}}}""";
        Assert.Equal($"[{Entry("m1")}, {Entry("m2")}]", (await server.PairsAsync(run, "tags"))["mlflow.log-model.history"]);
        (await server.PostAsync("runs/log-model", new JsonObject { ["run_id"] = run, ["model_json"] = "{nope" })).Refuses("Malformed model info…");
        (await server.PostAsync("runs/log-model", new JsonObject { ["run_id"] = run, ["model_json"] = "{\"run_id\":\"x\",\"flavors\":{},\"artifact_path\":\"p\"}" }))
            .Refuses("Model json is missing mandatory fields: {'utc_time_created'}");
    }

    [Fact]
    public async Task Histories_written_at_once_all_stay()
    {
        var run = await server.NewRunAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => server.DoAsync(
            "runs/log-model",
            new JsonObject { ["run_id"] = run, ["model_json"] = $$$"""{"run_id":"{{{run}}}","artifact_path":"p{{{i}}}","utc_time_created":"t","flavors":{}}""" })));
        Assert.Equal(20, JsonNode.Parse((await server.PairsAsync(run, "tags"))["mlflow.log-model.history"])!.AsArray().Count);
    }

    private Task<JsonNode> LogAsync(string run, params JsonNode[] inputs) =>
        server.DoAsync("runs/log-inputs", new JsonObject { ["run_id"] = run, ["datasets"] = new JsonArray(inputs) });

    private static JsonObject Input(string name, string digest, string? use, params (string Key, string Value)[] tags)
    {
        var list = new JsonArray([.. tags.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value })]);
        if (use is not null)
        {
            list.Add((JsonNode)new JsonObject { ["key"] = "mlflow.data.context", ["value"] = use });
        }

        return new JsonObject
        {
            ["tags"] = list,
            ["dataset"] = new JsonObject { ["name"] = name, ["digest"] = digest, ["source_type"] = "local", ["source"] = "{\"uri\": \"x\"}", ["schema"] = "{}", ["profile"] = "{\"num_rows\": 2}" },
        };
    }
}
