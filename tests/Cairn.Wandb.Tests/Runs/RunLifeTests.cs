using System.Net;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Runs;

/// <summary>Starting, changing, resuming, stopping and deleting runs.</summary>
public sealed class RunLifeTests(WandbServer server) : IClassFixture<WandbServer>
{
    private const string Config = """{"lr":{"desc":null,"value":0.1},"net":{"desc":null,"value":{"depth":3,"act":"relu"}},"_wandb":{"value":{"t":{"4":"3.11"},"m":[]}}}""";

    [Fact]
    public async Task A_run_is_made_with_its_project_and_answers_what_was_said()
    {
        var made = await server.UpsertAsync("life", "r1", new JsonObject
        {
            ["config"] = Config, ["displayName"] = "my run", ["groupName"] = "g", ["jobType"] = "train", ["notes"] = "n", ["tags"] = new JsonArray("b", "a", "team=vision"), ["commit"] = "abc",
        });
        Assert.True((bool)made["inserted"]!);
        Assert.Equal(Config, (string)made["bucket"]!["config"]!);
        Assert.Equal("cairn", (string)made["bucket"]!["project"]!["entity"]!["name"]!);
        Assert.Empty(made["serverSettings"]!["serverMessages"]!.AsArray());

        var run = (await server.RunAsync("life", "r1"))!;
        Assert.Equal("my run", (string)run["displayName"]!);
        Assert.Equal("g", (string)run["group"]!);
        Assert.Equal("train", (string)run["jobType"]!);
        Assert.Equal("n", (string)run["notes"]!);
        Assert.Equal("abc", (string)run["commit"]!);
        Assert.Equal("running", (string)run["state"]!);
        Assert.Equal(["a", "b", "team=vision"], run["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.True(int.TryParse((string)run["projectId"]!, out _));
        Assert.Equal("r1", (string)run["name"]!);
    }

    [Fact]
    public async Task A_run_without_a_name_for_people_gets_one_and_keeps_it()
    {
        var first = await server.UpsertAsync("life", "nameless");
        var second = await server.UpsertAsync("life", "nameless", new JsonObject { ["config"] = """{"a":{"value":1}}""" });
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]+$", (string)first["bucket"]!["displayName"]!);
        Assert.Equal((string)first["bucket"]!["displayName"]!, (string)second["bucket"]!["displayName"]!);
        Assert.False((bool)second["inserted"]!);
    }

    [Fact]
    public async Task Bare_values_of_the_javascript_client_are_config_too()
    {
        await server.UpsertAsync("life", "js", new JsonObject { ["config"] = """{"test":1}""" });
        var run = (await server.RunAsync("life", "js"))!;
        Assert.Equal("""{"test":1}""", (string)run["config"]!);
    }

    [Fact]
    public async Task A_key_that_is_gone_from_the_config_is_gone_from_the_params_and_params_of_other_clients_stay()
    {
        await server.UpsertAsync("life", "vanishing", new JsonObject { ["config"] = """{"a":{"value":1},"b":{"value":{"c":2,"d":3}}}""" });
        var id = await HouseIdAsync("vanishing");
        using var other = new StringContent($$"""{"run_id":"{{id}}","key":"other","value":"x"}""", System.Text.Encoding.UTF8, "application/json");
        using var logged = await server.Http.PostAsync(new Uri("/api/2.0/mlflow/runs/log-parameter", UriKind.Relative), other);
        Assert.Equal(HttpStatusCode.OK, logged.StatusCode);
        await server.UpsertAsync("life", "vanishing", new JsonObject { ["config"] = """{"b":{"value":{"d":4}}}""" });
        var detail = await server.GetJsonAsync($"/api/v1/runs/{id}");
        Assert.Equal("""{"b.d":4,"other":"x"}""", detail["params"]!.ToJsonString());
    }

    [Fact]
    public async Task A_run_is_deleted_with_the_versions_it_made_where_that_is_asked()
    {
        var client = new Artifacts.ArtifactClient(server, "life");
        await client.StartRunAsync("maker");
        await client.StartRunAsync("same");
        await client.LogAsync("made", "dataset", "a.txt", "made", "maker", ["latest", "prod"]);
        await client.LogAsync("made", "dataset", "a.txt", "made", "same");
        const string delete = "mutation D($id: ID!, $all: Boolean) { deleteRun(input: {id: $id, deleteArtifacts: $all}) { success } }";
        await server.DoAsync(delete, new JsonObject { ["id"] = (string)(await server.RunAsync("life", "same"))!["id"]!, ["all"] = true });
        Assert.NotNull(await client.FindAsync("made:prod"));
        await server.DoAsync(delete, new JsonObject { ["id"] = (string)(await server.RunAsync("life", "maker"))!["id"]!, ["all"] = true });
        Assert.Null(await client.FindAsync("made:prod"));
        Assert.Null(await server.RunAsync("life", "maker"));
    }

    [Fact]
    public async Task An_alert_is_kept_with_its_run_and_one_of_the_same_title_is_not_repeated_at_once()
    {
        await server.UpsertAsync("life", "alarmed");
        const string alert = "mutation A($run: String!, $title: String!, $wait: Duration) { notifyScriptableRunAlert(input: {projectName: \"life\", runName: $run, title: $title, text: \"see there\", severity: WARN, waitDuration: $wait}) { success } }";
        foreach (var (title, wait) in new[] { ("low", 60_000), ("low", 60_000), ("low", 0), ("other", 60_000) })
        {
            await server.DoAsync(alert, new JsonObject { ["run"] = "alarmed", ["title"] = title, ["wait"] = wait });
        }

        var detail = await server.GetJsonAsync($"/api/v1/runs/{await HouseIdAsync("alarmed")}");
        Assert.Equal(["low", "low", "other"], detail["alerts"]!.AsArray().Select(told => (string)told!["title"]!));
        Assert.Equal(("WARN", "see there"), ((string)detail["alerts"]![0]!["severity"]!, (string)detail["alerts"]![0]!["text"]!));
    }

    [Fact]
    public async Task Null_leaves_what_is_there()
    {
        await server.UpsertAsync("life", "keep", new JsonObject { ["notes"] = "stay", ["config"] = Config, ["tags"] = new JsonArray("t") });
        await server.UpsertAsync("life", "keep", new JsonObject { ["notes"] = null, ["config"] = null, ["tags"] = null, ["groupName"] = "later" });
        var run = (await server.RunAsync("life", "keep"))!;
        Assert.Equal("stay", (string)run["notes"]!);
        Assert.Equal(Config, (string)run["config"]!);
        Assert.Equal("t", (string)run["tags"]![0]!);
        Assert.Equal("later", (string)run["group"]!);
    }

    [Fact]
    public async Task By_its_id_config_tags_and_summary_are_changed_after_the_end()
    {
        var made = await server.UpsertAsync("life", "done", new JsonObject { ["config"] = Config, ["tags"] = new JsonArray("old") });
        await server.StreamAsync("life", "done", new JsonObject { ["complete"] = true, ["exitcode"] = 0 });
        var id = (string)made["bucket"]!["id"]!;
        await server.DoAsync(Documents.Upsert, new JsonObject { ["id"] = id, ["config"] = """{"lr":{"value":0.5}}""", ["tags"] = new JsonArray("new"), ["summaryMetrics"] = """{"best":0.9}""" });
        var run = (await server.RunAsync("life", "done"))!;
        Assert.Equal("finished", (string)run["state"]!);
        Assert.Equal("new", (string)run["tags"]!.AsArray().Single()!);
        Assert.Equal("""{"best":0.9}""", (string)run["summaryMetrics"]!);
        Assert.Contains("0.5", (string)run["config"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_null_and_no_error()
    {
        Assert.Null((await server.DoAsync(Documents.Resume, new JsonObject { ["project"] = "nowhere", ["name"] = "x" }))["model"]);
        await server.UpsertAsync("life", "there");
        Assert.Null(await server.RunAsync("life", "not-there"));
    }

    [Fact]
    public async Task A_resumed_run_goes_on_where_it_was()
    {
        await server.UpsertAsync("life", "resumed", new JsonObject { ["config"] = Config });
        await server.LogAsync("life", "resumed", 0, """{"acc":0.1,"_step":0}""", """{"acc":0.2,"_step":1}""");
        await server.StreamAsync("life", "resumed", Documents.Chunk("output.log", 0, "2026-11-23T15:37:42.778 one\n", "ERROR 2026-11-23T15:37:43 two\n"));
        await server.StreamAsync("life", "resumed", Documents.Chunk("wandb-events.jsonl", 0, """{"system.cpu":5,"_wandb":true,"_timestamp":1795448287.392}"""));
        await server.StreamAsync("life", "resumed", new JsonObject { ["complete"] = true, ["exitcode"] = 1 });
        Assert.Equal("failed", (string)(await server.RunAsync("life", "resumed"))!["state"]!);

        var bucket = await server.ResumeAsync("life", "resumed");
        Assert.Equal(2, (int)bucket["historyLineCount"]!);
        Assert.Equal(2, (int)bucket["logLineCount"]!);
        Assert.Equal(1, (int)bucket["eventsLineCount"]!);
        Assert.Equal("""["{\"acc\":0.2,\"_step\":1}"]""", (string)bucket["historyTail"]!);
        Assert.Equal("""{"t":{"4":"3.11"}}""", (string)bucket["wandbConfig"]!);
        await server.UpsertAsync("life", "resumed", new JsonObject { ["config"] = Config });
        Assert.Equal("running", (string)(await server.RunAsync("life", "resumed"))!["state"]!);
    }

    [Fact]
    public async Task A_run_that_shall_stop_hears_of_it()
    {
        var made = await server.UpsertAsync("life", "stop");
        Assert.False((bool)(await server.StreamAsync("life", "stop", []))["stopped"]!);
        await server.DoAsync("mutation StopRun($id: ID!) { stopRun(input: {id: $id}) { success } }", new JsonObject { ["id"] = (string)made["bucket"]!["id"]! });
        Assert.True((bool)(await server.StreamAsync("life", "stop", []))["stopped"]!);
        var asked = await server.DoAsync("""query RunStoppedStatus($p: String, $r: String!) { project(name: $p) { run(name: $r) { stopped } } }""", new JsonObject { ["p"] = "life", ["r"] = "stop" });
        Assert.True((bool)asked["project"]!["run"]!["stopped"]!);
        await server.StreamAsync("life", "stop", new JsonObject { ["complete"] = true, ["exitcode"] = 255 });
        Assert.Equal("killed", (string)(await server.RunAsync("life", "stop"))!["state"]!);
    }

    [Fact]
    public async Task A_deleted_run_is_gone_and_its_id_cannot_be_used_again()
    {
        var made = await server.UpsertAsync("life", "gone");
        await server.DoAsync("mutation DeleteRun($id: ID!) { deleteRun(input: {id: $id}) { clientMutationId } }", new JsonObject { ["id"] = (string)made["bucket"]!["id"]! });
        Assert.Null(await server.RunAsync("life", "gone"));
        Assert.Contains("was deleted", await server.RefusalAsync(Documents.Upsert, new JsonObject { ["project"] = "life", ["name"] = "gone" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_values_are_refused_by_name()
    {
        Assert.Contains("'config' is not valid JSON", await server.RefusalAsync(Documents.Upsert, new JsonObject { ["project"] = "life", ["name"] = "bad", ["config"] = "{" }), StringComparison.Ordinal);
        Assert.Contains("'state' is 'sleeping'", await server.RefusalAsync(Documents.Upsert, new JsonObject { ["project"] = "life", ["name"] = "there2", ["state"] = "sleeping", ["id"] = (string)(await server.UpsertAsync("life", "there2"))["bucket"]!["id"]! }), StringComparison.Ordinal);
        Assert.Contains("cannot be used", await server.RefusalAsync(Documents.Upsert, new JsonObject { ["project"] = "life", ["name"] = "a/b" }), StringComparison.Ordinal);
        Assert.Null(await server.RunAsync("life", "bad"));
    }

    [Fact]
    public async Task Pages_of_the_server_may_read_and_write_files_and_no_others()
    {
        await server.UpsertAsync("life", "pages");
        var origin = server.Address.GetLeftPart(UriPartial.Authority);
        foreach (var path in new[] { "/files/cairn/life/pages/a.txt", "/wandb/signed/get/1/a/run/b/a.txt" })
        {
            using var asked = await server.Http.SendAsync(Preflight(path, origin));
            Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
            Assert.Equal(origin, asked.Headers.GetValues("Access-Control-Allow-Origin").Single());
            using var refused = await server.Http.SendAsync(Preflight(path, "https://elsewhere.example"));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        }

        static HttpRequestMessage Preflight(string path, string origin)
        {
            var request = new HttpRequestMessage(HttpMethod.Options, new Uri(path, UriKind.Relative));
            request.Headers.Add("Origin", origin);
            request.Headers.Add("Access-Control-Request-Method", "GET");
            return request;
        }
    }

    [Fact]
    public async Task An_alert_is_kept_with_the_run()
    {
        await server.UpsertAsync("life", "alert");
        var answer = await server.DoAsync(
            """
            mutation NotifyScriptableRunAlert ($entityName: String!, $projectName: String!, $runName: String!, $title: String!, $text: String!, $severity: AlertSeverity = INFO, $waitDuration: Duration) {
              notifyScriptableRunAlert(input: {entityName:$entityName,projectName:$projectName,runName:$runName,title:$title,text:$text,severity:$severity,waitDuration:$waitDuration}) { success } }
            """,
            new JsonObject { ["entityName"] = "cairn", ["projectName"] = "life", ["runName"] = "alert", ["title"] = "low acc", ["text"] = "acc below", ["severity"] = "WARN", ["waitDuration"] = 60000 });
        Assert.True((bool)answer["notifyScriptableRunAlert"]!["success"]!);
    }

    private async Task<string> HouseIdAsync(string name)
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = server.Address };
        using var page = await http.GetAsync(new Uri($"/cairn/life/runs/{name}", UriKind.Relative));
        return page.Headers.Location!.ToString().Split('/')[^1];
    }
}
