using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Artifacts;

/// <summary>Files in parts, as clients send them from 2 GiB on; the server takes any size so.</summary>
public sealed class PartedFileTests : IAsyncLifetime
{
    private const string FilesDocument =
        """
        mutation CreateArtifactFiles($artifactFiles: [CreateArtifactFileSpecInput!]!, $storageLayout: ArtifactStorageLayout!) {
          createArtifactFiles(input: {artifactFiles: $artifactFiles, storageLayout: $storageLayout}) {
            files { edges { node { storagePath uploadUrl uploadHeaders uploadMultipartUrls { uploadID uploadUrlParts { partNumber uploadUrl } } artifact { id } } } }
          }
        }
        """;

    private const string CompleteDocument =
        """
        mutation CompleteMultipartUploadArtifact($completeMultipartAction: CompleteMultipartAction!, $completedParts: [UploadPartsInput!]!, $artifactID: ID!, $storagePath: String!, $uploadID: String!) {
          completeMultipartUploadArtifact(input: {completeMultipartAction: $completeMultipartAction, completedParts: $completedParts, artifactID: $artifactID, storagePath: $storagePath, uploadID: $uploadID}) { digest }
        }
        """;

    private readonly WandbServer server = new();
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(60) };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync()
    {
        http.Dispose();
        return server.DisposeAsync();
    }

    [Fact]
    public async Task A_file_in_parts_becomes_a_file_of_the_version_also_across_a_restart()
    {
        var client = new ArtifactClient(server);
        var text = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"line {i.ToString(CultureInfo.InvariantCulture)}\n"));
        var pieces = Encoding.UTF8.GetBytes(text).Chunk(20_000).ToList();
        var contents = new JsonObject { ["deep/big file.bin"] = new JsonObject { ["digest"] = ArtifactClient.Md5(text), ["size"] = text.Length } };
        var id = (string)(await client.CreateAsync("big", "dataset", ArtifactClient.DigestOf(contents)))["id"]!;
        var file = await FilesAsync(id, text, pieces);
        var urls = (JsonArray)file["uploadMultipartUrls"]!["uploadUrlParts"]!;
        Assert.Equal(pieces.Select((_, i) => (long)i + 1), urls.Select(part => (long)part!["partNumber"]!));

        var done = new List<JsonNode> { await PutAsync(urls[2]!, pieces[2]), await PutAsync(urls[0]!, pieces[0]) };
        await server.RestartAsync();
        var again = await FilesAsync(id, text, pieces);
        Assert.Equal((string)file["uploadMultipartUrls"]!["uploadID"]!, (string)again["uploadMultipartUrls"]!["uploadID"]!);
        foreach (var i in Enumerable.Range(0, pieces.Count).Except([2, 0]))
        {
            done.Add(await PutAsync(again["uploadMultipartUrls"]!["uploadUrlParts"]![i]!, pieces[i]));
        }

        Assert.Equal(ArtifactClient.Md5(text), (string)(await CompleteAsync(id, again, done))["completeMultipartUploadArtifact"]!["digest"]!);
        await CompleteAsync(id, again, done);
        await client.PutManifestAsync(id, contents);
        await client.CommitAsync(id);
        var version = (await client.FindAsync("big:latest"))!;
        Assert.Equal((1, text.Length), ((int)version["artifact"]!["fileCount"]!, (int)version["artifact"]!["size"]!));

        // Another version with the same file needs no upload.
        var next = (string)(await client.CreateAsync("big", "dataset", "0123"))["id"]!;
        Assert.Null((await FilesAsync(next, text, pieces))["uploadUrl"]);
    }

    [Fact]
    public async Task Wrong_parts_wrong_wholes_and_foreign_uploads_are_refused()
    {
        var client = new ArtifactClient(server);
        var (text, pieces) = ("onetwo", new List<byte[]> { "one"u8.ToArray(), "two"u8.ToArray() });
        var id = (string)(await client.CreateAsync("data", "dataset", "d0"))["id"]!;
        var file = await FilesAsync(id, text, pieces);
        var urls = file["uploadMultipartUrls"]!["uploadUrlParts"]!;
        using (var wrong = await http.PutAsync((string)urls[0]!["uploadUrl"]!, new ByteArrayContent("two"u8.ToArray())))
        {
            Assert.Equal(400, (int)wrong.StatusCode);
            Assert.Contains("Part 1 has the MD5", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        var first = await PutAsync(urls[0]!, pieces[0]);
        Assert.Equal("Part 2 of 2 is missing.", await RefusedAsync(id, file, [first]));
        var other = (string)(await client.CreateAsync("data", "dataset", "d1"))["id"]!;
        Assert.Contains("belongs to no file of this artifact", await RefusedAsync(other, file, [first]), StringComparison.Ordinal);

        // Parts that are as announced, of a file that is not.
        var lie = await FilesAsync(id, "another text", pieces);
        var parts = new[] { await PutAsync(lie["uploadMultipartUrls"]!["uploadUrlParts"]![0]!, pieces[0]), await PutAsync(lie["uploadMultipartUrls"]!["uploadUrlParts"]![1]!, pieces[1]) };
        Assert.Contains("The content has the MD5", await RefusedAsync(id, lie, parts), StringComparison.Ordinal);

        await CompleteAsync(id, lie, [], "Abort");
        Assert.Contains("There is no upload", await RefusedAsync(id, lie, parts), StringComparison.Ordinal);
        var twice = Spec(id, text, pieces);
        twice["uploadPartsInput"]![1]!["partNumber"] = 1;
        Assert.Contains("each once. 1 is not", await server.RefusalAsync(FilesDocument, new JsonObject { ["artifactFiles"] = new JsonArray(twice), ["storageLayout"] = "V2" }), StringComparison.Ordinal);
    }

    private async Task<JsonNode> FilesAsync(string artifact, string text, List<byte[]> pieces) =>
        (await server.DoAsync(FilesDocument, new JsonObject { ["artifactFiles"] = new JsonArray(Spec(artifact, text, pieces)), ["storageLayout"] = "V2" }))["createArtifactFiles"]!["files"]!["edges"]![0]!["node"]!;

    private static JsonObject Spec(string artifact, string text, List<byte[]> pieces) => new()
    {
        ["artifactID"] = artifact,
        ["name"] = "deep/big file.bin",
        ["md5"] = ArtifactClient.Md5(text),
        ["uploadPartsInput"] = new JsonArray([.. pieces.Select((piece, i) => (JsonNode)new JsonObject { ["partNumber"] = i + 1, ["hexMD5"] = Md5(piece) })]),
    };

    private async Task<JsonNode> PutAsync(JsonNode part, byte[] piece)
    {
        using var content = new ByteArrayContent(piece);
        content.Headers.ContentMD5 = Convert.FromHexString(Md5(piece));
        using var answer = await http.PutAsync((string)part["uploadUrl"]!, content);
        Assert.Equal(200, (int)answer.StatusCode);
        return new JsonObject { ["partNumber"] = (long)part["partNumber"]!, ["hexMD5"] = answer.Headers.ETag!.Tag };
    }

    private Task<JsonNode> CompleteAsync(string artifact, JsonNode file, IEnumerable<JsonNode> parts, string action = "Complete") =>
        server.DoAsync(CompleteDocument, Variables(artifact, file, parts, action));

    private Task<string> RefusedAsync(string artifact, JsonNode file, IEnumerable<JsonNode> parts) =>
        server.RefusalAsync(CompleteDocument, Variables(artifact, file, parts, "Complete"));

    private static JsonObject Variables(string artifact, JsonNode file, IEnumerable<JsonNode> parts, string action) => new()
    {
        ["completeMultipartAction"] = action,
        ["completedParts"] = new JsonArray([.. parts.Select(part => part.DeepClone())]),
        ["artifactID"] = artifact,
        ["storagePath"] = (string)file["storagePath"]!,
        ["uploadID"] = (string)file["uploadMultipartUrls"]!["uploadID"]!,
    };

#pragma warning disable CA5351 // The protocol names parts by MD5.
    private static string Md5(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));
}
