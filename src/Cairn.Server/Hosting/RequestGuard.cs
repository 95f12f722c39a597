using System.Net;
using System.Security.Cryptography;
using System.Text;
using Cairn.Core;
using Cairn.Core.Security;
using Cairn.Core.Uploads;
using Cairn.Wandb;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Hosting;

/// <summary>
/// Who may ask. With a key set, everything but <c>/health</c> needs it. Without one, only this machine is served, and
/// only under a name of this machine: a page of another site that points its own name here (DNS rebinding) or posts a
/// form here is refused.
/// </summary>
internal sealed class RequestGuard(CairnServerOptions options, LaunchTokens tokens)
{
    /// <summary>Deliveries to webhooks are signed with the webhook's own secret.</summary>
    private const string SignedHooks = "/api/v1/hooks/";

    private readonly byte[]? key = string.IsNullOrEmpty(options.ApiKey) ? null : SHA256.HashData(Encoding.UTF8.GetBytes(options.ApiKey));

    public Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        if (key is null && !IsLocalName(http.Request.Host.Host))
        {
            throw new CairnException(ErrorCode.Forbidden, "This server answers under the names of its own machine only (localhost, 127.0.0.1).");
        }

        if (http.Request.Headers.Origin is [{ Length: > 0 } origin] && !IsSameOrigin(origin, http.Request))
        {
            throw new CairnException(ErrorCode.Forbidden, "Requests from pages of other sites are refused.");
        }

        var launcher = Credential(http.Request) is { } credential ? tokens.Read(credential) : null;
        if (launcher is { } run)
        {
            http.Features.Set(new LaunchedBy(run));
        }

        if (key is not null && launcher is null && !IsOpen(http.Request) && !CarriesKey(http.Request))
        {
            headers.WWWAuthenticate = "Basic realm=\"Cairn\", charset=\"UTF-8\"";
            throw new CairnException(ErrorCode.Unauthenticated, "An API key is needed. Set CAIRN_API_KEY (or log in with any name and the key as password).");
        }

        return next(http);
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>What needs no key: the sign of life, addresses that carry their own authority, and the question what a page may do with files.</summary>
    private static bool IsOpen(HttpRequest request) =>
        request.Path == "/health"
        || (HttpMethods.IsPost(request.Method) && request.Path.Value!.StartsWith(SignedHooks, StringComparison.Ordinal))
        || request.Path.Value!.StartsWith(WandbDoor.SignedPrefix, StringComparison.Ordinal)
        || request.Path.Value.StartsWith(UploadLinks.Prefix, StringComparison.Ordinal)
        || (HttpMethods.IsOptions(request.Method) && request.Path.Value.StartsWith(WandbDoor.FilesPrefix, StringComparison.Ordinal));

    private bool CarriesKey(HttpRequest request) => Credential(request) is { } credential && IsKey(credential);

    /// <summary>The token or password a request carries; null where it has none.</summary>
    private static string? Credential(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header])
        {
            return null;
        }

        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? header[7..].Trim()
            : header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase) ? PasswordOf(header[6..])
            : null;
    }

    private static string PasswordOf(string basic)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(basic.Trim()));
            return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
        }
        catch (FormatException)
        {
            return "";
        }
    }

    // Hashes of equal length are compared in constant time: neither the key nor its length can be felt for.
    private bool IsKey(ReadOnlySpan<char> candidate) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(candidate.ToString())), key);
}
