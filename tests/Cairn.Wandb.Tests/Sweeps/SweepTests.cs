using System.Text.Json.Nodes;
using Cairn.Wandb.Tests.Runs;

namespace Cairn.Wandb.Tests.Sweeps;

/// <summary>Sweeps, as agents see them.</summary>
public sealed class SweepTests(WandbServer server) : IClassFixture<WandbServer>
{
    private const string Upsert =
        """
        mutation UpsertSweep($id: ID, $config: String, $projectName: String, $state: String) {
          upsertSweep(input: {id: $id, config: $config, projectName: $projectName, state: $state}) { sweep { name project { name entity { name } } } configValidationWarnings }
        }
        """;

    private const string Agent = "mutation CreateAgent($host: String!, $projectName: String, $entityName: String, $sweep: String!) { createAgent(input: {host: $host, projectName: $projectName, entityName: $entityName, sweep: $sweep}) { agent { id } } }";
    private const string Beat = "mutation Heartbeat($id: ID!, $metrics: JSONString, $runState: JSONString) { agentHeartbeat(input: {id: $id, metrics: $metrics, runState: $runState}) { agent { id } commands } }";
    private const string Get = "query GetSweep($name: String!, $project: String) { project(name: $project) { sweep(sweepName: $name) { id name method state bestLoss config runCount runCountExpected runs { edges { node { name state } } } } } }";

    [Fact]
    public async Task A_grid_is_walked_through_once_and_ends()
    {
        var sweep = await MakeAsync("grid", "method: grid\nmetric: {name: m, goal: minimize}\nparameters:\n  lr: {values: [1, 2]}\n  net: {parameters: {depth: {values: [3, 4]}}}\n");
        var agent = await AgentAsync("grid", sweep);
        var seen = new List<string>();
        while (await BeatAsync(agent) is { } run && (string)run["type"]! == "run")
        {
            var name = (string)run["run_id"]!;
            seen.Add(run["args"]!.ToJsonString());
            await server.UpsertAsync("grid", name, new JsonObject { ["config"] = run["args"]!.ToJsonString(), ["sweep"] = sweep });
            Assert.Empty((await CommandsAsync(agent, $$"""{"{{name}}":true}""")).AsArray());
            await server.LogAsync("grid", name, 0, $$"""{"m":{{10 - seen.Count}},"_step":0}""");
            await server.StreamAsync("grid", name, new JsonObject { ["complete"] = true, ["exitcode"] = 0 });
        }

        Assert.Equal(
            ["""{"lr":{"value":1},"net":{"value":{"depth":3}}}""", """{"lr":{"value":1},"net":{"value":{"depth":4}}}""", """{"lr":{"value":2},"net":{"value":{"depth":3}}}""", """{"lr":{"value":2},"net":{"value":{"depth":4}}}"""],
            seen);
        var told = await GetAsync("grid", sweep);
        Assert.Equal("FINISHED", (string)told["state"]!);
        Assert.Equal(6, (double)told["bestLoss"]!);
        Assert.Equal(4, (int)told["runCountExpected"]!);
        Assert.All(told["runs"]!["edges"]!.AsArray(), edge => Assert.Equal("finished", (string)edge!["node"]!["state"]!));
        Assert.Equal(sweep, (string)(await server.RunAsync("grid", (string)told["runs"]!["edges"]![0]!["node"]!["name"]!))!["sweepName"]!);
    }

    [Fact]
    public async Task A_trial_whose_answer_was_lost_is_told_again()
    {
        var sweep = await MakeAsync("lost", "method: random\nparameters: {x: {min: 0.0, max: 1.0}}");
        var agent = await AgentAsync("lost", sweep);
        var first = (await BeatAsync(agent))!.ToJsonString();
        Assert.Equal(first, (await BeatAsync(agent))!.ToJsonString());
        Assert.NotEqual(first, (await BeatAsync(await AgentAsync("lost", sweep)))!.ToJsonString());
    }

    [Fact]
    public async Task Paused_waits_stopped_ends_and_cancelled_stops_what_runs()
    {
        var sweep = await MakeAsync("states", "method: random\nparameters: {x: {min: 0, max: 9}}");
        var agent = await AgentAsync("states", sweep);
        var id = (string)(await GetAsync("states", sweep))["id"]!;
        await SetAsync(id, "PAUSED");
        Assert.Null(await BeatAsync(agent));
        await SetAsync(id, "RUNNING");
        var name = (string)(await BeatAsync(agent))!["run_id"]!;
        await server.UpsertAsync("states", name);
        await SetAsync(id, "CANCELED");
        var stop = (await CommandsAsync(agent, $$"""{"{{name}}":true}"""))[0]!;
        Assert.Equal("stop", (string)stop["type"]!);
        Assert.True((bool)(await server.StreamAsync("states", name, []))["stopped"]!);
        await server.StreamAsync("states", name, new JsonObject { ["complete"] = true, ["exitcode"] = 1 });
        Assert.Equal("exit", (string)(await BeatAsync(agent))!["type"]!);
    }

