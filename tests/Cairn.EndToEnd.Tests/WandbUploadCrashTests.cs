using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.EndToEnd.Tests;

/// <summary>kill -9 of the server in the middle of an artifact's upload: the client asks again, as clients do, and the version is exact and there once.</summary>
public sealed class WandbUploadCrashTests
{
    private const int Files = 60;
    private const int FileSize = 200_000;
    private const int Kills = 6;

    private const string Create =
        """
        mutation CreateArtifact($input: CreateArtifactInput!) { createArtifact(input: $input) { artifact { id state } } }
        """;

    private const string CreateFiles =
        """
        mutation CreateArtifactFiles($artifactFiles: [CreateArtifactFileSpecInput!]!) {
          createArtifactFiles(input: {artifactFiles: $artifactFiles, storageLayout: V2}) { files { edges { node { name uploadUrl } } } }
        }
        """;

    private const string CreateManifest =
        """
        mutation CreateArtifactManifest($id: ID!, $digest: String!) {
          createArtifactManifest(input: {artifactID: $id, name: "wandb_manifest.json", digest: $digest, entityName: "cairn", projectName: "crash", type: FULL}) { artifactManifest { file { uploadUrl } } }
        }
        """;

    private const string Find =
        """
        query Find { project(name: "crash", entityName: "cairn") { artifactCollection(name: "data") { artifacts { edges { node { versionIndex fileCount size digest currentManifest { file { directUrl } } files(first: 1000) { edges { node { name directUrl } } } } } } } } }
        """;

    [Fact(Timeout = 5 * 60 * 1000)]
    public async Task An_uploaded_version_is_exact_and_there_once_after_kill_9()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("cairn-wandb-upload-").FullName;
        using var server = new ServerProcess(folder);
        await server.StartAsync(cancellation);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = ServerProcess.Limit };
        var contents = Enumerable.Range(0, Files).ToDictionary(i => $"part {i:00}/ä%.bin", Content, StringComparer.Ordinal);

        var uploading = UploadAsync(http, contents, cancellation);
        for (var kill = 0; kill < Kills && !uploading.IsCompleted; kill++)
        {
            await Task.Delay(RandomNumberGenerator.GetInt32(20, 250), cancellation);
            await server.KillAsync(cancellation);
            await server.StartAsync(cancellation);
        }

        var digest = await uploading;
        var versions = (await AskAsync(http, Find, [], cancellation))["project"]!["artifactCollection"]!["artifacts"]!["edges"]!.AsArray();
        var version = Assert.Single(versions)!["node"]!;
        Assert.Equal((0, Files, (long)Files * FileSize), ((int)version["versionIndex"]!, (int)version["fileCount"]!, (long)version["size"]!));
        Assert.Equal(digest, (string)version["digest"]!);
        foreach (var file in version["files"]!["edges"]!.AsArray())
        {
            var bytes = await http.GetByteArrayAsync(new Uri((string)file!["node"]!["directUrl"]!), cancellation);
            Assert.Equal(contents[(string)file["node"]!["name"]!], bytes);
        }

        server.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<string> UploadAsync(HttpClient http, Dictionary<string, byte[]> contents, CancellationToken cancellation)
    {
        var digest = Hex("wandb-artifact-manifest-v1\n" + string.Concat(contents.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}:{Md5(file.Value)}\n")));
        var made = await AskAsync(http, Create, new JsonObject
        {
            ["input"] = new JsonObject
            {
                ["entityName"] = "cairn",
                ["projectName"] = "crash",
                ["artifactTypeName"] = "dataset",
                ["artifactCollectionName"] = "data",
                ["digest"] = digest,
                ["digestAlgorithm"] = "MANIFEST_MD5",
                ["clientID"] = "the-client",
                ["aliases"] = new JsonArray(new JsonObject { ["artifactCollectionName"] = "data", ["alias"] = "latest" }),
            },
        }, cancellation);
        var id = (string)made["createArtifact"]!["artifact"]!["id"]!;
        var entries = new JsonObject();
        foreach (var (path, bytes) in contents)
        {
            entries[path] = new JsonObject { ["digest"] = Md5(bytes), ["size"] = bytes.Length, ["birthArtifactID"] = id };
            var specification = new JsonArray(new JsonObject { ["artifactID"] = id, ["name"] = path, ["md5"] = Md5(bytes) });
            var answer = await AskAsync(http, CreateFiles, new JsonObject { ["artifactFiles"] = specification }, cancellation);
            if ((string?)answer["createArtifactFiles"]!["files"]!["edges"]![0]!["node"]!["uploadUrl"] is { } url)
            {
                await PutAsync(http, url, bytes, cancellation);
            }
        }

        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["version"] = 1,
            ["storagePolicy"] = "wandb-storage-policy-v1",
            ["storagePolicyConfig"] = new JsonObject { ["storageLayout"] = "V2" },
            ["contents"] = entries,
        }.ToJsonString());
        var place = await AskAsync(http, CreateManifest, new JsonObject { ["id"] = id, ["digest"] = Md5(manifest) }, cancellation);
        await PutAsync(http, (string)place["createArtifactManifest"]!["artifactManifest"]!["file"]!["uploadUrl"]!, manifest, cancellation);
        await AskAsync(http, "mutation C($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id } } }", new JsonObject { ["id"] = id }, cancellation);
        return digest;
    }

    private static async Task<JsonNode> AskAsync(HttpClient http, string document, JsonObject variables, CancellationToken cancellation)
    {
        var body = new JsonObject { ["query"] = document, ["variables"] = variables }.ToJsonString();
        var answer = JsonNode.Parse(await AgainAsync(
            async () =>
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await http.PostAsync(new Uri("/graphql", UriKind.Relative), content, cancellation);
                return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
            },
            cancellation))!;
        Assert.True(answer["errors"] is null, answer.ToJsonString());
        return answer["data"]!;
    }

    private static Task<string> PutAsync(HttpClient http, string url, byte[] bytes, CancellationToken cancellation) => AgainAsync(
        async () =>
        {
            using var content = new ByteArrayContent(bytes);
            using var response = await http.PutAsync(new Uri(url), content, cancellation);
            return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellation));
        },
        cancellation);

    /// <summary>Sends until it is answered.</summary>
    private static async Task<string> AgainAsync(Func<Task<(HttpStatusCode Status, string Text)>> send, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                var (status, text) = await send();
                return status == HttpStatusCode.OK ? text : throw new InvalidOperationException($"{(int)status}: {text}");
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20, cancellation);
            }
        }
    }

    private static byte[] Content(int number)
    {
        var bytes = new byte[FileSize];
        new Random(number).NextBytes(bytes);
        return bytes;
    }

#pragma warning disable CA5351 // The protocol names contents by MD5.
    private static string Md5(byte[] bytes) => Convert.ToBase64String(MD5.HashData(bytes));

    private static string Hex(string text) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5351
}
