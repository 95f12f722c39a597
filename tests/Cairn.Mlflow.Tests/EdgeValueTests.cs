using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Values at the edge of what clients send, answered as MLflow's server answers them.</summary>
public sealed class EdgeValueTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Theory]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("-nan")]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    public async Task A_param_that_reads_as_no_finite_number_is_kept_as_its_text(string value)
    {
        var run = await server.NewRunAsync();
        await server.DoAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "missing", ["value"] = value });
        await server.DoAsync("runs/log-batch", new JsonObject { ["run_id"] = run, ["params"] = new JsonArray(new JsonObject { ["key"] = "gap", ["value"] = value }) });
        var expected = $$"""[{"key":"gap","value":"{{value}}"},{"key":"missing","value":"{{value}}"}]""";
        Assert.Equal(expected, Sorted((await server.RunAsync(run))["data"]!["params"]!));

        var found = await server.DoAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray("0"), ["filter"] = $"params.missing = '{value}' AND params.gap = '{value}'" });
        Assert.Equal(run, (string)found["runs"]!.AsArray().Single()!["info"]!["run_id"]!);
    }

    [Fact]
    public async Task Fields_that_need_not_be_there_have_also_the_names_of_protobufs_json()
    {
        var experiment = await server.NewExperimentAsync();
        foreach (var loss in new[] { 1, 2 })
        {
            var made = await server.DoAsync("runs/create", JsonNode.Parse($$"""{"experiment_id":"{{experiment}}","runName":"r{{loss}}","startTime":{{loss}}}""")!);
            Assert.Equal(($"r{loss}", loss), ((string)made["run"]!["info"]!["run_name"]!, (int)made["run"]!["info"]!["start_time"]!));
            var id = (string)made["run"]!["info"]!["run_id"]!;
            await server.DoAsync("runs/log-metric", JsonNode.Parse($$"""{"run_id":"{{id}}","key":"loss","value":{{loss}},"timestamp":1}""")!);
            await server.DoAsync("runs/log-inputs", JsonNode.Parse($$$"""{"run_id":"{{{id}}}","datasets":[{"dataset":{"name":"d","digest":"1","sourceType":"s","source":"x"}}]}""")!);
        }

        var found = await server.DoAsync("runs/search", JsonNode.Parse($$"""{"experimentIds":["{{experiment}}"],"maxResults":1,"orderBy":["metrics.loss DESC"]}""")!);
        var run = found["runs"]!.AsArray().Single()!;
        Assert.Equal(("r2", "s"), ((string)run["info"]!["run_name"]!, (string)run["inputs"]!["dataset_inputs"]![0]!["dataset"]!["source_type"]!));
        (await server.PostAsync("runs/log-metric", """{"runId":"0123","key":"loss","value":1,"timestamp":1}""")).Refuses("Missing value for required parameter 'run_id'.…");
    }

    [Theory]
    [InlineData("dataset_name")]
    [InlineData("dataset_digest")]
    [InlineData("datasetName")]
    public async Task A_metric_names_its_dataset_whole_or_not_at_all(string field)
    {
        var run = await server.NewRunAsync();
        const string fault = "Both dataset_name and dataset_digest must be provided if one is provided";
        (await server.PostAsync("runs/log-metric", $$"""{"run_id":"{{run}}","key":"acc","value":1,"timestamp":1,"{{field}}":"d"}""")).Refuses(fault);
        (await server.PostAsync("runs/log-batch", $$"""{"run_id":"{{run}}","metrics":[{"key":"acc","value":1,"timestamp":1,"{{field}}":"d"}]}""")).Refuses(fault);
        Assert.Null((await server.RunAsync(run))["data"]!["metrics"]);
        await server.DoAsync("runs/log-metric", JsonNode.Parse($$"""{"run_id":"{{run}}","key":"acc","value":1,"timestamp":1,"dataset_name":"d","dataset_digest":"1"}""")!);
    }

    [Fact]
    public async Task True_and_false_are_values_of_metrics_but_no_steps()
    {
        var run = await server.NewRunAsync();
        await server.DoAsync("runs/log-metric", JsonNode.Parse($$"""{"run_id":"{{run}}","key":"yes","value":true,"timestamp":1}""")!);
        await server.DoAsync("runs/log-batch", JsonNode.Parse($$$"""{"run_id":"{{{run}}}","metrics":[{"key":"no","value":false,"timestamp":1}]}""")!);
        var metrics = (await server.RunAsync(run))["data"]!["metrics"]!.AsArray().ToDictionary(metric => (string)metric!["key"]!, metric => (double)metric!["value"]!);
        Assert.Equal((1, 0), (metrics["yes"], metrics["no"]));
        (await server.PostAsync("runs/log-metric", $$"""{"run_id":"{{run}}","key":"yes","value":1,"timestamp":1,"step":true}""")).Refuses("Invalid value true for parameter 'step' supplied:…");
    }

    [Fact]
    public async Task Empty_schemas_and_profiles_of_datasets_are_none()
    {
        var run = await server.NewRunAsync();
        await server.DoAsync("runs/log-inputs", JsonNode.Parse($$$"""{"run_id":"{{{run}}}","datasets":[{"dataset":{"name":"d","digest":"1","source_type":"s","source":"x","schema":"","profile":""}}]}""")!);
        Assert.Equal("""{"name":"d","digest":"1","source_type":"s","source":"x"}""", (await server.RunAsync(run))["inputs"]!["dataset_inputs"]![0]!["dataset"]!.ToJsonString());
    }

    [Fact]
    public async Task Empty_lists_of_things_to_tie_to_a_run_tie_nothing()
    {
        var run = await server.NewRunAsync();
        await server.DoAsync("runs/outputs", JsonNode.Parse($$"""{"run_id":"{{run}}","models":[]}""")!);
        await server.DoAsync("traces/link-to-run", JsonNode.Parse($$"""{"run_id":"{{run}}","trace_ids":[]}""")!);
        (await server.PostAsync("runs/outputs", $$"""{"run_id":"{{run}}"}""")).Refuses("Missing value for required parameter 'models'.…");
        (await server.PostAsync("traces/link-to-run", $$"""{"run_id":"{{run}}"}""")).Refuses("Missing value for required parameter 'trace_ids'.…");
    }

    [Fact]
    public async Task Versions_without_a_run_are_found_by_what_their_run_is_not()
    {
        const string name = "runless";
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name });
        foreach (var run in new[] { null, "abc" })
        {
            await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = "s3://bucket/model", ["run_id"] = run });
        }

        foreach (var (filter, versions) in new[] { ("run_id != 'abc'", "1"), ("run_id = 'abc'", "2"), ("run_id = ''", "1"), ("run_id != ''", "2"), ("run_id LIKE '%'", "2,1") })
        {
            var found = (await server.GetAsync($"model-versions/search?filter={Uri.EscapeDataString($"name = '{name}' AND {filter}")}")).Expect(200);
            Assert.Equal(versions, string.Join(',', found["model_versions"]!.AsArray().Select(version => (string)version!["version"]!)));
        }
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("v1")]
    [InlineData("never")]
    public async Task Removing_an_alias_that_cannot_be_there_is_no_fault_and_removes_none(string alias)
    {
        var name = $"alias-{alias}";
        (await server.SendAsync("DELETE", "api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{name}}","alias":"{{alias}}"}""")).Refuses($"Registered Model with name={name} not found", 404, "RESOURCE_DOES_NOT_EXIST");
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name });
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = "s3://bucket/model" });
        (await server.SendAsync("DELETE", "api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{name}}","alias":"{{alias}}"}""")).Expect(200);
        (await server.GetAsync($"registered-models/alias?name={name}&alias=latest")).Expect(200);
    }

    [Fact]
    public async Task A_version_names_a_logged_model_that_is_there_or_is_not_made()
    {
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = "of-logged" });
        foreach (var model in new[] { "m-none", "none" })
        {
            (await server.PostAsync("model-versions/create", $$"""{"name":"of-logged","source":"s3://bucket/model","model_id":"{{model}}"}"""))
                .Refuses($"Logged model with ID '{model}' not found.", 404, "RESOURCE_DOES_NOT_EXIST");
        }

        Assert.Equal("{}", (await server.GetAsync($"model-versions/search?filter={Uri.EscapeDataString("name = 'of-logged'")}")).Text);
    }

    [Fact]
    public async Task Nowhere_there_are_no_traces()
    {
        await server.DoAsync("traces", JsonNode.Parse("""{"experiment_id":"0","timestamp_ms":5}""")!);
        Assert.Equal("{}", (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", """{"locations":[]}""")).Text);
        (await server.SendAsync("POST", "api/3.0/mlflow/traces/search", "{}")).Refuses("Missing value for required parameter 'locations'.…");
    }

    [Fact]
    public async Task An_old_trace_without_a_duration_says_so_and_one_without_spans_is_not_found()
    {
        var started = (await server.DoAsync("traces", JsonNode.Parse("""{"experiment_id":"0","timestamp_ms":5}""")!))["trace_info"]!;
        Assert.Equal(0, (int)started["execution_time_ms"]!);
        (await server.SendAsync("GET", $"ajax-api/2.0/mlflow/get-trace-artifact?request_id={(string)started["request_id"]!}")).Refuses("The trace…", 404, "NOT_FOUND");
    }

    [Fact]
    public async Task Removing_files_that_are_gone_is_no_fault()
    {
        var run = await server.NewRunAsync();
        foreach (var path in new[] { $"0/{run}/artifacts/no", $"0/{run}/artifacts", "no/where" })
        {
            Assert.Equal("{}", (await server.SendAsync("DELETE", $"api/2.0/mlflow-artifacts/artifacts/{path}")).Text);
        }
    }

    [Fact]
    public async Task The_head_of_the_sign_of_life_can_be_asked_for() => Assert.Equal((200, ""), (await server.SendAsync("HEAD", "health")) is var answer ? (answer.Status, answer.Text) : default);

    private static string Sorted(JsonNode pairs) =>
        new JsonArray([.. pairs.AsArray().OrderBy(pair => (string)pair!["key"]!, StringComparer.Ordinal).Select(pair => pair!.DeepClone())]).ToJsonString();
}
