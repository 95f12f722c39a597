using System.Net;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Artifacts;

public sealed class ArtifactFlowTests : IAsyncLifetime
{
    private readonly WandbServer server = new();

    private ArtifactClient Client => new(server);

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task The_article_flow_is_seen_by_wandb_the_pages_and_mlflow()
    {
        var client = Client;
        await client.StartRunAsync("download");
        await client.StartRunAsync("preprocess");
        await client.LogAsync("raw_data.csv", "raw_data", "raw_data.csv", "a,b\n1,2\n", "download");
        var raw = (await client.FindAsync("raw_data.csv:latest"))!;
        await UseAsync("preprocess", (string)raw["artifact"]!["id"]!);
        Assert.Contains("raw_data.csv", await ArtifactClient.GetAsync((string)raw["artifact"]!["currentManifest"]!["file"]!["directUrl"]!));
        await client.LogAsync("clean_data.csv", "clean_data", "clean_data.csv", "a,b\n1,2\nclean\n", "preprocess");
        await client.LogAsync("raw_data.csv", "raw_data", "raw_data.csv", "a,b\n3,4\n", "download");
        Assert.Equal(1, (int)(await client.FindAsync("raw_data.csv:latest"))!["versionIndex"]!);
        await client.LogAsync("raw_data.csv", "raw_data", "raw_data.csv", "a,b\n3,4\n", "download");
        Assert.Equal(1, (int)(await client.FindAsync("raw_data.csv:latest"))!["versionIndex"]!);
        Assert.Null(await client.FindAsync("raw_data.csv:v2"));

        await AliasAsync("addAliases", "raw_data.csv:v0", "prod");
        Assert.Equal(0, (int)(await client.FindAsync("raw_data.csv:prod"))!["versionIndex"]!);
        await AliasAsync("addAliases", "raw_data.csv:v1", "prod");
        Assert.Equal(1, (int)(await client.FindAsync("raw_data.csv:prod"))!["versionIndex"]!);

        // The same in the native API, which the pages read: versions, the alias with its history, who made and used it.
        var listed = (await server.GetJsonAsync("/api/v1/artifacts?experiment=nyc_airbnb"))["artifacts"]!.AsArray();
        var detail = await server.GetJsonAsync($"/api/v1/artifacts/{listed[0]!["experimentId"]}/raw_data.csv");
        Assert.Equal(2, detail["versions"]!.AsArray().Count);
        Assert.Equal(2, detail["aliasHistory"]!.AsArray().Count(change => (string)change!["alias"]! == "prod"));
        var version = await server.GetJsonAsync($"/api/v1/artifacts/{listed[0]!["experimentId"]}/raw_data.csv/versions/v0");
        Assert.Equal("preprocess", (string)version["usedBy"]![0]!["jobType"]!);
    }

    [Fact]
    public async Task A_model_logged_by_wandb_is_a_registered_model_with_versions_and_aliases_for_mlflow()
    {
        var client = Client;
        await client.LogAsync("price_model", "model", "model.txt", "weights");
        await AliasAsync("addAliases", "price_model:v0", "champion");
        var model = await server.GetJsonAsync("/api/2.0/mlflow/registered-models/get?name=price_model");
        Assert.Equal("champion", (string)model["registered_model"]!["aliases"]!.AsArray().Single(alias => (string)alias!["alias"]! != "latest")!["alias"]!);
        var version = await server.GetJsonAsync("/api/2.0/mlflow/registered-models/alias?name=price_model&alias=champion");
        Assert.Equal("1", (string)version["model_version"]!["version"]!);
    }

