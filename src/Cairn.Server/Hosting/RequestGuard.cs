using System.Net;
using System.Security.Cryptography;
using Cairn.Core;
using Cairn.Core.Accounts;
using Cairn.Core.Security;
using Cairn.Core.Uploads;
using Cairn.Server.Api;
using Cairn.Wandb;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Hosting;

/// <summary>
/// Who may ask, and who asks. A server without users and without a key serves this machine only, and only under a name of
/// this machine: a page of another site that points its own name here (DNS rebinding) or posts a form here is refused.
/// With a key, everything but <c>/health</c> needs it. With users, everything needs the credentials of one of them, or the
/// key; the files of the web pages, which are the same for everybody and hold nothing, are given to show the login.
/// </summary>
internal sealed class RequestGuard(CairnServerOptions options, string folderKey, LaunchTokens tokens, AccountBook book, Authenticator users, Func<HttpRequest, bool> isPage)
{
    /// <summary>Deliveries to webhooks are signed with the webhook's own secret.</summary>
    private const string SignedHooks = "/api/v1/hooks/";

    private readonly byte[]? key = string.IsNullOrEmpty(options.ApiKey) ? null : Secrets.Digest(options.ApiKey);
    private readonly byte[] folderKey = Secrets.Digest(folderKey);

    public Task CheckAsync(HttpContext http, RequestDelegate next)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        if (key is null && !book.HasUsers && !IsLocalName(http.Request.Host.Host))
        {
            throw new CairnException(ErrorCode.Forbidden, "This server answers under the names of its own machine only (localhost, 127.0.0.1).");
        }

        if (http.Request.Headers.Origin is [{ Length: > 0 } origin] && !IsSameOrigin(origin, http.Request))
        {
            throw new CairnException(ErrorCode.Forbidden, "Requests from pages of other sites are refused.");
        }

        var credential = Credential.Of(http.Request);
        var caller = credential is { } sent ? ByKey(sent.Secret, http) : BySession(http);
        return caller is null && credential is { Name.Length: > 0, Secret.Length: > 0 } login && book.HasUsers
            ? LogInAsync(http, login, next)
            : GoOn(http, caller, next);
    }

    private async Task LogInAsync(HttpContext http, Credential login, RequestDelegate next)
    {
        var user = await users.ByPasswordAsync(login.Name!, login.Secret, Address(http), http.RequestAborted);
        await GoOn(http, user is null ? null : Caller.Of(user, proof: CallerProof.Password), next);
    }

    private Task GoOn(HttpContext http, Caller? caller, RequestDelegate next)
    {
        if (caller is null && (key is not null || book.HasUsers) && !IsOpen(http.Request))
        {
            // The browser's own dialog would come over the login page; without users there is no such page.
            http.Response.Headers.WWWAuthenticate = book.HasUsers ? "Bearer realm=\"Cairn\"" : "Basic realm=\"Cairn\", charset=\"UTF-8\"";
            throw new CairnException(
                ErrorCode.Unauthenticated,
                book.HasUsers
                    ? "You are not authenticated. This server wants to know who asks, and nothing was sent that shows it, or it is not valid any more. Log in, or send a key: set CAIRN_API_KEY (MLFLOW_TRACKING_TOKEN, WANDB_API_KEY)."
                    : "You are not authenticated. An API key is needed. Set CAIRN_API_KEY (or log in with any name and the key as password).");
        }

        // Addresses that carry their own authority are answered as the operator: they are good for one thing only.
        Caller.Current = caller ?? Caller.Operator;
        return next(http);
    }

    /// <summary>Where a request is from, for counting wrong passwords.</summary>
    public static string Address(HttpContext http) => http.Connection.RemoteIpAddress?.ToString() ?? "";

    private Caller? ByKey(string secret, HttpContext http)
    {
        var digest = Secrets.Digest(secret);
        if (CryptographicOperations.FixedTimeEquals(digest, folderKey) || (key is not null && CryptographicOperations.FixedTimeEquals(digest, key)))
        {
            return Caller.Operator;
        }

        if (book.HasUsers && users.ByKey(digest) is { } user)
        {
            return Caller.Of(user, proof: CallerProof.Key);
        }

        if (tokens.Read(secret) is not { } grant)
        {
            return null;
        }

        var launcher = grant.User is { } id ? book.Find(id) : null;
        if (grant.User is not null && launcher is not { IsActive: true })
        {
            return null;
        }

        http.Features.Set(new LaunchedBy(grant.Run));
        return launcher is null ? Caller.Operator with { LaunchedBy = grant.Run } : Caller.Of(launcher, grant.Run, CallerProof.Key);
    }

    /// <summary>
    /// Whose browser it is. Browsers send cookies by themselves, so a request that changes something must show that a page
    /// of this server made it: the page's origin, and a kind of body that no form can send.
    /// </summary>
    private Caller? BySession(HttpContext http)
    {
        if (!book.HasUsers || SessionCookie.Read(http.Request) is not { } token || users.BySession(token) is not { } found)
        {
            return null;
        }

        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method))
        {
            if (request.Headers.Origin.Count == 0)
            {
                throw new CairnException(ErrorCode.Forbidden, "A browser's request that changes something must say which page it is from (Origin). Programs send a key instead of a cookie.");
            }

            if ((request.ContentLength is > 0 || request.Headers.TransferEncoding.Count > 0) && !request.HasJsonContentType())
            {
                throw new CairnException(ErrorCode.Forbidden, "A browser's request that changes something must be JSON (Content-Type: application/json): forms of other pages cannot send that.");
            }
        }

        http.Features.Set(new StandingSession(() => users.BySession(token) is not null));
        return Caller.Of(found.User, proof: CallerProof.Session);
    }

    private static bool IsLocalName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What needs no key: the sign of life, addresses that carry their own authority, and the question what a page may do
    /// with files. With users also the login, and what shows it.
    /// </summary>
    private bool IsOpen(HttpRequest request) =>
        request.Path == "/health"
        || (HttpMethods.IsPost(request.Method) && request.Path.Value!.StartsWith(SignedHooks, StringComparison.Ordinal))
        || request.Path.Value!.StartsWith(WandbDoor.SignedPrefix, StringComparison.Ordinal)
        || request.Path.Value.StartsWith(UploadLinks.Prefix, StringComparison.Ordinal)
        || (HttpMethods.IsOptions(request.Method) && request.Path.Value.StartsWith(WandbDoor.FilesPrefix, StringComparison.Ordinal))
        || (book.HasUsers && ((HttpMethods.IsPost(request.Method) && request.Path == SessionEndpoints.Path) || request.Path == WandbDoor.KeyPage || IsPage(request)));

    private bool IsPage(HttpRequest request) => (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && isPage(request);
}
