using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Access;

/// <summary>W&amp;B's door: each field of a document is allowed or refused by itself, and refusals name nothing.</summary>
public sealed class WandbAccessTests(AccessServer server) : IClassFixture<AccessServer>
{
    [Fact]
    public async Task A_foreign_run_is_neither_read_nor_written_nor_deleted()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        var id = (await Belongings.UpsertAsync(server.Alice, hers.ExperimentName, hers.ClientRun)).Json["data"]!["upsertBucket"]!["bucket"]!["id"]!.GetValue<string>();
        foreach (var permission in (string[])["NO_PERMISSIONS", "READ"])
        {
            await server.AllowAsync(hers.Experiment, "bob", permission);
            Refused(await Belongings.UpsertAsync(server.Bob, hers.ExperimentName, hers.ClientRun));
            Refused(await Belongings.UpsertAsync(server.Bob, hers.ExperimentName, "a-new-run"));
            Refused(await server.Bob.AskAsync("mutation($id: String!) { upsertBucket(input: {id: $id, displayName: \"mine\"}) { bucket { id } } }", new JsonObject { ["id"] = id }));
            Refused(await server.Bob.AskAsync("mutation($id: ID!) { deleteRun(input: {id: $id}) { clientMutationId } }", new JsonObject { ["id"] = id }));
            (await server.Bob.PostAsync(
                $"/files/cairn/{hers.ExperimentName}/{hers.ClientRun}/file_stream",
                """{"files":{"wandb-history.jsonl":{"offset":0,"content":["{\"_step\":0,\"stolen\":1}"]}}}""")).Expect(403);
        }

