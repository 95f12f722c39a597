using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Hosting;

/// <summary>
/// The cookie of a logged-in browser. Scripts cannot read it and other sites cannot make the browser send it. Its name
/// has the port in it, because browsers keep cookies by host alone: two servers on one machine would log each other out.
/// </summary>
internal static class SessionCookie
{
    public static string? Read(HttpRequest request) =>
        request.Headers.Cookie.Count > 0 && request.Cookies.TryGetValue(Name(request), out var token) && token.Length > 0 ? token : null;

    public static void Write(HttpContext http, string token, TimeSpan life) =>
        http.Response.Cookies.Append(Name(http.Request), token, Options(http.Request, life));

    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(Name(http.Request), Options(http.Request, null));

    private static string Name(HttpRequest request) =>
        FormattableString.Invariant($"cairn_session_{request.Host.Port ?? (request.IsHttps ? 443 : 80)}");

    private static CookieOptions Options(HttpRequest request, TimeSpan? life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        // Also where a trusted proxy in front ends TLS.
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = life,
        IsEssential = true,
    };
}
