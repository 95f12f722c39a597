using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cairn.Mlflow.Artifacts;

/// <summary>
/// The path as the client wrote it. The server's own view of it has its ".." resolved and its "%2F" kept, so it can tell
/// neither an attack nor a name exactly.
/// </summary>
internal static class RawPath
{
    /// <summary>The part of the address after <paramref name="route"/>, percent-decoded once, without the query.</summary>
    public static string After(HttpContext context, string route)
    {
        var path = Path(context);
        var at = path.IndexOf(route, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? "" : Uri.UnescapeDataString(path[(at + route.Length)..]);
    }

    /// <summary>True where the address climbs up, in whatever writing.</summary>
    public static bool GoesUp(HttpContext context) =>
        Uri.UnescapeDataString(Path(context)).Split('/', '\\').Contains("..");

    private static string Path(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target[..query];
    }
}