        await server.AllowAsync(hers.Experiment, "bob", "EDIT");
        (await server.Bob.PostAsync(
            $"/files/cairn/{hers.ExperimentName}/{hers.ClientRun}/file_stream",
            """{"files":{"wandb-history.jsonl":{"offset":0,"content":["{\"_step\":0,\"given\":1}"]}}}""")).Expect(200);
        Refused(await server.Bob.AskAsync("mutation($id: ID!) { deleteRun(input: {id: $id}) { clientMutationId } }", new JsonObject { ["id"] = id }));
    }

    [Fact]
    public async Task Each_field_of_a_document_is_judged_by_itself_and_names_nothing()
    {
        var (hers, his) = (await Belongings.MakeAsync(server.Alice), await Belongings.MakeAsync(server.Bob));
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        var answer = (await server.Bob.AskAsync(
            """
            query($hers: String!, $his: String!) {
              a: project(name: $hers, entityName: "cairn") { id name createdAt }
              b: project(name: $his, entityName: "cairn") { id name createdAt }
              c: project(name: $hers, entityName: "cairn") { runs(first: 5) { edges { node { name displayName } } } }
            }
            """,
            new JsonObject { ["hers"] = hers.ExperimentName, ["his"] = his.ExperimentName })).Expect(200);
        Assert.Null(answer.Json["data"]!["a"]);
        Assert.Null(answer.Json["data"]!["c"]);
        Assert.Equal(his.ExperimentName, answer.Json["data"]!["b"]!["name"]!.GetValue<string>());
        Assert.Equal(2, answer.Json["errors"]!.AsArray().Count);
        Assert.DoesNotContain(hers.ExperimentName, answer.Text, StringComparison.Ordinal);

        var all = (await server.Bob.AskAsync("""{ models(entityName: "cairn", first: 500) { edges { node { name } } } }""")).Expect(200);
        Assert.DoesNotContain(hers.ExperimentName, all.Text, StringComparison.Ordinal);
        Assert.Contains(his.ExperimentName, all.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_a_run_are_not_fetched_and_a_signed_address_is_worth_what_its_user_may_do()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "EDIT");
        const string create = "mutation($p: String!, $r: String!) { createRunFiles(input: {projectName: $p, runName: $r, files: [\"note.txt\"]}) { files { uploadUrl } } }";
        var variables = new JsonObject { ["p"] = hers.ExperimentName, ["r"] = hers.ClientRun };
        var url = (await server.Bob.AskAsync(create, variables)).Expect(200).Json["data"]!["createRunFiles"]!["files"]![0]!["uploadUrl"]!.GetValue<string>();
        (await server.Stranger.PutBytesAsync(url, "before")).Expect(200);

        await server.AllowAsync(hers.Experiment, "bob", "READ");
        (await server.Stranger.PutBytesAsync(url, "after")).Expect(403);
        Refused(await server.Bob.AskAsync(create, (JsonObject)variables.DeepClone()));
        Assert.Equal("before", (await server.Bob.GetAsync($"/files/cairn/{hers.ExperimentName}/{hers.ClientRun}/note.txt")).Expect(200).Text);

        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        (await server.Bob.GetAsync($"/files/cairn/{hers.ExperimentName}/{hers.ClientRun}/note.txt")).Expect(403);
        (await server.Stranger.PutBytesAsync(url.Replace("-", "", StringComparison.Ordinal), "forged")).Expect(403);
    }

    [Fact]
    public async Task An_artifact_of_another_project_is_neither_seen_nor_given_aliases()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        const string find = "query($name: String!, $project: String!) { project(name: $project, entityName: \"cairn\") { artifact(name: $name) { id digest aliases { alias } } } }";
        var variables = new JsonObject { ["name"] = $"{hers.Artifact}:v0", ["project"] = hers.ExperimentName };
        var id = (await server.Alice.AskAsync(find, variables)).Expect(200).Json["data"]!["project"]!["artifact"]!["id"]!.GetValue<string>();

        await server.AllowAsync(hers.Experiment, "bob", "READ");
        (await server.Bob.AskAsync(find, (JsonObject)variables.DeepClone())).Expect(200);
        const string alias = "mutation($id: ID!, $name: String!, $project: String!) { addAliases(input: {artifactID: $id, aliases: [{artifactCollectionName: $name, alias: \"champion\", entityName: \"cairn\", projectName: $project}]}) { success } }";
        const string delete = "mutation($id: ID!) { deleteArtifact(input: {artifactID: $id, deleteAliases: true}) { artifact { id } } }";
        Refused(await server.Bob.AskAsync(alias, new JsonObject { ["id"] = id, ["name"] = hers.Artifact, ["project"] = hers.ExperimentName }));
        Refused(await server.Bob.AskAsync(delete, new JsonObject { ["id"] = id }));

        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");
        Refused(await server.Bob.AskAsync(find, (JsonObject)variables.DeepClone()));
        Refused(await server.Bob.AskAsync("query($id: ID!) { artifact(id: $id) { id digest } }", new JsonObject { ["id"] = id }));
        Assert.DoesNotContain("champion", (await server.Alice.AskAsync(find, (JsonObject)variables.DeepClone())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Content_that_is_known_by_its_MD5_is_not_given_to_those_who_may_not_read_it()
    {
        var hers = await Belongings.MakeAsync(server.Alice);
        await server.AllowAsync(hers.Experiment, "bob", "NO_PERMISSIONS");

        // The server knows the MD5 once somebody used the version at this door.
        const string find = "query($name: String!, $project: String!) { project(name: $project, entityName: \"cairn\") { artifact(name: $name) { files(first: 5) { edges { node { name md5 directUrl } } } } } }";
        var files = (await server.Alice.AskAsync(find, new JsonObject { ["name"] = $"{hers.Artifact}:v0", ["project"] = hers.ExperimentName })).Expect(200);
#pragma warning disable CA5351 // W&B's protocol names contents so.
        var md5 = Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(hers.ContentText)));
#pragma warning restore CA5351
        Assert.Equal(hers.ContentText, (await server.Alice.GetAsync($"/artifactsV2/default/cairn/x/{md5}")).Expect(200).Text);
        Assert.True((await server.Bob.GetAsync($"/artifactsV2/default/cairn/x/{md5}")).Status is 403 or 404);
        Assert.DoesNotContain("errors", files.Text, StringComparison.Ordinal);
    }

    private static void Refused(Answer answer)
    {
        answer.Expect(200);
        Assert.Contains("Permission denied", answer.Json["errors"]![0]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(answer.Json["data"] is null || answer.Json["data"]!.AsObject().All(member => member.Value is null || !member.Value.ToJsonString().Contains(Belongings.Secret, StringComparison.Ordinal)), answer.Text);
    }
}
