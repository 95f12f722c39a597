using Cairn.Core.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cairn.Wandb.Files;

/// <summary>
/// Sends stored bytes so that a browser saves them and runs nothing of them: as an attachment of no particular type, in a
/// sandbox. Ranges are answered, since clients go on with downloads that broke off.
/// </summary>
internal static class SafeDownload
{
    public static async Task SendAsync(HttpContext http, Stream content, string path, Digest digest)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, no-cache";
        await Results.Stream(
            content,
            "application/octet-stream",
            path[(path.LastIndexOf('/') + 1)..],
            entityTag: new EntityTagHeaderValue($"\"{digest}\""),
            enableRangeProcessing: true).ExecuteAsync(http);
    }
}
