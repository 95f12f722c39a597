using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Artifacts;

/// <summary>The calls by which W&amp;B's clients log and use artifacts.</summary>
internal sealed class ArtifactClient(WandbServer server, string project = "nyc_airbnb")
{
    private const string CreateDocument =
        """
        mutation CreateArtifact($input: CreateArtifactInput!) {
          createArtifact(input: $input) { artifact { id state artifactSequence { latestArtifact { id versionIndex } } } }
        }
        """;

    private const string ManifestDocument =
        """
        mutation CreateArtifactManifest($artifactID: ID!, $digest: String!, $project: String!, $type: ArtifactManifestType, $base: ID, $upload: Boolean!) {
          createArtifactManifest(input: {artifactID: $artifactID, name: "wandb_manifest.json", digest: $digest, entityName: "cairn", projectName: $project, type: $type, baseArtifactID: $base}) {
            artifactManifest { id file { id uploadUrl @include(if: $upload) uploadHeaders @include(if: $upload) } }
          }
        }
        """;

    private const string FilesDocument =
        """
        mutation CreateArtifactFiles($artifactFiles: [CreateArtifactFileSpecInput!]!) {
          createArtifactFiles(input: {artifactFiles: $artifactFiles, storageLayout: V2}) {
            files { edges { node { storagePath uploadUrl uploadHeaders artifact { id } } } }
          }
        }
        """;

    private const string MembershipDocument =
        """
        query ArtifactMembershipByName($project: String!, $name: String!) {
          project(name: $project, entityName: "cairn") {
            artifactCollectionMembership(name: $name) {
              versionIndex aliases { alias } artifactCollection { __typename name }
              artifact { id digest state versionIndex metadata description fileCount size artifactType { name } currentManifest { file { directUrl } } }
            }
          }
        }
        """;

    public async Task<string> StartRunAsync(string name)
    {
        await server.DoAsync(Runs.Documents.Upsert, new JsonObject { ["name"] = name, ["project"] = project, ["jobType"] = name });
        return name;
    }

    public async Task<JsonNode> CreateAsync(string name, string type, string digest, JsonObject? more = null)
    {
        var input = more ?? [];
        input["entityName"] = "cairn";
        input["projectName"] = project;
        input["artifactTypeName"] = type;
        input["artifactCollectionName"] = name;
        input["digest"] = digest;
        input["digestAlgorithm"] = "MANIFEST_MD5";
        input["clientID"] ??= Guid.NewGuid().ToString("N");
        return (await server.DoAsync(CreateDocument, new JsonObject { ["input"] = input }))["createArtifact"]!["artifact"]!;
    }

    public async Task<string?> UploadUrlAsync(string artifact, string path, string content) =>
        (string?)(await FilesAsync(artifact, path, Md5(content)))["uploadUrl"];

    public async Task<JsonNode> FilesAsync(string artifact, string path, string md5)
    {
        var files = new JsonArray(new JsonObject { ["artifactID"] = artifact, ["name"] = path, ["md5"] = md5 });
        return (await server.DoAsync(FilesDocument, new JsonObject { ["artifactFiles"] = files }))["createArtifactFiles"]!["files"]!["edges"]![0]!["node"]!;
    }

    /// <summary>PUTs as the clients do: with no key of ours.</summary>
    public static async Task<HttpStatusCode> PutAsync(string url, string content)
    {
        using var http = new HttpClient();
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        using var answer = await http.PutAsync(new Uri(url), body);
        return answer.StatusCode;
    }

    public static async Task<string> GetAsync(string url)
    {
        using var http = new HttpClient();
        return await http.GetStringAsync(new Uri(url));
    }

    /// <summary>Uploads a manifest of these entries, without committing.</summary>
    public async Task PutManifestAsync(string artifact, JsonObject contents, string type = "FULL", string? baseId = null)
    {
        var text = ManifestOf(contents);
        var variables = new JsonObject { ["artifactID"] = artifact, ["project"] = project, ["digest"] = Md5(text), ["upload"] = true, ["type"] = type, ["base"] = baseId };
        var file = (await server.DoAsync(ManifestDocument, variables))["createArtifactManifest"]!["artifactManifest"]!["file"]!;
        Assert.Equal(HttpStatusCode.OK, await PutAsync((string)file["uploadUrl"]!, text));
    }

    public Task<JsonNode> CommitAsync(string artifact) =>
        server.DoAsync("mutation CommitArtifact($id: ID!) { commitArtifact(input: {artifactID: $id}) { artifact { id digest } } }", new JsonObject { ["id"] = artifact });

    /// <summary>Logs a version of one file as a client does, from the first question to the commit; answers its id.</summary>
    public async Task<string> LogAsync(string name, string type, string path, string content, string? run = null, string[]? aliases = null)
    {
        var contents = new JsonObject { [path] = new JsonObject { ["digest"] = Md5(content), ["size"] = Encoding.UTF8.GetByteCount(content) } };
        var made = await CreateAsync(name, type, DigestOf(contents), new JsonObject
        {
            ["runName"] = run,
            ["aliases"] = new JsonArray([.. (aliases ?? ["latest"]).Select(alias => (JsonNode)new JsonObject { ["artifactCollectionName"] = name, ["alias"] = alias })]),
        });
        var id = (string)made["id"]!;
        if ((string)made["state"]! == "COMMITTED")
        {
            return id;
        }

        if (await UploadUrlAsync(id, path, content) is { } url)
        {
            Assert.Equal(HttpStatusCode.OK, await PutAsync(url, content));
        }

        contents[path]!["birthArtifactID"] = id;
        await PutManifestAsync(id, contents);
        await CommitAsync(id);
        return id;
    }

    /// <summary>A version as today's clients find it; null where there is none.</summary>
    public async Task<JsonNode?> FindAsync(string name) =>
        (await server.DoAsync(MembershipDocument, new JsonObject { ["project"] = project, ["name"] = name }))["project"]?["artifactCollectionMembership"];

    public static string ManifestOf(JsonObject contents) => new JsonObject
    {
        ["version"] = 1,
        ["storagePolicy"] = "wandb-storage-policy-v1",
        ["storagePolicyConfig"] = new JsonObject { ["storageLayout"] = "V2" },
        ["contents"] = contents.DeepClone(),
    }.ToJsonString();

#pragma warning disable CA5351 // The protocol names contents by MD5.
    public static string Md5(string text) => Convert.ToBase64String(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>W&amp;B's digest of a manifest.</summary>
    public static string DigestOf(JsonObject contents) => Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(
        "wandb-artifact-manifest-v1\n" + string.Concat(contents.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{entry.Value!["digest"]}\n")))));
#pragma warning restore CA5351
}
