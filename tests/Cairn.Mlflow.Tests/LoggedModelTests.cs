using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Logged models: their life, their metrics, their search and their files.</summary>
public sealed class LoggedModelTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Fact]
    public async Task A_model_is_made_finished_and_read_as_mlflow_shows_it()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        var id = await NewAsync(experiment, new JsonObject
        {
            ["name"] = "model",
            ["source_run_id"] = run,
            ["params"] = Pairs(("lr", "0.01"), ("a", "1")),
            ["tags"] = Pairs(("mlflow.user", "root")),
        });
        Assert.Matches("^m-[0-9a-f]{32}$", id);
        (await server.SendAsync("PATCH", Path(id), $$"""{"model_id":"{{id}}","status":"LOGGED_MODEL_READY"}""")).Expect(200);
        await server.DoAsync("runs/log-batch", JsonNode.Parse(
            $$"""
            {"run_id":"{{run}}","metrics":[{"key":"m","value":0.5,"timestamp":1700000000000,"step":2,"model_id":"{{id}}","dataset_name":"d","dataset_digest":"1"},
             {"key":"plain","value":1,"timestamp":1700000000000,"step":0}]}
            """)!);
        var expected = JsonNode.Parse(
            $$$$"""
            {"model":{"info":{"model_id":"{{{{id}}}}","experiment_id":"{{{{experiment}}}}","name":"model","creation_timestamp_ms":"<any>","last_updated_timestamp_ms":"<any>",
             "artifact_uri":"mlflow-artifacts:/{{{{experiment}}}}/models/{{{{id}}}}/artifacts","status":"LOGGED_MODEL_READY","model_type":"","source_run_id":"{{{{run}}}}",
             "tags":[{"key":"mlflow.user","value":"root"}]},
             "data":{"params":[{"key":"a","value":"1"},{"key":"lr","value":"0.01"}],
              "metrics":[{"key":"m","value":0.5,"timestamp":1700000000000,"step":2,"dataset_name":"d","dataset_digest":"1","model_id":"{{{{id}}}}","run_id":"{{{{run}}}}"}]
             }}}
            """);
        Assert.Null(JsonDifference.Find(expected, (await server.GetAsync($"logged-models/{id}")).Expect(200)));

        // The value is the run's as well, and the same call again adds nothing.
        Assert.Equal(2, (await server.RunAsync(run))["data"]!["metrics"]!.AsArray().Count);
        await server.DoAsync("runs/log-metric", JsonNode.Parse($$$$"""{"run_id":"{{{{run}}}}","key":"m","value":0.5,"timestamp":1700000000000,"step":2,"model_id":"{{{{id}}}}","dataset_name":"d","dataset_digest":"1"}""")!);
        Assert.Null(JsonDifference.Find(expected, (await server.GetAsync($"logged-models/{id}")).Expect(200)));
    }

    [Fact]
    public async Task A_batch_that_speaks_of_an_unknown_model_is_refused_whole()
    {
        var run = await server.NewRunAsync();
        (await server.PostAsync("runs/log-batch", JsonNode.Parse($$$$"""{"run_id":"{{{{run}}}}","metrics":[{"key":"a","value":1,"timestamp":1},{"key":"m","value":1,"timestamp":1,"model_id":"m-none"}]}""")!))
            .Refuses("Logged model with ID 'm-none' not found.", 404, "RESOURCE_DOES_NOT_EXIST");
        Assert.Null((await server.RunAsync(run))["data"]!["metrics"]);
    }

    [Fact]
    public async Task Params_stay_tags_change_and_a_deleted_model_is_gone()
    {
        var id = await NewAsync(await server.NewExperimentAsync());
        await server.DoAsync($"logged-models/{id}/params", new JsonObject { ["params"] = Pairs(("p", "1")) });
        await server.DoAsync($"logged-models/{id}/params", new JsonObject { ["params"] = Pairs(("p", "1")) });
        (await server.PostAsync($"logged-models/{id}/params", new JsonObject { ["params"] = Pairs(("q", "1"), ("p", "2")) })).Refuses("The param 'p' of the logged model…");
        (await server.SendAsync("PATCH", $"{Path(id)}/tags", new JsonObject { ["tags"] = Pairs(("a/b", "1"), ("c", "2")) }.ToJsonString())).Expect(200);
        (await server.SendAsync("DELETE", $"{Path(id)}/tags/c")).Expect(200);
        (await server.SendAsync("DELETE", $"{Path(id)}/tags/c")).Refuses($"No tag with key 'c' found for model with ID '{id}'.", 404, "RESOURCE_DOES_NOT_EXIST");
        (await server.SendAsync("DELETE", $"{Path(id)}/tags/a%2Fb")).Expect(200);
        var model = (await server.GetAsync($"logged-models/{id}")).Expect(200)["model"]!;
        Assert.Null(model["info"]!["tags"]);
        Assert.Equal("[{\"key\":\"p\",\"value\":\"1\"}]", model["data"]!["params"]!.ToJsonString());

        (await server.SendAsync("DELETE", Path(id))).Expect(200);
        (await server.SendAsync("DELETE", Path(id))).Expect(200);
        (await server.GetAsync($"logged-models/{id}")).Refuses($"Logged model with ID '{id}' not found.", 404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("x:y")]
    [InlineData("50%")]
    public async Task A_name_that_could_be_read_as_an_address_is_refused(string name) =>
        (await server.PostAsync("logged-models", new JsonObject { ["experiment_id"] = "0", ["name"] = name })).Refuses($"Invalid model name ('{name}') provided. Model name must…");

    [Theory]
    [InlineData("name = 'first'", "first")]
    [InlineData("attributes.name ILIKE 'FIR%'", "first")]
    [InlineData("name IN ('first', 'none')", "first")]
    [InlineData("params.lr = '0.1'", "second")]
    [InlineData("tags.team != 'x'", "first second")]
    [InlineData("metrics.acc > 0.6", "second")]
    [InlineData("metrics.acc >= 0.5 AND tags.`team` = 'b'", "second")]
    [InlineData("status = 'READY'", "")]
    [InlineData("creation_timestamp > 0", "first second")]
    public async Task A_search_finds_what_its_filter_says(string filter, string names)
    {
        var (experiment, _) = await TwoModelsAsync();
        var found = await SearchAsync(experiment, new JsonObject { ["filter"] = filter });
        Assert.Equal(names.Split(' ', StringSplitOptions.RemoveEmptyEntries), found.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_search_looks_at_metrics_of_the_asked_data_only()
    {
        var (experiment, _) = await TwoModelsAsync();
        var datasets = new JsonArray(new JsonObject { ["dataset_name"] = "d", ["dataset_digest"] = "1" });
        Assert.Equal(["first"], await SearchAsync(experiment, new JsonObject { ["datasets"] = datasets.DeepClone() }));
        Assert.Empty(await SearchAsync(experiment, new JsonObject { ["datasets"] = datasets, ["filter"] = "metrics.acc > 0.6" }));
        Assert.Equal(["second", "first"], await SearchAsync(experiment, new JsonObject { ["order_by"] = Order("metrics.acc", ascending: false) }));
        Assert.Equal(["first", "second"], await SearchAsync(experiment, new JsonObject { ["order_by"] = Order("metrics.acc", ascending: true) }));
        Assert.Equal(["first", "second"], await SearchAsync(experiment, new JsonObject { ["order_by"] = Order("name", ascending: true) }));
        var byDigest = Order("metrics.acc", ascending: false);
        byDigest[0]!["dataset_digest"] = "1";
        Assert.Equal(["first", "second"], await SearchAsync(experiment, new JsonObject { ["order_by"] = byDigest }));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_the_last_has_no_token()
    {
        var (experiment, _) = await TwoModelsAsync();
        var first = await server.DoAsync("logged-models/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["max_results"] = 1 });
        var second = await server.DoAsync("logged-models/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["max_results"] = 1, ["page_token"] = (string)first["next_page_token"]! });
        Assert.NotEqual((string)first["models"]![0]!["info"]!["name"]!, (string)second["models"]![0]!["info"]!["name"]!);
        Assert.Null(second["next_page_token"]);
    }

    [Fact]
    public async Task A_page_belongs_to_the_search_that_began_it()
    {
        var (experiment, _) = await TwoModelsAsync();
        var search = new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["max_results"] = 1, ["filter"] = "name LIKE '%'", ["order_by"] = Order("name", ascending: true) };
        search["page_token"] = (string)(await server.DoAsync("logged-models/search", search))["next_page_token"]!;
        await server.DoAsync("logged-models/search", search);
        await RefusesAsync("experiment_ids", new JsonArray("0"), "Experiment IDs in the page token do not match the requested experiment IDs…");
        await RefusesAsync("filter", "name != ''", "Filter string in the page token does not match the requested filter string…");
        await RefusesAsync("order_by", Order("name", ascending: false), "Order by in the page token does not match the requested order by…");

        async Task RefusesAsync(string field, JsonNode value, string message)
        {
            var other = search.DeepClone();
            other[field] = value;
            (await server.PostAsync("logged-models/search", other)).Refuses(message);
        }
    }

    [Theory]
    [InlineData("name > 'a'", "Invalid comparison operator for name: '>'…")]
    [InlineData("metrics.m LIKE 'a'", "Invalid comparison operator for metrics.m: 'LIKE'…")]
    [InlineData("nothing = 'a'", "Invalid attribute key 'nothing' specified…")]
    [InlineData("spans.x = 'a'", "Invalid entity type: 'spans'…")]
    [InlineData("name = 'a' OR name = 'b'", "Invalid filter string: 'OR name…")]
    [InlineData("name = ", "Invalid filter string…")]
    [InlineData("name IN ()", "While parsing a list in the query, expected a non-empty list of string values, but got empty list")]
    [InlineData("name = 'x'; DROP TABLE run", "Invalid filter string: '; DROP TABLE run'")]
    public async Task A_filter_that_means_nothing_is_refused(string filter, string message) =>
        (await server.PostAsync("logged-models/search", new JsonObject { ["experiment_ids"] = new JsonArray("0"), ["filter"] = filter })).Refuses(message);

    [Fact]
    public async Task Files_sent_through_the_proxy_are_listed_and_read_by_the_model()
    {
        var experiment = await server.NewExperimentAsync();
        var id = await NewAsync(experiment);
        var place = $"api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{id}/artifacts";
        (await server.SendAsync("PUT", $"{place}/MLmodel", "flavors: {}", "text/plain")).Expect(200);
        (await server.SendAsync("PUT", $"{place}/data/w.bin", "123", "text/plain")).Expect(200);
        var root = (await server.GetAsync($"logged-models/{id}/artifacts/directories")).Expect(200);
        Assert.Equal("MLmodel data", string.Join(' ', root["files"]!.AsArray().Select(file => (string)file!["path"]!)));
        var inner = (await server.GetAsync($"logged-models/{id}/artifacts/directories?artifact_directory_path=data")).Expect(200);
        Assert.Equal("data/w.bin", (string)inner["files"]![0]!["path"]!);
        var file = await server.SendAsync("GET", $"ajax-api/2.0/mlflow/logged-models/{id}/artifacts/files?artifact_file_path=MLmodel");
        Assert.Equal("flavors: {}", file.Text);
        Assert.Equal("nosniff", file.Headers["X-Content-Type-Options"]);
    }

    [Theory]
    [InlineData("artifacts/files?artifact_file_path=../../0/x")]
    [InlineData("artifacts/files?artifact_file_path=%2Fetc%2Fpasswd")]
    [InlineData("artifacts/files?artifact_file_path=a%5C..%5Cb")]
    [InlineData("artifacts/files?artifact_file_path=%252e%252e%2Fx")]
    [InlineData("artifacts/directories?artifact_directory_path=..")]
    public async Task A_path_out_of_the_model_is_refused(string call)
    {
        var id = await NewAsync(await server.NewExperimentAsync());
        (await server.GetAsync($"logged-models/{id}/{call}")).Expect(400);
    }

    [Fact]
    public async Task What_a_run_used_and_made_comes_with_it()
    {
        var experiment = await server.NewExperimentAsync();
        var (run, id) = (await server.NewRunAsync(experiment), await NewAsync(experiment));
        for (var i = 0; i < 2; i++)
        {
            await server.DoAsync("runs/outputs", new JsonObject { ["run_id"] = run, ["models"] = new JsonArray(new JsonObject { ["model_id"] = id, ["step"] = 3 }) });
            await server.DoAsync("runs/log-inputs", new JsonObject { ["run_id"] = run, ["models"] = new JsonArray(new JsonObject { ["model_id"] = id }) });
        }

        var found = await server.RunAsync(run);
        Assert.Equal($$$$"""{"model_outputs":[{"model_id":"{{{{id}}}}","step":3}]}""", found["outputs"]!.ToJsonString());
        Assert.Equal($$$$"""{"model_inputs":[{"model_id":"{{{{id}}}}"}]}""", found["inputs"]!.ToJsonString());
    }

    private async Task<(string Experiment, string Run)> TwoModelsAsync()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        var first = await NewAsync(experiment, new JsonObject { ["name"] = "first", ["tags"] = Pairs(("team", "a")) });
        var second = await NewAsync(experiment, new JsonObject { ["name"] = "second", ["tags"] = Pairs(("team", "b")), ["params"] = Pairs(("lr", "0.1")) });
        await server.DoAsync("runs/log-batch", JsonNode.Parse(
            $$"""
            {"run_id":"{{run}}","metrics":[{"key":"acc","value":0.5,"timestamp":1,"step":0,"model_id":"{{first}}","dataset_name":"d","dataset_digest":"1"},
             {"key":"acc","value":0.9,"timestamp":1,"step":0,"model_id":"{{second}}"}]}
            """)!);
        return (experiment, run);
    }

    private async Task<string> NewAsync(string experiment, JsonObject? body = null)
    {
        body ??= [];
        body["experiment_id"] = experiment;
        return (string)(await server.DoAsync("logged-models", body))["model"]!["info"]!["model_id"]!;
    }

    private async Task<List<string>> SearchAsync(string experiment, JsonObject body)
    {
        body["experiment_ids"] = new JsonArray(experiment);
        return [.. ((await server.DoAsync("logged-models/search", body))["models"] as JsonArray ?? []).Select(model => (string)model!["info"]!["name"]!)];
    }

    private static string Path(string id) => $"api/2.0/mlflow/logged-models/{id}";

    private static JsonArray Order(string field, bool ascending) => new(new JsonObject { ["field_name"] = field, ["ascending"] = ascending });

    private static JsonArray Pairs(params (string Key, string Value)[] pairs) =>
        new([.. pairs.Select(pair => (JsonNode)new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })]);
}