    [Fact]
    public async Task What_another_door_logged_is_read_and_found_again_by_its_content()
    {
        var client = Client;
        await client.StartRunAsync("any");
        using var blob = new ByteArrayContent("one"u8.ToArray());
        const string sha = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
        (await server.Http.PutAsync(new Uri($"/api/v1/blobs/{sha}", UriKind.Relative), blob)).EnsureSuccessStatusCode();
        var commit = new JsonObject { ["experiment"] = "nyc_airbnb", ["name"] = "data", ["type"] = "dataset", ["manifest"] = new JsonArray(new JsonObject { ["path"] = "a.txt", ["digest"] = sha, ["size"] = 3 }) };
        await server.PostAsync("/api/v1/artifacts/versions", commit.ToJsonString());
        var found = (await client.FindAsync("data:latest"))!;
        var manifest = JsonNode.Parse(await ArtifactClient.GetAsync((string)found["artifact"]!["currentManifest"]!["file"]!["directUrl"]!))!;
        Assert.Equal(ArtifactClient.Md5("one"), (string)manifest["contents"]!["a.txt"]!["digest"]!);
        await client.LogAsync("data", "dataset", "a.txt", "one");
        Assert.Null(await client.FindAsync("data:v1"));
    }

    [Fact]
    public async Task An_upload_goes_on_after_the_server_was_gone_and_what_was_not_committed_is_not_seen()
    {
        var client = Client;
        var contents = new JsonObject { ["a.txt"] = Entry("first"), ["b.txt"] = Entry("second") };
        var digest = ArtifactClient.DigestOf(contents);
        var made = await client.CreateAsync("data", "dataset", digest, new JsonObject { ["clientID"] = "the-client" });
        var id = (string)made["id"]!;
        Assert.Equal(HttpStatusCode.OK, await ArtifactClient.PutAsync((await client.UploadUrlAsync(id, "a.txt", "first"))!, "first"));
        await server.RestartAsync();
        client = Client;
        Assert.Null(await client.FindAsync("data:latest"));
        Assert.Equal(id, (string)(await client.CreateAsync("data", "dataset", digest, new JsonObject { ["clientID"] = "the-client" }))["id"]!);
        Assert.Null(await client.UploadUrlAsync(id, "a.txt", "first"));
        await client.PutManifestAsync(id, contents);
        var refusal = await server.RefusalAsync("mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }", new JsonObject { ["id"] = id });
        Assert.Contains("'b.txt'", refusal, StringComparison.Ordinal);
        Assert.Null(await client.FindAsync("data:latest"));
        Assert.Equal(HttpStatusCode.OK, await ArtifactClient.PutAsync((await client.UploadUrlAsync(id, "b.txt", "second"))!, "second"));
        await client.CommitAsync(id);
        await client.CommitAsync(id);
        Assert.Equal(2, (int)(await client.FindAsync("data:v0"))!["artifact"]!["fileCount"]!);
        Assert.Null(await client.FindAsync("data:v1"));
    }

    [Fact]
    public async Task A_claimed_digest_is_not_believed()
    {
        var client = Client;
        var honest = new JsonObject { ["a.txt"] = Entry("honest") };
        var forged = new JsonObject { ["a.txt"] = Entry("forged") };
        var id = (string)(await client.CreateAsync("data", "dataset", ArtifactClient.DigestOf(honest)))["id"]!;
        await ArtifactClient.PutAsync((await client.UploadUrlAsync(id, "a.txt", "forged"))!, "forged");
        await client.PutManifestAsync(id, forged);
        await client.CommitAsync(id);
        Assert.Equal("PENDING", (string)(await client.CreateAsync("data", "dataset", ArtifactClient.DigestOf(honest)))["state"]!);
        Assert.Equal(ArtifactClient.DigestOf(forged), (string)(await client.FindAsync("data:v0"))!["artifact"]!["digest"]!);
    }

