using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Tests;
using Cairn.Wandb.Tests.Runs;

namespace Cairn.Wandb.Tests.Artifacts;

/// <summary>Paths that broke other servers (001-043), wherever W&amp;B's clients name a file; and names that only look odd (044-049).</summary>
public sealed class PathAttackTests : IAsyncLifetime
{
    private const string MakeFiles = """mutation M($run: String!, $files: [String!]!) { createRunFiles(input: {entityName: "cairn", projectName: "nyc_airbnb", runName: $run, files: $files}) { files { name uploadUrl } } }""";
    private const string ReadFiles = """query F($run: String!, $names: [String]) { project(name: "nyc_airbnb", entityName: "cairn") { run(name: $run) { files(names: $names, first: 1000) { edges { node { id name directUrl url } } } } } }""";
    private const string MakeArtifactFiles = "mutation F($files: [CreateArtifactFileSpecInput!]!) { createArtifactFiles(input: {artifactFiles: $files}) { files { edges { node { id } } } } }";
    private const string Commit = "mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }";

    private readonly WandbServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Paths_that_leave_their_folder_are_refused_wherever_a_file_is_named()
    {
        var client = new ArtifactClient(server);
        await client.StartRunAsync("r");
        await client.LogAsync("data", "dataset", "a.txt", "one");
        await PutAsync("r", "kept.txt", "kept");
        var signed = new Uri(await UploadUrlAsync("r", "kept.txt"));
        var node = (await server.DoAsync(ReadFiles, new JsonObject { ["run"] = "r", ["names"] = new JsonArray() }))["project"]!["run"]!["files"]!["edges"]![0]!["node"]!;
        var kept = Encoding.UTF8.GetString(Convert.FromBase64String((string)node["id"]!));
        var faults = new List<string>();
        foreach (var (number, path) in AttackPaths.Refused)
        {
            async Task RefusedAsync(string what, string document, JsonObject variables)
            {
                var answer = await server.AskAsync(document, variables);
                if (!((string?)answer["errors"]?[0]?["message"] ?? "").Contains("nvalid path", StringComparison.Ordinal))
                {
                    faults.Add($"{number} {what} ({path}): {answer.ToJsonString()}");
                }
            }

            await RefusedAsync("createRunFiles", MakeFiles, new JsonObject { ["run"] = "r", ["files"] = new JsonArray("good.txt", path) });
            await RefusedAsync("files(names)", ReadFiles, new JsonObject { ["run"] = "r", ["names"] = new JsonArray(path) });
            var id = Convert.ToBase64String(Encoding.UTF8.GetBytes(kept.Replace("kept.txt", path, StringComparison.Ordinal)));
            await RefusedAsync("deleteFiles", "mutation D($files: [ID!]!) { deleteFiles(input: {files: $files}) { success } }", new JsonObject { ["files"] = new JsonArray(id) });

            var draft = (string)(await client.CreateAsync("attacked", "dataset", number))["id"]!;
            await RefusedAsync("createArtifactFiles", MakeArtifactFiles, new JsonObject { ["files"] = new JsonArray(new JsonObject { ["artifactID"] = draft, ["name"] = path, ["md5"] = ArtifactClient.Md5("x") }) });
            foreach (var entry in new[] { new JsonObject { ["digest"] = ArtifactClient.Md5("one"), ["size"] = 3 }, new JsonObject { ["digest"] = "e", ["ref"] = "s3://bucket/key" } })
            {
                draft = (string)(await client.CreateAsync("attacked", "dataset", number + entry["size"]))["id"]!;
                await client.PutManifestAsync(draft, new JsonObject { [path] = entry });
                await RefusedAsync("commitArtifact", Commit, new JsonObject { ["id"] = draft });
            }

            // A signed address is good for its own path only, and what has a key of its own reads no other.
            foreach (var (method, target) in new[] { ("PUT", signed.AbsolutePath.Replace("kept.txt", AttackPaths.Escaped(path), StringComparison.Ordinal)), ("GET", $"/files/cairn/nyc_airbnb/r/{AttackPaths.Escaped(path)}") })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), target) { Content = method == "PUT" ? new StringContent("x") : null };
                using var answer = await server.Http.SendAsync(request);
                if (answer.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound))
                {
                    faults.Add($"{number} {method} {target}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.Null(await client.FindAsync("attacked:latest"));
        Assert.Equal(["kept.txt"], await NamesAsync("r"));
    }

    /// <summary>A picture's path in a row of the history, and names of streams, are words of the run: none becomes a file.</summary>
    [Fact]
    public async Task Paths_in_rows_and_names_of_streams_make_no_files()
    {
        await server.UpsertAsync("nyc_airbnb", "rows");
        var offset = 0;
        foreach (var (_, path) in AttackPaths.Refused)
        {
            var row = new JsonObject { ["img"] = new JsonObject { ["_type"] = "image-file", ["path"] = path }, ["_step"] = offset };
            foreach (var chunk in new[] { Documents.Chunk("wandb-history.jsonl", offset++, row.ToJsonString()), Documents.Chunk(path, 0, "x") })
            {
                using var body = new StringContent(chunk.ToJsonString(), Encoding.UTF8, "application/json");
                using var answer = await server.Http.PostAsync(new Uri("/files/cairn/nyc_airbnb/rows/file_stream", UriKind.Relative), body);
                Assert.True((int)answer.StatusCode < 500, await answer.Content.ReadAsStringAsync());
            }
        }

        Assert.Empty(await NamesAsync("rows"));
        var id = (string)(await server.GetJsonAsync("/api/v1/runs?experiment=nyc_airbnb"))["runs"]![0]!["run"]!["id"]!;
        using var request = new StringContent($$"""{"runs":["{{id}}"]}""", Encoding.UTF8, "application/json");
        using var media = await server.Http.PostAsync(new Uri("/api/v1/media", UriKind.Relative), request);
        var shown = JsonNode.Parse(await media.Content.ReadAsStringAsync())!["runs"]!.AsArray().SelectMany(one => one!["media"]!.AsArray()).Select(one => (string?)one!["path"]).OfType<string>();
        Assert.Empty(shown.Intersect(AttackPaths.Refused.Select(attack => attack.Path)));
    }

    [Fact]
    public async Task Odd_names_are_kept_and_given_back()
    {
        var client = new ArtifactClient(server);
        foreach (var (number, path) in AttackPaths.Kept)
        {
            var run = await client.StartRunAsync($"odd{Guid.NewGuid():N}");
            await PutAsync(run, path, path);
            Assert.Equal([AttackPaths.Listed(path)], await NamesAsync(run));
            Assert.Equal(path, await server.Http.GetStringAsync(new Uri($"/files/cairn/nyc_airbnb/{run}/{AttackPaths.Address(path)}", UriKind.Relative)));
            var node = (await server.DoAsync(ReadFiles, new JsonObject { ["run"] = run, ["names"] = new JsonArray() }))["project"]!["run"]!["files"]!["edges"]![0]!["node"]!;
            Assert.Equal(path, await ArtifactClient.GetAsync((string)node["directUrl"]!));

            // An artifact's entries are paths of files: one at the end of which is a slash is none, and a doubled slash is one.
            var name = AttackPaths.Listed(path);
            await client.LogAsync($"odd{number}{run}", "dataset", name, path);
            var found = (await client.FindAsync($"odd{number}{run}:v0"))!;
            Assert.Contains(name, JsonNode.Parse(await ArtifactClient.GetAsync((string)found["artifact"]!["currentManifest"]!["file"]!["directUrl"]!))!["contents"]!.AsObject().Select(entry => entry.Key));
        }
    }

    private async Task PutAsync(string run, string path, string content) =>
        Assert.Equal(HttpStatusCode.OK, await ArtifactClient.PutAsync(await UploadUrlAsync(run, path), content));

    private async Task<string> UploadUrlAsync(string run, string path) =>
        (string)(await server.DoAsync(MakeFiles, new JsonObject { ["run"] = run, ["files"] = new JsonArray(path) }))["createRunFiles"]!["files"]![0]!["uploadUrl"]!;

    private async Task<List<string>> NamesAsync(string run) =>
        [.. (await server.DoAsync(ReadFiles, new JsonObject { ["run"] = run, ["names"] = new JsonArray() }))["project"]!["run"]!["files"]!["edges"]!.AsArray().Select(edge => (string)edge!["node"]!["name"]!)];
}
