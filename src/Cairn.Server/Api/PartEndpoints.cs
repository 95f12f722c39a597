using System.Globalization;
using Cairn.Core;
using Cairn.Core.Uploads;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Cairn.Server.Api;

/// <summary>Where every door's clients put the parts of large contents. The address carries its own authority.</summary>
internal static class PartEndpoints
{
    private const int Md5Bytes = 16;

    public static async Task Put(HttpContext http)
    {
        var (upload, part) = (Bind.Route(http, "upload"), Bind.Route(http, "part"));
        http.RequestServices.GetRequiredService<UploadLinks>().Check(Bind.Route(http, "until"), Bind.Route(http, "mark"), upload, part);
        http.AllowAnySize();
        var uploads = http.RequestServices.GetRequiredService<PartedUploads>();
        var kept = await uploads.ReceiveAsync(
            upload,
            long.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture),
            http.Request.Body,
            AnnouncedMd5(http.Request),
            http.Request.ContentLength,
            http.RequestAborted);

        // What clients name the part by when they complete the upload.
        http.Response.Headers.ETag = $"\"{kept.Md5}\"";
    }

    private static string? AnnouncedMd5(HttpRequest request)
    {
        if (request.Headers.ContentMD5 is not [{ Length: > 0 } text])
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[Md5Bytes + 8];
        return Convert.TryFromBase64String(text, bytes, out var length) && length == Md5Bytes
            ? Convert.ToHexStringLower(bytes[..Md5Bytes])
            : throw CairnException.Invalid("Content-MD5", "The header 'Content-MD5' must be an MD5 in base64: 24 characters.");
    }
}
