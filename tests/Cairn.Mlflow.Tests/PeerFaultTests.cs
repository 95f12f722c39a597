using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>What users of MLflow's own server suffer from, and must not suffer from here.</summary>
public sealed class PeerFaultTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    // Clients repeat these statuses for minutes.
    private static readonly int[] Repeated = [408, 429, 500, 502, 503, 504];

    [Fact]
    public async Task A_missing_artifact_is_not_found_and_not_repeated()
    {
        var run = await server.NewRunAsync();
        var model = (string)(await server.DoAsync("logged-models", new JsonObject { ["experiment_id"] = "0" }))["model"]!["info"]!["model_id"]!;
        string[] addresses =
        [
            $"get-artifact?run_id={run}&path=no",
            $"api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/no",
            "api/2.0/mlflow-artifacts/artifacts/no/file",
            "model-versions/get-artifact?name=no&version=1&path=no",
            $"api/2.0/mlflow/logged-models/{model}/artifacts/files?artifact_file_path=no",
            "api/2.0/mlflow/get-trace-artifact?request_id=no",
        ];
        foreach (var address in addresses)
        {
            var answer = await server.SendAsync("GET", address);
            Assert.Equal(404, answer.Status);
            Assert.DoesNotContain(answer.Status, Repeated);
        }
    }

    [Fact]
    public async Task A_batch_is_written_whole_or_not_at_all()
    {
        var run = await server.NewRunAsync();
        await server.DoAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "lr", ["value"] = "1" });
        var batch = new JsonObject
        {
            ["run_id"] = run,
            ["metrics"] = new JsonArray(new JsonObject { ["key"] = "acc", ["value"] = 1, ["timestamp"] = 1, ["step"] = 0 }),
            ["tags"] = new JsonArray(new JsonObject { ["key"] = "t", ["value"] = "v" }),
            ["params"] = new JsonArray(new JsonObject { ["key"] = "depth", ["value"] = "3" }, new JsonObject { ["key"] = "lr", ["value"] = "2" }),
        };
        (await server.PostAsync("runs/log-batch", batch)).Expect(400);
        var data = (await server.RunAsync(run))["data"]!;
        Assert.Null(data["metrics"]);
        Assert.Equal(["lr"], data["params"]!.AsArray().Select(param => (string)param!["key"]!));
        Assert.DoesNotContain("t", data["tags"]!.AsArray().Select(tag => (string)tag!["key"]!));
    }

    [Fact]
    public async Task Deleting_a_version_removes_its_aliases_and_no_others()
    {
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = "aliased" });
        foreach (var (version, alias) in new[] { ("1", "first"), ("2", "champion"), ("2", "challenger") })
        {
            await server.PostAsync("model-versions/create", new JsonObject { ["name"] = "aliased", ["source"] = "s3://bucket/model" });
            await server.DoAsync("registered-models/alias", new JsonObject { ["name"] = "aliased", ["alias"] = alias, ["version"] = version });
        }

        (await server.SendAsync("DELETE", "api/2.0/mlflow/model-versions/delete", """{"name":"aliased","version":"2"}""")).Expect(200);
        foreach (var alias in new[] { "champion", "challenger" })
        {
            (await server.GetAsync($"registered-models/alias?name=aliased&alias={alias}")).Refuses($"Registered model alias {alias} not found.");
        }

        Assert.Equal("1", (string)(await server.GetAsync("registered-models/alias?name=aliased&alias=first")).Expect(200)["model_version"]!["version"]!);
        var model = (await server.GetAsync("registered-models/get?name=aliased")).Expect(200)["registered_model"]!;
        Assert.Equal("""[{"alias":"first","version":"1"}]""", model["aliases"]!.ToJsonString());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task No_token_follows_the_last_page(int pageLength)
    {
        var experiment = await server.NewExperimentAsync();
        for (var i = 0; i < 4; i++)
        {
            await server.NewRunAsync(experiment);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var pages = 0;
        string? token = null;
        do
        {
            var body = new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["max_results"] = pageLength };
            if (token is not null)
            {
                body["page_token"] = token;
            }

            var page = await server.DoAsync("runs/search", body);
            pages++;
            Assert.All(page["runs"]!.AsArray(), run => Assert.True(seen.Add((string)run!["info"]!["run_id"]!)));
            token = (string?)page["next_page_token"];
        }
        while (token is not null);

        Assert.Equal(4, seen.Count);
        Assert.Equal(4 / pageLength, pages);
    }

    [Theory]
    [InlineData("experiments/search?max_results=2&filter=tags.paged%20%3D%20'yes'", "experiments")]
    [InlineData("model-versions/search?max_results=2&filter=tags.paged%20%3D%20'yes'", "model_versions")]
    [InlineData("registered-models/search?max_results=2&filter=tags.paged%20%3D%20'yes'", "registered_models")]
    public async Task No_token_follows_a_full_last_page_of_other_searches(string search, string list)
    {
        await using var own = new MlflowServer();
        await own.InitializeAsync();
        for (var i = 0; i < 2; i++)
        {
            JsonArray Tags() => new(new JsonObject { ["key"] = "paged", ["value"] = "yes" });
            await own.NewExperimentAsync(new JsonObject { ["tags"] = Tags() });
            await own.DoAsync("registered-models/create", new JsonObject { ["name"] = $"model {i}", ["tags"] = Tags() });
            await own.DoAsync("model-versions/create", new JsonObject { ["name"] = $"model {i}", ["source"] = "s3://bucket/model", ["tags"] = Tags() });
        }

        var page = (await own.GetAsync(search)).Expect(200);
        Assert.Equal(2, page[list]!.AsArray().Count);
        Assert.Null(page["next_page_token"]);
    }

    [Fact]
    public async Task Many_first_writes_of_the_same_keys_at_once_all_succeed()
    {
        var run = await server.NewRunAsync();
        var writes = Enumerable.Range(0, 64).Select(async i =>
        {
            var metric = await server.PostAsync("runs/log-metric", new JsonObject { ["run_id"] = run, ["key"] = "first", ["value"] = i, ["timestamp"] = 1, ["step"] = i });
            var tag = await server.PostAsync("runs/set-tag", new JsonObject { ["run_id"] = run, ["key"] = "tag", ["value"] = $"{i}" });
            var param = await server.PostAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "p", ["value"] = "same" });
            return (metric.Status, tag.Status, param.Status);
        });
        Assert.All(await Task.WhenAll(writes), statuses => Assert.Equal((200, 200, 200), statuses));
        var history = (await server.GetAsync($"metrics/get-history?run_id={run}&metric_key=first")).Expect(200)["metrics"]!.AsArray();
        Assert.Equal(64, history.Count);
        Assert.Equal("{}", (await server.GetAsync($"metrics/get-history?run_id={run}&metric_key=first&max_results=0")).Text);
    }

    [Fact]
    public async Task Experiments_of_one_name_made_at_once_are_one_and_the_others_are_told()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
            (await server.PostAsync("experiments/create", new JsonObject { ["name"] = "made at once" })).Status));
        Assert.Single(statuses, 200);
        Assert.Equal(15, statuses.Count(status => status == 400));
    }

    [Fact]
    public async Task Long_params_are_kept_whole_and_longer_ones_refused_not_cut()
    {
        var run = await server.NewRunAsync();
        var longest = new string('v', 64 * 1024);
        await server.DoAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "long", ["value"] = longest });
        Assert.Equal(longest, (await server.PairsAsync(run, "params"))["long"]);
        (await server.PostAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "longer", ["value"] = longest + "v" })).Expect(400);
        Assert.DoesNotContain("longer", (await server.PairsAsync(run, "params")).Keys);

        // The same for tags, which MLflow cuts at 8,000.
        await server.DoAsync("runs/set-tag", new JsonObject { ["run_id"] = run, ["key"] = "long", ["value"] = longest });
        Assert.Equal(longest, (await server.PairsAsync(run, "tags"))["long"]);
        (await server.PostAsync("runs/set-tag", new JsonObject { ["run_id"] = run, ["key"] = "longer", ["value"] = longest + "v" })).Expect(400);
        Assert.DoesNotContain("longer", (await server.PairsAsync(run, "tags")).Keys);
    }

    [Fact]
    public async Task A_trial_of_a_prompt_is_a_finished_run_with_its_table()
    {
        var trial = new JsonObject
        {
            ["experiment_id"] = "0",
            ["run_name"] = "trial",
            ["prompt_template"] = "Say {{word}}",
            ["prompt_parameters"] = new JsonArray(new JsonObject { ["key"] = "word", ["value"] = "hello" }),
            ["model_route"] = "route",
            ["model_input"] = "Say hello",
            ["model_output"] = "hello",
            ["mlflow_version"] = "2.21.0",
        };
        var run = (await server.DoAsync("runs/create-promptlab-run", trial))["run"]!;
        Assert.Equal("FINISHED", (string)run["info"]!["status"]!);
        var table = await server.SendAsync("GET", $"get-artifact?run_id={run["info"]!["run_id"]}&path=eval_results_table.json");
        Assert.Equal("""{"columns":["word","prompt","output"],"data":[["hello","Say hello","hello"]]}""", table.Text);
    }
}