    /// <summary>
    /// A sweep draws its chances from its number, and one in a dozen is unlucky: so this is the first of a server of its own,
    /// whichever tests went before.
    /// </summary>
    [Fact]
    public async Task Bayes_finds_the_minimum_and_chooses_the_same_each_time()
    {
        var tried = await SearchAsync();
        Assert.Equal(40, tried.Count);
        Assert.True(tried.Min(trial => trial.Loss) < 0.1, $"{tried.Min(trial => trial.Loss)}");

        // The later half looks where the earlier half found something.
        Assert.True(tried.Skip(20).Average(trial => trial.Loss) < tried.Take(20).Average(trial => trial.Loss));
        Assert.Equal(tried, await SearchAsync());

        static async Task<List<(string Arguments, double Loss)>> SearchAsync()
        {
            await using var own = new WandbServer();
            await own.InitializeAsync();
            return await new SweepTests(own).SearchByBayesAsync();
        }
    }

    [Fact]
    public async Task Hyperband_ends_those_that_lag()
    {
        var sweep = await MakeAsync("band", "method: random\nmetric: {name: loss}\nparameters: {x: {min: 0.0, max: 1.0}}\nearly_terminate: {type: hyperband, min_iter: 3, eta: 3}");
        var names = new List<string>();
        var agents = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            agents.Add(await AgentAsync("band", sweep));
            names.Add((string)(await BeatAsync(agents[i]))!["run_id"]!);
            await server.UpsertAsync("band", names[i]);
            await server.LogAsync("band", names[i], 0, [.. Enumerable.Range(0, 3).Select(step => $$"""{"loss":{{i + 1}},"_step":{{step}},"_timestamp":{{1000 + step}}}""")]);
        }

