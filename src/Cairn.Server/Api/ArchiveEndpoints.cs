using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Archives;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Things beside experiments and runs, out and in, and files that belong to no run.</summary>
internal static class ArchiveEndpoints
{
    private const string DigestHeader = "X-Cairn-Sha256";
    private const int PageLength = 100;

    private static readonly Dictionary<string, string> SameNumbers = [];

    private static readonly Dictionary<string, ArchiveKind> Kinds = new(StringComparer.Ordinal)
    {
        ["logged-models"] = ArchiveKind.LoggedModels,
        ["artifacts"] = ArchiveKind.Artifacts,
        ["portfolios"] = ArchiveKind.Portfolios,
        ["gates"] = ArchiveKind.Gates,
        ["approvals"] = ArchiveKind.Approvals,
        ["decisions"] = ArchiveKind.Decisions,
        ["traces"] = ArchiveKind.Traces,
        ["evaluation-sets"] = ArchiveKind.EvaluationSets,
        ["scorers"] = ArchiveKind.Scorers,
        ["sweeps"] = ArchiveKind.Sweeps,
        ["views"] = ArchiveKind.Views,
    };

    public static async Task Export(HttpContext http)
    {
        var page = await Archive(http).ReadAsync(Kind(http), http.Request.Query["after"].FirstOrDefault(), PageLength, http.RequestAborted);
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteStartArray("things"u8);
        foreach (var thing in page.Things)
        {
            writer.WriteRawValue(thing.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("contents"u8);
        foreach (var content in page.Contents)
        {
            writer.WriteStringValue(content.Value);
        }

        writer.WriteEndArray();
        if (page.Next is { } next)
        {
            writer.WriteString("next"u8, next);
        }

        writer.WriteEndObject();
    }

    public static async Task Import(HttpContext http)
    {
        var kind = Kind(http);
        var request = await http.ReadJsonAsync<Wire.ImportThings>();
        var (added, archive) = (0, Archive(http));
        for (var i = 0; i < request.Things.Count; i++)
        {
            try
            {
                added += await archive.PutAsync(kind, request.Things[i], request.Experiments ?? SameNumbers, http.RequestAborted) ? 1 : 0;
            }
            catch (CairnException refusal) when (request.Things.Count > 1)
            {
                throw new CairnException(refusal.Code, $"things[{i}]: {refusal.Message}", $"things[{i}]", refusal);
            }
        }

        await http.WriteJsonAsync(new Wire.ImportedThings(added, request.Things.Count - added));
    }

    public static async Task ListFiles(HttpContext http) =>
        await http.WriteJsonAsync(new Wire.RunFileList([.. (await Tree(http).ListAsync(FileOwner.Server, "", http.RequestAborted)).Select(file => file.ToWire())]));

    public static async Task GetFile(HttpContext http)
    {
        var (file, content) = await Tree(http).OpenAsync(FileOwner.Server, Bind.Route(http, "path"), http.RequestAborted);
        await using (content)
        {
            await Downloads.SendAsync(http, content, file.Path, file.Digest);
        }
    }

    public static async Task PutFile(HttpContext http)
    {
        http.AllowAnySize();
        Digest? expected = http.Request.Headers.TryGetValue(DigestHeader, out var digest) ? Digest.Parse(digest, DigestHeader) : null;
        var file = await Tree(http).PutAsync(FileOwner.Server, Bind.Route(http, "path"), http.Request.Body, expected, http.Request.ContentLength, http.RequestAborted);
        await http.WriteJsonAsync(file.ToWire());
    }

    private static ArchiveKind Kind(HttpContext http) =>
        Kinds.TryGetValue(Bind.Route(http, "kind"), out var kind)
            ? kind
            : throw CairnException.NotFound($"There is no kind '{Bind.Route(http, "kind")}'. There are {string.Join(", ", Kinds.Keys)}.");

    private static Archive Archive(HttpContext http) => http.RequestServices.GetRequiredService<Archive>();

    private static FileTree Tree(HttpContext http) => http.RequestServices.GetRequiredService<FileTree>();
}
