using Cairn.Core.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cairn.Server.Api;

/// <summary>
/// Sends stored bytes to whoever asked, a browser perhaps: with a type from a short list of harmless ones, never sniffed,
/// and in a sandbox where nothing in it runs. A page of HTML is shown as one only where that is asked for by
/// <c>?view=page</c>: it then stands in an origin of its own, without scripts, and can load nothing.
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
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
        headers.CacheControl = "private, no-cache";
        var inline = new ContentDispositionHeaderValue("inline");
        inline.SetHttpFileName(name);
        headers.ContentDisposition = inline.ToString();
        await Results.Stream(
            content,
            IsPage(http, name) ? "text/html; charset=utf-8" : Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream"),
            entityTag: new EntityTagHeaderValue($"\"{digest}\""),
            enableRangeProcessing: true).ExecuteAsync(http);
    }

    private static bool IsPage(HttpContext http, string name) =>
        http.Request.Query["view"] == "page" && Path.GetExtension(name).ToUpperInvariant() is (".HTML" or ".HTM");
}