        Assert.Empty((await CommandsAsync(agents[0], $$"""{"{{names[0]}}":true}""")).AsArray());
        Assert.Equal("stop", (string)(await CommandsAsync(agents[2], $$"""{"{{names[2]}}":true}"""))[0]!["type"]!);
    }

    [Fact]
    public async Task A_run_that_its_agent_has_ended_is_over_also_where_it_could_not_say_so()
    {
        var sweep = await MakeAsync("ended", "method: random\nparameters: {x: {min: 0, max: 9}}");
        var agent = await AgentAsync("ended", sweep);
        var never = (string)(await BeatAsync(agent))!["run_id"]!;
        await CommandsAsync(agent, $$"""{"{{never}}":true}""");
        var next = (string)(await BeatAsync(agent))!["run_id"]!;
        Assert.NotEqual(never, next);
        Assert.Equal("failed", (string)(await server.RunAsync("ended", never))!["state"]!);

        await server.UpsertAsync("ended", next);
        await CommandsAsync(agent, $$"""{"{{next}}":true}""");
        await SetAsync((string)(await GetAsync("ended", sweep))["id"]!, "CANCELED");
        await CommandsAsync(agent, $$"""{"{{next}}":true}""");
        Assert.Equal("exit", (string)(await BeatAsync(agent))!["type"]!);
        Assert.Equal("killed", (string)(await server.RunAsync("ended", next))!["state"]!);
    }

    [Fact]
    public async Task The_page_of_a_sweep_shows_its_runs_and_its_buttons_change_its_state()
    {
        var sweep = await MakeAsync("page", "method: grid\nmetric: {name: acc, goal: maximize}\nparameters:\n  lr: {values: [1, 2]}\n  net: {parameters: {depth: {values: [3]}}}\n");
        var agent = await AgentAsync("page", sweep);
        for (var i = 1; i <= 2; i++)
        {
            var name = (string)(await BeatAsync(agent))!["run_id"]!;
            await server.UpsertAsync("page", name, new JsonObject { ["sweep"] = sweep });
            await server.LogAsync("page", name, 0, $$"""{"acc":0.{{i}},"_step":0}""");
            await server.StreamAsync("page", name, new JsonObject { ["complete"] = true, ["exitcode"] = 0 });
        }

        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var page = await http.GetAsync(new Uri($"/cairn/page/sweeps/{sweep}", UriKind.Relative));
        var address = page.Headers.Location!.ToString();
        Assert.Matches($"^/sweeps/[0-9]+/{sweep}$", address);
        var shown = await server.GetJsonAsync("/api/v1" + address);
        Assert.Equal(("grid", "maximize", "acc"), ((string)shown["sweep"]!["method"]!, (string)shown["sweep"]!["goal"]!, (string)shown["sweep"]!["metric"]!));
        Assert.Equal([0.1, 0.2], shown["runs"]!.AsArray().Select(run => (double)run!["value"]!));
        Assert.Equal([false, true], shown["runs"]!.AsArray().Select(run => (bool)run!["isBest"]!));
        Assert.Equal(3, (int)shown["runs"]![0]!["params"]!["net.depth"]!);

        var paused = await server.PostAsync($"/api/v1{address}/state", """{"state":"paused"}""");
        Assert.Equal("paused", (string)paused["sweep"]!["state"]!);
        await server.PostAsync($"/api/v1{address}/state", """{"state":"canceled"}""");
        using var body = new StringContent("""{"state":"running"}""", System.Text.Encoding.UTF8, "application/json");
        using var refused = await server.Http.PostAsync(new Uri($"/api/v1{address}/state", UriKind.Relative), body);
        Assert.Equal(System.Net.HttpStatusCode.PreconditionFailed, refused.StatusCode);
        Assert.Contains("is canceled and cannot become running", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("method: dance\nparameters: {x: {value: 1}}", "The method 'dance'")]
    [InlineData("method: grid\nparameters: {x: {min: 0.0, max: 1.0}}", "A grid needs a list of values")]
    [InlineData("method: random", "has no 'parameters'")]
    [InlineData("method: bayes\nparameters: {x: {min: 0, max: 1}}", "needs a 'metric'")]
    [InlineData("method: random\nparameters: {x: {distribution: sideways}}", "'sideways'")]
    [InlineData("{{{", "is no YAML")]
    public async Task A_bad_config_is_refused_by_what_is_wrong(string config, string message) =>
        Assert.Contains(message, await server.RefusalAsync(Upsert, new JsonObject { ["config"] = config, ["projectName"] = "bad" }), StringComparison.Ordinal);

    private async Task<List<(string Arguments, double Loss)>> SearchByBayesAsync()
    {
        const string config = "method: bayes\nmetric: {name: loss}\nparameters:\n  x: {min: -5.0, max: 5.0}\n  kind: {values: [good, bad]}\nrun_cap: 40\n";
        var agent = await AgentAsync("bayes", await MakeAsync("bayes", config));
        var tried = new List<(string Arguments, double Loss)>();
        while (await BeatAsync(agent) is { } run && (string)run["type"]! == "run")
        {
            var name = (string)run["run_id"]!;
            var x = (double)run["args"]!["x"]!["value"]!;
            var loss = ((x - 2) * (x - 2)) + ((string)run["args"]!["kind"]!["value"]! == "good" ? 0 : 5);
            tried.Add((run["args"]!.ToJsonString(), loss));
            await server.UpsertAsync("bayes", name);
            await server.LogAsync("bayes", name, 0, new JsonObject { ["loss"] = loss, ["_step"] = 0 }.ToJsonString());
            await server.StreamAsync("bayes", name, new JsonObject { ["complete"] = true, ["exitcode"] = 0 });
        }

        return tried;
    }

    private async Task<string> MakeAsync(string project, string config) =>
        (string)(await server.DoAsync(Upsert, new JsonObject { ["config"] = config, ["projectName"] = project }))["upsertSweep"]!["sweep"]!["name"]!;

    private Task<JsonNode> SetAsync(string id, string state) => server.DoAsync(Upsert, new JsonObject { ["id"] = id, ["state"] = state });

    private async Task<string> AgentAsync(string project, string sweep) =>
        (string)(await server.DoAsync(Agent, new JsonObject { ["host"] = "h", ["projectName"] = project, ["sweep"] = sweep }))["createAgent"]!["agent"]!["id"]!;

    private async Task<JsonNode> CommandsAsync(string agent, string runState) =>
        JsonNode.Parse((string)(await server.DoAsync(Beat, new JsonObject { ["id"] = agent, ["metrics"] = "{}", ["runState"] = runState }))["agentHeartbeat"]!["commands"]!)!;

    private async Task<JsonNode?> BeatAsync(string agent) => (await CommandsAsync(agent, "{}")).AsArray().FirstOrDefault();

    private async Task<JsonNode> GetAsync(string project, string sweep) =>
        (await server.DoAsync(Get, new JsonObject { ["project"] = project, ["name"] = sweep }))["project"]!["sweep"]!;
}
