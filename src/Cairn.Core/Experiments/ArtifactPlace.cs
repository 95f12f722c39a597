namespace Cairn.Core.Experiments;

/// <summary>
/// How experiments and runs name the place of their files. Clients choose such names and are told them, so the scheme that
/// means "with the server" is one of theirs.
/// </summary>
public static class ArtifactPlace
{
    /// <summary>Files that are sent through the server.</summary>
    public const string ServerScheme = "mlflow-artifacts:/";

    /// <summary>What the paths of versions' files begin with behind the server.</summary>
    public const string VersionFolder = "cairn/versions/";

    private const string ServerRoute = "/mlflow-artifacts/artifacts";

    /// <summary>Place of an experiment that has none of its own: in the server's store.</summary>
    public static string Of(Experiment experiment) => experiment.ArtifactLocation ?? $"{ServerScheme}{experiment.Id}";

    /// <summary>Place of a run's files.</summary>
    public static string Of(Experiment experiment, Runs.RunId run) => Append(Of(experiment), $"{run}/artifacts");

    /// <summary>A place below another one, which may carry a query behind its path.</summary>
    public static string Append(string place, string path)
    {
        var query = place.IndexOf('?', StringComparison.Ordinal);
        return query < 0
            ? $"{Trimmed(place)}/{path}"
            : $"{Trimmed(place[..query])}/{path}{place.AsSpan(query)}";
    }

    /// <summary>Place of a version's own files, behind the server.</summary>
    public static string OfVersion(Artifacts.ArtifactKey key, int index) => $"{ServerScheme}{VersionFolder}{key.ExperimentId}/{Uri.EscapeDataString(key.Name)}/v{index}";

    /// <summary>The path behind the server that a place means ("" = all); null where it means another store.</summary>
    public static string? ServerPath(string place)
    {
        if (place.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || place.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        {
            // The server's own address for such files. It has many names, so the host is not looked at.
            var route = place.IndexOf(ServerRoute, StringComparison.Ordinal);
            return route < 0 ? null : PathAfter(place, route + ServerRoute.Length);
        }

        if (!place.StartsWith(ServerScheme, StringComparison.Ordinal))
        {
            return null;
        }

        // mlflow-artifacts:/path or mlflow-artifacts://host:port/path: the host is this server.
        var path = place[ServerScheme.Length..];
        if (path.StartsWith('/'))
        {
            var slash = path.IndexOf('/', 1);
            path = slash < 0 ? "" : path[(slash + 1)..];
        }

        return path.Trim('/');
    }

    /// <summary>The path on this machine's disk that a place means, or null.</summary>
    public static string? LocalPath(string place) =>
        place.StartsWith("file:", StringComparison.Ordinal)
            ? Uri.TryCreate(place, UriKind.Absolute, out var uri) && uri.IsFile && !uri.IsUnc ? uri.LocalPath : null
            : Path.IsPathFullyQualified(place) ? place : null;

    private static string? PathAfter(string place, int at) =>
        at == place.Length || place[at] == '/' ? place[at..].Trim('/') : null;

    private static string Trimmed(string place) => place.TrimEnd('/');
}
