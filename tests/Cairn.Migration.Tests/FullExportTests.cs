using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Migration.Tests;

/// <summary>A store that holds something of every kind, moved as a whole.</summary>
public sealed class FullExportTests
{
    [Fact]
    public async Task Everything_comes_along_and_makes_the_same_bytes_again()
    {
        await using var home = await FilledAsync();
        var first = await home.ExportAsync("first");
        Assert.Equal(ThingKinds.All.Except(["gates", "approvals", "decisions", "views"]).Select(kind => $"{kind}.jsonl").Append("files.json").Order(StringComparer.Ordinal), first.Keys.Where(path => !path.Contains(Path.DirectorySeparatorChar) && path != "experiments.json"));

        await using var other = await Home.OpenAsync();
        var report = await other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first")));
        Assert.Equal((5, 0), (report.Runs, report.KnownThings));
        AssertSame(first, await other.ExportAsync("second"));

        // Nothing is new the second time, and nothing changes.
        var again = await other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first")));
        Assert.Equal((0, report.Things), (again.Things, again.KnownThings));
        AssertSame(first, await other.ExportAsync("third"));
    }

    [Fact]
    public async Task What_came_along_is_found_through_every_door()
    {
        await using var home = await FilledAsync();
        await home.ExportAsync("first");
        await using var other = await Home.OpenAsync();
        await other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first")));
        using var http = new HttpClient { BaseAddress = other.Server.Address };
        async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

        var version = (await GetAsync("api/2.0/mlflow/registered-models/alias?name=team%2Fforest&alias=champion"))["model_version"]!;
        Assert.Equal("2", (string)version["version"]!);
        Assert.Equal("flavors: {}\n", await http.GetStringAsync(new Uri("model-versions/get-artifact?name=team%2Fforest&version=1&path=MLmodel", UriKind.Relative)));
        Assert.Equal("Production", (string)(await GetAsync("api/2.0/mlflow/model-versions/get?name=team%2Fforest&version=1"))["model_version"]!["current_stage"]!);
        var trace = (await GetAsync("api/3.0/mlflow/traces/tr-1"))["trace"]!["trace_info"]!;
        Assert.Equal(("OK", 2), ((string)trace["state"]!, ((JsonArray)trace["assessments"]!).Count));

        using var query = JsonContent.Create(new JsonObject
        {
            ["query"] = """
                { project(name: "wandb-project", entityName: "cairn") {
                    run(name: "short1") { displayName config group jobType notes tags state historyLineCount historyKeys history(samples: 10) outputArtifacts { edges { node { id digest } } } }
                    artifactCollectionMembership(name: "shelf:prod") { versionIndex artifact { id description metadata aliases { alias } currentManifest { file { directUrl } } } } } }
                """,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = query };
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"api:{new string('0', 40)}")));
        using var answer = await http.SendAsync(request);
        var project = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["data"]!["project"]!;
        var run = project["run"]!;
        Assert.Equal(("shown", "grp", "train", "a note", "finished", 2), ((string)run["displayName"]!, (string)run["group"]!, (string)run["jobType"]!, (string)run["notes"]!, (string)run["state"]!, (int)run["historyLineCount"]!));
        Assert.Contains("\"deep\"", (string)run["config"]!, StringComparison.Ordinal);
        Assert.Contains("\"deep\":{\"x\":1}", (string)run["history"]![1]!, StringComparison.Ordinal);
        var shelf = project["artifactCollectionMembership"]!;
        Assert.Equal((string)shelf["artifact"]!["id"]!, (string)run["outputArtifacts"]!["edges"]![0]!["node"]!["id"]!);
        Assert.Equal((0, "rows"), ((int)shelf["versionIndex"]!, (string)shelf["artifact"]!["description"]!));
        Assert.Contains("s3://bucket/far.bin", await http.GetStringAsync((string)shelf["artifact"]!["currentManifest"]!["file"]!["directUrl"]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Into_a_server_that_has_other_experiments_the_numbers_give_way_everywhere()
    {
        await using var home = await FilledAsync();
        await home.ExportAsync("first");
        await using var other = await Home.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            await other.Client.ImportAsync(new Client.Wire.ImportRequest([new Client.Wire.ImportExperiment($"{i + 1}", $"mine {i}", 1)]), Home.Timeout);
        }

        var report = await other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first")));
        var full = (await other.Client.ListExperimentsAsync("all", Home.Timeout)).Single(one => one.Name == "full");
        Assert.NotEqual("1", full.Id);
        using var http = new HttpClient { BaseAddress = other.Server.Address };
        using var body = JsonContent.Create(new JsonObject { ["experiment_ids"] = new JsonArray(full.Id) });
        using var found = await http.PostAsync(new Uri("api/2.0/mlflow/logged-models/search", UriKind.Relative), body);
        var model = (string)JsonNode.Parse(await found.Content.ReadAsStringAsync())!["models"]![0]!["info"]!["model_id"]!;
        Assert.Equal("weights", await http.GetStringAsync(new Uri($"api/2.0/mlflow-artifacts/artifacts/{full.Id}/models/{model}/artifacts/model.pkl", UriKind.Relative)));
        var again = await other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first")));
        Assert.Equal((0, report.Things), (again.Things, again.KnownThings));
    }

    [Theory]
    [InlineData("artifacts.jsonl", "\"number\":0", "\"number\":\"x\"", "artifacts.jsonl, line 1", "number' must be a whole number")]
    [InlineData("artifacts.jsonl", "\"path\":\"", "\"path\":\"../", "artifacts.jsonl, line ", "path")]
    [InlineData("traces.jsonl", "\"state\":\"ok\"", "\"state\":\"fine\"", "traces.jsonl, line ", "state' must be one of unspecified, ok, error, inProgress")]
    [InlineData("logged-models.jsonl", "\"experimentId\":\"1\"", "\"experimentId\":\"77\"", "logged-models.jsonl, line 1", "names the experiment 77, which is not here")]
    [InlineData("sweeps.jsonl", "{", "[", "sweeps.jsonl is damaged in line 1", "")]
    [InlineData("experiments.json", "{", "[", "experiments.json is damaged", "")]
    [InlineData("files.json", "\"digest\":\"", "\"digest\":\"z", "files.json names the content of", "which is no SHA-256")]
    public async Task Bad_input_names_file_row_and_field(string file, string there, string instead, string place, string fault)
    {
        await using var home = await FilledAsync();
        await home.ExportAsync("first");
        var path = Path.Combine(home.Folder, "first", file);
        var text = await File.ReadAllTextAsync(path, Home.Timeout);
        var at = text.IndexOf(there, StringComparison.Ordinal);
        Assert.True(at >= 0, text);
        await File.WriteAllTextAsync(path, text[..at] + instead + text[(at + there.Length)..], Home.Timeout);
        await using var other = await Home.OpenAsync();
        var refusal = await Assert.ThrowsAsync<MigrationException>(() => other.ImportAsync(new ExportFolder(Path.Combine(home.Folder, "first"))));
        Assert.Contains(place, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fault, refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<Home> FilledAsync()
    {
        var home = await Home.OpenAsync();
        using var store = new FullStore(home.Server.Address);
        await store.FillAsync();
        return home;
    }

    private static void AssertSame(SortedDictionary<string, string> wanted, SortedDictionary<string, string> found)
    {
        Assert.Equal(wanted.Keys, found.Keys);
        foreach (var (path, content) in wanted)
        {
            Assert.True(content == found[path], $"{path}:\n{Encoding.UTF8.GetString(Convert.FromBase64String(content))}\n{Encoding.UTF8.GetString(Convert.FromBase64String(found[path]))}");
        }
    }
}
