using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

public sealed class RegistryTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private static int names;

    [Fact]
    public async Task A_new_model_has_its_name_times_tags_and_nothing_that_is_empty()
    {
        var name = NewName();
        var made = (await server.DoAsync("registered-models/create", new JsonObject
        {
            ["name"] = name,
            ["tags"] = new JsonArray(new JsonObject { ["key"] = "team", ["value"] = "a" }, new JsonObject { ["key"] = "empty", ["value"] = "" }),
        }))["registered_model"]!;
        Assert.Equal(["name", "creation_timestamp", "last_updated_timestamp", "tags"], made.AsObject().Select(member => member.Key));
        Assert.Equal("""[{"key":"empty","value":""},{"key":"team","value":"a"}]""", made["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task A_name_that_is_taken_missing_or_of_the_wrong_type_is_refused()
    {
        var name = await ModelAsync();
        (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = name }))
            .Refuses($"Registered Model (name={name}) already exists.", code: "RESOURCE_ALREADY_EXISTS");
        (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = "" })).Refuses("Missing value for required parameter 'name'.…");
        (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = 3 })).Refuses("Invalid value 3 for parameter 'name' supplied:  Hint: Value was of type 'int'.…");
        (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = new string('n', 300) })).Refuses("'name' must have 1 to 256 characters (it has 300).");
        (await server.GetAsync("registered-models/get?name=nobody")).Refuses("Registered Model with name=nobody not found", 404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_prompt_and_a_model_cannot_have_one_name()
    {
        var name = NewName();
        var prompt = new JsonObject { ["name"] = name, ["tags"] = new JsonArray(new JsonObject { ["key"] = "mlflow.prompt.is_prompt", ["value"] = "true" }) };
        await server.DoAsync("registered-models/create", prompt.DeepClone());
        (await server.PostAsync("registered-models/create", prompt)).Refuses($"Prompt (name={name}) already exists.", code: "RESOURCE_ALREADY_EXISTS");
        (await server.PostAsync("registered-models/create", new JsonObject { ["name"] = name }))
            .Refuses($"Tried to create a registered model with name '{name}', but the name is already taken by a prompt.…", code: "RESOURCE_ALREADY_EXISTS");
    }

    [Fact]
    public async Task Versions_count_from_one_and_are_ready_at_once()
    {
        var name = await ModelAsync();
        var first = (await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = "s3://b/x" }))["model_version"]!;
        Assert.Equal("1", (string)first["version"]!);
        Assert.Equal(("None", "READY", "", "", ""), ((string)first["current_stage"]!, (string)first["status"]!, (string)first["run_id"]!, (string)first["run_link"]!, (string)first["description"]!));
        Assert.Equal("2", await VersionAsync(name));
        Assert.Equal("s3://b/x", (string)(await server.GetAsync($"model-versions/get-download-uri?name={name}&version=1")).Expect(200)["artifact_uri"]!);
        (await server.GetAsync($"model-versions/get?name={name}&version=x")).Refuses("Parameter 'version' must be an integer, got 'x'.");
        (await server.GetAsync($"model-versions/get?name={name}&version=9")).Refuses($"Model Version (name={name}, version=9) not found", 404, "RESOURCE_DOES_NOT_EXIST");
        (await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "nobody", ["source"] = "s3://b/x" }))
            .Refuses("Registered Model with name=nobody not found", 404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Fact]
    public async Task A_stage_is_moved_by_any_spelling_and_others_can_be_archived_with_it()
    {
        var name = await ModelAsync();
        await VersionAsync(name);
        await VersionAsync(name);
        await StageAsync(name, "1", "pRoduction");
        var moved = await StageAsync(name, "2", "production", archive: true);
        Assert.Equal("Production", (string)moved["current_stage"]!);
        Assert.Equal("Archived", (string)(await server.GetAsync($"model-versions/get?name={name}&version=1")).Expect(200)["model_version"]!["current_stage"]!);
        var latest = (await server.GetAsync($"registered-models/get-latest-versions?name={name}&stages=production")).Expect(200)["model_versions"]!.AsArray();
        Assert.Equal(["2"], latest.Select(version => (string)version!["version"]!));
        (await server.PostAsync("model-versions/transition-stage", new JsonObject { ["name"] = name, ["version"] = "1", ["stage"] = "foo" }))
            .Refuses("Invalid Model Version stage: foo. Value must be one of None, Staging, Production, Archived.");
        (await server.PostAsync("model-versions/transition-stage", new JsonObject { ["name"] = name, ["version"] = "1", ["stage"] = "None", ["archive_existing_versions"] = true }))
            .Refuses("Model version transition cannot archive existing model versions because 'None' is not an Active stage. Valid stages are ['Staging', 'Production']");
    }

    [Fact]
    public async Task An_alias_moves_and_goes_with_its_version()
    {
        var name = await ModelAsync();
        await VersionAsync(name);
        await VersionAsync(name);
        await AliasAsync(name, "champion", "1");
        await AliasAsync(name, "champion", "2");
        var found = (await server.GetAsync($"registered-models/alias?name={name}&alias=champion")).Expect(200)["model_version"]!;
        Assert.Equal(("2", """["champion"]"""), ((string)found["version"]!, found["aliases"]!.ToJsonString()));

        // MLflow leaves the alias behind, pointing to nothing.
        (await server.SendAsync("DELETE", "api/2.0/mlflow/model-versions/delete", new JsonObject { ["name"] = name, ["version"] = "2" }.ToJsonString())).Expect(200);
        Assert.Null((await server.GetAsync($"registered-models/get?name={name}")).Expect(200)["registered_model"]!["aliases"]);
        (await server.GetAsync($"registered-models/alias?name={name}&alias=champion")).Refuses("Registered model alias champion not found.");
        Assert.Equal("3", await VersionAsync(name));
    }

    [Theory]
    [InlineData("v1", "Version alias name 'v1' is reserved.")]
    [InlineData("Latest", "'latest' alias name (case insensitive) is reserved.")]
    [InlineData("../../prod", "Invalid alias name: '../../prod'. Names may only contain alphanumerics, underscores (_), and dashes (-).")]
    [InlineData("a b", "Invalid alias name: 'a b'. …")]
    public async Task An_alias_that_could_be_taken_for_something_else_is_refused(string alias, string message)
    {
        var name = await ModelAsync();
        await VersionAsync(name);
        (await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = alias, ["version"] = "1" })).Refuses(message);
    }

    [Fact]
    public async Task A_long_alias_and_one_of_other_scripts_are_kept()
    {
        var name = await ModelAsync();
        await VersionAsync(name);
        await AliasAsync(name, new string('a', 255), "1");
        await AliasAsync(name, "größter_Sieger", "1");
        (await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = new string('a', 256), ["version"] = "1" }))
            .Refuses("'Registered model alias name' exceeds the maximum length of 255 characters");
    }

    [Fact]
    public async Task Tags_are_set_replaced_and_removed_and_removing_what_is_not_there_is_no_fault()
    {
        var name = await ModelAsync();
        await VersionAsync(name);
        foreach (var (call, rest) in new[] { ("registered-models", new JsonObject()), ("model-versions", new JsonObject { ["version"] = "1" }) })
        {
            var body = rest;
            body["name"] = name;
            body["key"] = "team";
            body["value"] = "a";
            await server.DoAsync($"{call}/set-tag", body.DeepClone());
            body["value"] = "b";
            await server.DoAsync($"{call}/set-tag", body.DeepClone());
            var owner = (await server.GetAsync($"{call}/get?name={name}&version=1")).Expect(200).AsObject().First().Value!;
            Assert.Equal("""[{"key":"team","value":"b"}]""", owner["tags"]!.ToJsonString());
            body["value"] = new string('x', 100_001);
            (await server.PostAsync($"{call}/set-tag", body.DeepClone())).Refuses("'value' exceeds the maximum length of 100000 characters");
            body["key"] = "bad?key";
            (await server.PostAsync($"{call}/set-tag", body.DeepClone())).Refuses("Invalid value \"bad?key\" for parameter 'key' supplied:…");
            body["key"] = "team";
            (await server.SendAsync("DELETE", $"api/2.0/mlflow/{call}/delete-tag", body.ToJsonString())).Expect(200);
            (await server.SendAsync("DELETE", $"api/2.0/mlflow/{call}/delete-tag", body.ToJsonString())).Expect(200);
        }
    }

    [Fact]
    public async Task A_renamed_model_takes_its_versions_along_and_its_old_name_is_free()
    {
        var (name, other) = (await ModelAsync(), NewName());
        await VersionAsync(name);
        await server.DoAsync("registered-models/rename", new JsonObject { ["name"] = name, ["new_name"] = other });
        Assert.Equal(other, (string)(await server.GetAsync($"model-versions/get?name={other}&version=1")).Expect(200)["model_version"]!["name"]!);
        (await server.GetAsync($"registered-models/get?name={name}")).Expect(404);
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name });
        (await server.PostAsync("registered-models/rename", new JsonObject { ["name"] = other, ["new_name"] = name }))
            .Refuses($"Registered Model (name={name}) already exists.", code: "RESOURCE_ALREADY_EXISTS");
        (await server.PostAsync("registered-models/rename", new JsonObject { ["name"] = other })).Refuses("Missing value for required parameter 'new_name'.…");
    }

    [Fact]
    public async Task Searches_are_paged_to_the_last_page_which_has_no_token()
    {
        var prefix = NewName();
        for (var i = 0; i < 6; i++)
        {
            await server.DoAsync("registered-models/create", new JsonObject { ["name"] = $"{prefix}-{i}" });
        }

        var filter = Uri.EscapeDataString($"name LIKE '{prefix}-%'");
        var page = (await server.GetAsync($"registered-models/search?filter={filter}&max_results=3&order_by=name%20DESC")).Expect(200);
        Assert.Equal([$"{prefix}-5", $"{prefix}-4", $"{prefix}-3"], Names(page, "registered_models"));
        page = (await server.GetAsync($"registered-models/search?filter={filter}&max_results=3&order_by=name%20DESC&page_token={Uri.EscapeDataString((string)page["next_page_token"]!)}")).Expect(200);
        Assert.Equal([$"{prefix}-2", $"{prefix}-1", $"{prefix}-0"], Names(page, "registered_models"));
        Assert.Null(page["next_page_token"]);
        (await server.GetAsync("registered-models/search?max_results=1001")).Refuses("Invalid value for request parameter max_results.…");
        (await server.GetAsync("registered-models/search?page_token=evilhax")).Refuses("Invalid page token, could not base64-decode");
        (await server.GetAsync("registered-models/search?order_by=run_id")).Refuses("Invalid order by key 'run_id' specified.…");
        (await server.GetAsync($"registered-models/search?filter={Uri.EscapeDataString("run_id='x'")}")).Refuses("Invalid attribute key 'run_id' specified.…");
    }

    [Fact]
    public async Task Prompts_are_found_only_by_who_asks_for_them()
    {
        var name = NewName();
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name, ["tags"] = new JsonArray(new JsonObject { ["key"] = "mlflow.prompt.is_prompt", ["value"] = "true" }) });
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = "prompt-template", ["tags"] = new JsonArray(new JsonObject { ["key"] = "mlflow.prompt.is_prompt", ["value"] = "true" }, new JsonObject { ["key"] = "mlflow.prompt.text", ["value"] = new string('t', 50_000) }) });
        foreach (var search in new[] { "registered-models/search", "model-versions/search" })
        {
            Assert.Null((await server.GetAsync($"{search}?filter={Uri.EscapeDataString($"name = '{name}'")}")).Expect(200).AsObject().FirstOrDefault().Value);
            Assert.Single((await server.GetAsync($"{search}?filter={Uri.EscapeDataString($"name = '{name}' AND tags.`mlflow.prompt.is_prompt` = 'true'")}")).Expect(200).AsObject().First().Value!.AsArray());
        }
    }

    [Fact]
    public async Task Two_clients_that_register_at_once_get_different_numbers()
    {
        var name = await ModelAsync();
        var numbers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => VersionAsync(name)));
        Assert.Equal(Enumerable.Range(1, 20), numbers.Select(number => int.Parse(number, System.Globalization.CultureInfo.InvariantCulture)).Order());
    }

    [Fact]
    public async Task A_gate_holds_for_aliases_and_for_the_stage_that_stands_behind_it()
    {
        var (name, experiment) = (await ModelAsync(), await server.NewExperimentAsync());
        (await server.SendAsync("PUT", $"api/v1/artifacts/{experiment}/{name}/gates/prod", """{"when":"metrics.mae < prod.metrics.mae"}""")).Expect(200);
        var first = await MeasuredAsync(name, experiment, 3, "days");
        await AliasAsync(name, "prod", first);
        await StageAsync(name, first, "Production");
        var worse = await MeasuredAsync(name, experiment, 4, "days");
        var refusal = await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = "prod", ["version"] = worse });
        Assert.Equal(400, refusal.Status);
        Assert.Contains("mae 4 of v1 against mae 3 of v0 on days@d1", refusal.Message, StringComparison.Ordinal);
        var stage = await server.PostAsync("model-versions/transition-stage", new JsonObject { ["name"] = name, ["version"] = worse, ["stage"] = "Production", ["archive_existing_versions"] = true });
        Assert.Contains("was not given the stage 'Production'", stage.Message, StringComparison.Ordinal);
        Assert.Equal("Production", (string)(await server.GetAsync($"model-versions/get?name={name}&version={first}")).Expect(200)["model_version"]!["current_stage"]!);
        await StageAsync(name, worse, "Staging");

        var elsewhere = await MeasuredAsync(name, experiment, 1, "other");
        Assert.Contains("not the same data", (await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = "prod", ["version"] = elsewhere })).Message, StringComparison.Ordinal);
        var better = await MeasuredAsync(name, experiment, 2, "days");
        await StageAsync(name, better, "Production", archive: true);
        await AliasAsync(name, "prod", better);
        Assert.Equal("Archived", (string)(await server.GetAsync($"model-versions/get?name={name}&version={first}")).Expect(200)["model_version"]!["current_stage"]!);
        Assert.Equal(better, (string)(await server.GetAsync($"registered-models/alias?name={name}&alias=prod")).Expect(200)["model_version"]!["version"]!);

        // A model that is called otherwise keeps its gate.
        var other = NewName();
        await server.DoAsync("registered-models/rename", new JsonObject { ["name"] = name, ["new_name"] = other });
        Assert.Equal(400, (await server.PostAsync("registered-models/alias", new JsonObject { ["name"] = other, ["alias"] = "prod", ["version"] = worse })).Status);
    }

    /// <summary>A version registered from a run that logged a metric and the dataset it was measured on.</summary>
    private async Task<string> MeasuredAsync(string name, string experiment, double mae, string data)
    {
        var run = await server.NewRunAsync(experiment);
        await server.DoAsync("runs/log-inputs", new JsonObject
        {
            ["run_id"] = run,
            ["datasets"] = new JsonArray(new JsonObject
            {
                ["dataset"] = new JsonObject { ["name"] = data, ["digest"] = "d1", ["source_type"] = "local", ["source"] = "{}" },
                ["tags"] = new JsonArray(new JsonObject { ["key"] = "mlflow.data.context", ["value"] = "eval" }),
            }),
        });
        await server.DoAsync("runs/log-metric", new JsonObject { ["run_id"] = run, ["key"] = "mae", ["value"] = mae, ["timestamp"] = 1 });
        var body = new JsonObject { ["name"] = name, ["source"] = $"runs:/{run}/model", ["run_id"] = run };
        return (string)(await server.DoAsync("model-versions/create", body))["model_version"]!["version"]!;
    }

    private static IEnumerable<string> Names(JsonNode page, string list) => page[list]!.AsArray().Select(item => (string)item!["name"]!);

    private static string NewName() => $"model-{Guid.NewGuid():N}-{Interlocked.Increment(ref names)}";

    private async Task<string> ModelAsync()
    {
        var name = NewName();
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = name });
        return name;
    }

    private async Task<string> VersionAsync(string name) =>
        (string)(await server.DoAsync("model-versions/create", new JsonObject { ["name"] = name, ["source"] = "s3://b/x" }))["model_version"]!["version"]!;

    private Task<JsonNode> AliasAsync(string name, string alias, string version) =>
        server.DoAsync("registered-models/alias", new JsonObject { ["name"] = name, ["alias"] = alias, ["version"] = version });

    private async Task<JsonNode> StageAsync(string name, string version, string stage, bool archive = false) =>
        (await server.DoAsync("model-versions/transition-stage", new JsonObject { ["name"] = name, ["version"] = version, ["stage"] = stage, ["archive_existing_versions"] = archive }))["model_version"]!;
}
