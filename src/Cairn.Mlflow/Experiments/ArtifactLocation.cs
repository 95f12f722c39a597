using Cairn.Core;

namespace Cairn.Mlflow.Experiments;

/// <summary>
/// What may be said of the place where clients put the files of an experiment's runs. The server itself never opens it.
/// </summary>
internal static class ArtifactLocation
{
    private const string Field = "artifact_location";
    private const int Longest = 2048;

    /// <summary>The place to keep, or null for the server's own store.</summary>
    public static string? Read(string? location)
    {
        if (string.IsNullOrEmpty(location))
        {
            return null;
        }

        CheckForm(location);
        var absolute = IsLocal(location, out var path) && !Path.IsPathRooted(path)
            ? location[..^path.Length] + Path.Combine(Environment.CurrentDirectory, path)
            : location;
        return absolute.Length <= Longest
            ? absolute
            : throw CairnException.Invalid(Field, $"Invalid artifact path length. The length of the artifact path cannot be greater than {Longest} characters.");
    }

    private static void CheckForm(string location)
    {
        var query = location.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? location : location[..query];
        if (location.Contains('#', StringComparison.Ordinal) || HasParams(path))
        {
            throw CairnException.Invalid(Field, "'artifact_location' URL can't include fragments or params.");
        }

        if (query >= 0 && GoesUp(location[(query + 1)..]))
        {
            throw CairnException.Invalid(Field, "Invalid query string");
        }

        if (location.StartsWith("runs:", StringComparison.Ordinal))
        {
            throw CairnException.Invalid(Field, $"Artifact location cannot be a runs:/ URI. Given: '{location}'");
        }

        if (location.AsSpan().ContainsAnyInRange('\0', '\u001f') || !UnicodeText.IsWellFormed(location))
        {
            throw CairnException.Invalid(Field, "'artifact_location' contains a control character or half of a surrogate pair.");
        }
    }

    // RFC 1738: ";" starts the parameters of the last part of a URL's path.
    private static bool HasParams(string path) =>
        path.Contains(':', StringComparison.Ordinal) && path.AsSpan(path.LastIndexOf('/') + 1).Contains(';');

    private static bool GoesUp(string query)
    {
        for (var round = 0; round < 10; round++)
        {
            if (query.Contains("..", StringComparison.Ordinal))
            {
                return true;
            }

            var decoded = Uri.UnescapeDataString(query);
            if (decoded == query)
            {
                return false;
            }

            query = decoded;
        }

        return true;
    }

    // A plain path, or file: without a host. MLflow reads both from the folder in which its server was started.
    private static bool IsLocal(string location, out string path)
    {
        var colon = location.IndexOf(':', StringComparison.Ordinal);
        path = colon < 0 ? location
            : location.StartsWith("file:", StringComparison.Ordinal) && !location.StartsWith("file://", StringComparison.Ordinal) ? location[5..]
            : "";
        return path.Length > 0;
    }
}
