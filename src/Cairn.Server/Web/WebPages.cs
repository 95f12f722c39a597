using System.Reflection;
using System.Security.Cryptography;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Web;

/// <summary>
/// The web pages, compiled into the binary: files under <c>/assets/</c> are named by their content and kept for ever by
/// browsers, every address that is no file is the application's page, which routes by itself. That page is for who asks
/// for HTML, as browsers do: a program that fetches an address that is none must not keep a page for what it wanted.
/// </summary>
internal static class WebPages
{
    /// <summary>Whatever no other route takes.</summary>
    public const string Route = "/{**path}";

    private const string Prefix = "ui/";
    private const string Page = "index.html";

    private const string Policy =
        "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

    public static void MapWebPages(this RouteTable table)
    {
        var files = typeof(WebPages).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[Prefix.Length..].Replace('\\', '/'), StringComparer.OrdinalIgnoreCase);
        table.Map(null, Route, http => ServeAsync(http, files));
    }

    private static async Task ServeAsync(HttpContext http, Dictionary<string, string> files)
    {
        var path = http.Request.Path.Value!.TrimStart('/');
        var isFile = files.ContainsKey(path) && path.Length > 0;
        var isPage = path.Length == 0 || http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            throw Core.CairnException.NotFound($"There is no {http.Request.Method} {http.Request.Path}.");
        }

        if (!isFile && (!isPage || path.StartsWith("assets/", StringComparison.Ordinal) || path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("ajax-api/", StringComparison.Ordinal)))
        {
            throw Core.CairnException.NotFound($"There is no {http.Request.Path}.");
        }

        var name = isFile ? path : Page;
        if (!files.ContainsKey(name))
        {
            await http.Response.WriteAsync("This build of Cairn has no web pages. Its API is at /api/v1.", http.RequestAborted);
            return;
        }

        await SendAsync(http, files, name);
    }

    private static async Task SendAsync(HttpContext http, Dictionary<string, string> files, string name)
    {
        var (resource, encoding) = Choose(http, files, name);
        await using var content = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.Vary = "Accept-Encoding";
        headers.CacheControl = name.StartsWith("assets/", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";
        var tag = $"\"{Convert.ToHexStringLower((await SHA256.HashDataAsync(content, http.RequestAborted)).AsSpan(0, 12))}\"";
        content.Position = 0;
        headers.ETag = tag;
        if (http.Request.Headers.IfNoneMatch == tag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        if (encoding is not null)
        {
            headers.ContentEncoding = encoding;
        }

        http.Response.ContentType = TypeOf(name);
        http.Response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
    }

    private static (string Resource, string? Encoding) Choose(HttpContext http, Dictionary<string, string> files, string name)
    {
        var accepted = http.Request.Headers.AcceptEncoding.ToString();
        return accepted.Contains("br", StringComparison.Ordinal) && files.TryGetValue($"{name}.br", out var brotli) ? (brotli, "br")
            : accepted.Contains("gzip", StringComparison.Ordinal) && files.TryGetValue($"{name}.gz", out var gzip) ? (gzip, "gzip")
            : (files[name], null);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".txt" => "text/plain; charset=utf-8",
        ".json" or ".webmanifest" => "application/json",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
}
