using Cairn.Core.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cairn.Server.Api;

/// <summary>
/// Sends stored bytes to whoever asked, a browser perhaps: with a type from a short list of harmless ones, never sniffed,
/// and in a sandbox where nothing in it runs.
/// </summary>
internal static class Downloads
{
    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".webp"] = "image/webp",
        [".svg"] = "image/svg+xml",
        [".csv"] = "text/csv; charset=utf-8",
        [".tsv"] = "text/plain; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
        [".log"] = "text/plain; charset=utf-8",
        [".md"] = "text/plain; charset=utf-8",
        [".yaml"] = "text/plain; charset=utf-8",
        [".yml"] = "text/plain; charset=utf-8",
        [".json"] = "application/json",
        [".pdf"] = "application/pdf",
    };

    public static async Task SendAsync(HttpContext http, Stream content, string path, Digest digest)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";
        headers.CacheControl = "private, no-cache";
        var inline = new ContentDispositionHeaderValue("inline");
        inline.SetHttpFileName(name);
        headers.ContentDisposition = inline.ToString();
        await Results.Stream(
            content,
            Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"),
            entityTag: new EntityTagHeaderValue($"\"{digest}\""),
            enableRangeProcessing: true).ExecuteAsync(http);
    }
}