    [Fact]
    public async Task An_upload_address_is_good_for_its_bytes_and_its_verb_only()
    {
        var client = Client;
        var id = (string)(await client.CreateAsync("data", "dataset", "d"))["id"]!;
        var url = (await client.UploadUrlAsync(id, "a.txt", "right"))!;
        Assert.Equal(HttpStatusCode.BadRequest, await ArtifactClient.PutAsync(url, "wrong"));
        Assert.Equal(HttpStatusCode.Forbidden, await ArtifactClient.PutAsync(url.Replace("/a.txt", "/b.txt", StringComparison.Ordinal), "right"));
        Assert.Equal(HttpStatusCode.Forbidden, await ArtifactClient.PutAsync(url.Replace("/a.txt", "/x/%2e%2e/%2e%2e/b.txt", StringComparison.Ordinal), "right"));
        using var http = new HttpClient();
        using var read = await http.GetAsync(new Uri(url.Replace("/put/", "/get/", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await ArtifactClient.PutAsync(url, "right"));
        Assert.Equal(HttpStatusCode.OK, await ArtifactClient.PutAsync(url, "right"));
    }

    [Fact]
    public async Task A_portfolio_has_versions_and_aliases_of_its_own_and_lets_go()
    {
        var client = Client;
        await client.LogAsync("data", "dataset", "a.txt", "one");
        var id = await client.LogAsync("data", "dataset", "a.txt", "two");
        var input = new JsonObject
        {
            ["artifactID"] = id,
            ["artifactPortfolioName"] = "reg",
            ["entityName"] = "cairn",
            ["projectName"] = "nyc_airbnb",
            ["aliases"] = new JsonArray(new JsonObject { ["artifactCollectionName"] = "reg", ["alias"] = "staging" }),
        };
        var linked = await server.DoAsync(
            "mutation L($input: LinkArtifactInput!) { linkArtifact(input: $input) { versionIndex artifactMembership { artifactCollection { __typename id name } } } }",
            new JsonObject { ["input"] = input });
        Assert.Equal(0, (int)linked["linkArtifact"]!["versionIndex"]!);
        var collection = linked["linkArtifact"]!["artifactMembership"]!["artifactCollection"]!;
        Assert.Equal("ArtifactPortfolio", (string)collection["__typename"]!);
        var found = (await client.FindAsync("reg:staging"))!;
        Assert.Equal((0, 1), ((int)found["versionIndex"]!, (int)found["artifact"]!["versionIndex"]!));
        await server.DoAsync(
            "mutation U($id: ID!, $from: ID!) { unlinkArtifact(input: {artifactID: $id, artifactPortfolioID: $from}) { success } }",
            new JsonObject { ["id"] = id, ["from"] = (string)collection["id"]! });
        Assert.Null(await client.FindAsync("reg:v0"));
        Assert.NotNull(await client.FindAsync("data:v1"));
    }

    [Theory]
    [InlineData("../path")]
    [InlineData("/etc/passwd")]
    [InlineData("%252E%252E%252Fpath")]
    [InlineData("..\\path")]
    [InlineData("C:path/to/file")]
    [InlineData("file:///etc/passwd")]
    [InlineData("a/../../b")]
    public async Task Names_that_could_leave_their_folder_are_refused_for_uploads_and_in_manifests(string path)
    {
        var client = Client;
        var id = (string)(await client.CreateAsync("data", "dataset", "d"))["id"]!;
        var spec = new JsonObject { ["files"] = new JsonArray(new JsonObject { ["artifactID"] = id, ["name"] = path, ["md5"] = ArtifactClient.Md5("x") }) };
        Assert.Contains("path", await server.RefusalAsync("mutation F($files: [CreateArtifactFileSpecInput!]!) { createArtifactFiles(input: {artifactFiles: $files}) { files { edges { node { id } } } } }", spec), StringComparison.OrdinalIgnoreCase);
        await client.PutManifestAsync(id, new JsonObject { [path] = new JsonObject { ["digest"] = "e", ["ref"] = "s3://bucket/key" } });
        Assert.Contains("path", await server.RefusalAsync("mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }", new JsonObject { ["id"] = id }), StringComparison.OrdinalIgnoreCase);
        Assert.Null(await client.FindAsync("data:latest"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"version":2,"contents":{}}""")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":1,"contents":{"a":null}}""")]
    [InlineData("""{"version":1,"contents":{"a":{"digest":5}}}""")]
    [InlineData("""{"version":1,"contents":{"a":{"digest":"zzz"}}}""")]
    [InlineData("""{"version":1,"contents":{"a":{"digest":"\ud800"}}}""")]
    [InlineData("""{"version":1,"contents":{"\ud800":{"digest":"x","ref":"s3://b"}}}""")]
    public async Task A_manifest_that_is_none_is_refused_by_name_and_leaves_nothing(string manifest)
    {
        var client = Client;
        var id = (string)(await client.CreateAsync("data", "dataset", "d"))["id"]!;
        var url = (string)(await server.DoAsync(
            """mutation M($id: ID!) { createArtifactManifest(input: {artifactID: $id, name: "m", digest: "", entityName: "e", projectName: "nyc_airbnb"}) { artifactManifest { file { uploadUrl } } } }""",
            new JsonObject { ["id"] = id }))["createArtifactManifest"]!["artifactManifest"]!["file"]!["uploadUrl"]!;
        Assert.Equal(HttpStatusCode.OK, await ArtifactClient.PutAsync(url, manifest));
        Assert.NotEmpty(await server.RefusalAsync("mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }", new JsonObject { ["id"] = id }));
        Assert.Null(await client.FindAsync("data:latest"));
    }

    [Fact]
    public async Task Parts_and_additions_become_one_version()
    {
        var client = Client;
        var first = await client.LogAsync("inc", "dataset", "one.txt", "1");
        var second = (string)(await client.CreateAsync("inc", "dataset", "d2"))["id"]!;
        await ArtifactClient.PutAsync((await client.UploadUrlAsync(second, "two.txt", "2"))!, "2");
        await client.PutManifestAsync(second, new JsonObject { ["two.txt"] = Entry("2") }, "INCREMENTAL", first);
        await client.CommitAsync(second);
        Assert.Equal(2, (int)(await client.FindAsync("inc:v1"))!["artifact"]!["fileCount"]!);

        var ids = new List<string>();
        foreach (var part in new[] { "p1", "p2", "p3" })
        {
            var id = (string)(await client.CreateAsync("dist", "dataset", $"d-{part}", new JsonObject { ["distributedID"] = "together" }))["id"]!;
            ids.Add(id);
            await ArtifactClient.PutAsync((await client.UploadUrlAsync(id, part, part))!, part);
            await client.PutManifestAsync(id, new JsonObject { [part] = Entry(part) }, "PATCH");
        }

        Assert.Single(ids.Distinct());
        await client.CommitAsync(ids[0]);
        Assert.Equal(3, (int)(await client.FindAsync("dist:v0"))!["artifact"]!["fileCount"]!);
    }

    [Fact]
    public async Task A_gated_alias_is_refused_to_aliases_links_and_commits_of_wandb_until_its_condition_holds()
    {
        var client = Client;
        await client.StartRunAsync("train");
        await client.LogAsync("price_model", "model", "model.txt", "weights", "train");
        var experiment = (string)(await server.GetJsonAsync("/api/v1/artifacts?experiment=nyc_airbnb"))["artifacts"]![0]!["experimentId"]!;
        foreach (var name in new[] { "price_model", "reg" })
        {
            using var gate = new StringContent("""{"checks":["bias"]}""", System.Text.Encoding.UTF8, "application/json");
            (await server.Http.PutAsync(new Uri($"/api/v1/artifacts/{experiment}/{name}/gates/prod", UriKind.Relative), gate)).EnsureSuccessStatusCode();
        }

        var id = (string)(await client.FindAsync("price_model:v0"))!["artifact"]!["id"]!;
        var add = new JsonObject { ["input"] = new JsonObject { ["artifactID"] = id, ["aliases"] = new JsonArray(Alias("price_model")) } };
        const string addition = "mutation A($input: AddAliasesInput!) { addAliases(input: $input) { success } }";
        Assert.Contains("The check 'bias' was not made", await server.RefusalAsync(addition, add.DeepClone()), StringComparison.Ordinal);
        var link = new JsonObject { ["input"] = new JsonObject { ["artifactID"] = id, ["artifactPortfolioName"] = "reg", ["entityName"] = "cairn", ["projectName"] = "nyc_airbnb", ["aliases"] = new JsonArray(Alias("reg")) } };
        const string linking = "mutation L($input: LinkArtifactInput!) { linkArtifact(input: $input) { versionIndex } }";
        Assert.Contains("'reg:v0' was not given the alias 'prod'", await server.RefusalAsync(linking, link.DeepClone()), StringComparison.Ordinal);
        Assert.Null(await client.FindAsync("price_model:prod"));
        Assert.Null(await client.FindAsync("reg:latest"));

        // A client's commit asks for the alias with the version; neither is there after the refusal.
        var other = (string)(await client.CreateAsync("price_model", "model", "d", new JsonObject { ["aliases"] = new JsonArray(Alias("price_model")) }))["id"]!;
        await ArtifactClient.PutAsync((await client.UploadUrlAsync(other, "a.txt", "new"))!, "new");
        await client.PutManifestAsync(other, new JsonObject { ["a.txt"] = Entry("new") });
        Assert.Contains("bias", await server.RefusalAsync("mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }", new JsonObject { ["id"] = other }), StringComparison.Ordinal);
        Assert.Null(await client.FindAsync("price_model:v1"));

        var run = (string)(await server.GetJsonAsync("/api/v1/runs?experiment=nyc_airbnb"))["runs"]![0]!["run"]!["id"]!;
        await server.PostAsync($"/api/v1/runs/{run}/checks", """{"name":"bias","passed":true}""");
        await server.DoAsync(addition, add);
        await server.DoAsync(linking, link);
        Assert.Equal((0, 0), ((int)(await client.FindAsync("price_model:prod"))!["versionIndex"]!, (int)(await client.FindAsync("reg:prod"))!["versionIndex"]!));
        var decisions = (await server.GetJsonAsync($"/api/v1/artifacts/{experiment}/price_model/decisions?alias=prod"))["decisions"]!.AsArray().Select(decision => (string)decision!["outcome"]!);
        Assert.Equal(["accepted", "refused", "refused", "gate_set"], decisions);

        static JsonObject Alias(string collection) => new() { ["artifactCollectionName"] = collection, ["alias"] = "prod" };
    }

    private async Task UseAsync(string run, string artifact) => await server.DoAsync(
        """mutation U($run: String!, $id: ID!) { useArtifact(input: {entityName: "cairn", projectName: "nyc_airbnb", runName: $run, artifactID: $id, usedAs: "raw_data.csv:latest"}) { artifact { id } } }""",
        new JsonObject { ["run"] = run, ["id"] = artifact });

    private async Task AliasAsync(string mutation, string version, string alias)
    {
        var id = (string)(await Client.FindAsync(version))!["artifact"]!["id"]!;
        var input = new JsonObject
        {
            ["artifactID"] = id,
            ["aliases"] = new JsonArray(new JsonObject { ["artifactCollectionName"] = version.Split(':')[0], ["alias"] = alias, ["entityName"] = "cairn", ["projectName"] = "nyc_airbnb" }),
        };
        var type = mutation == "addAliases" ? "AddAliasesInput" : "DeleteAliasesInput";
        await server.DoAsync($"mutation A($input: {type}!) {{ {mutation}(input: $input) {{ success }} }}", new JsonObject { ["input"] = input });
    }

    private static JsonObject Entry(string content) => new() { ["digest"] = ArtifactClient.Md5(content), ["size"] = content.Length };
}
