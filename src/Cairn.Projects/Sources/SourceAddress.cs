using Cairn.Projects.Running;

namespace Cairn.Projects.Sources;

/// <summary>Where a project's code is, as a person writes it: a folder, a git repository or a zip file, and a folder in it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Location">Path or address without the part after <c>#</c>.</param>
/// <param name="Subfolder">The part after <c>#</c>, checked to stay inside; null where there is none.</param>
public sealed record SourceAddress(SourceKind Kind, string Location, string? Subfolder)
{
    private static readonly string[] Schemes = ["https", "http", "ssh", "git", "file"];

    /// <summary>For people and records: without user names and passwords.</summary>
    public string Shown => GitFacts.WithoutCredentials(Location) + (Subfolder is null ? "" : $"#{Subfolder}");

    /// <summary>Reads an address. Whether the place exists is found out when it is fetched.</summary>
    /// <exception cref="ProjectException">It is of a kind that is not allowed, or its subfolder leads outside.</exception>
    public static SourceAddress Parse(string text)
    {
        if (Directory.Exists(text) || File.Exists(text))
        {
            return Local(text, null);
        }

        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var (place, sub) = hash < 0 ? (text, null) : (text[..hash], Inside(text[(hash + 1)..], text));
        if (place.StartsWith('-') || place.Contains("::", StringComparison.Ordinal))
        {
            throw new ProjectException(
                $"'{text}' is not a place that projects are fetched from. Give a folder, a zip file, or a git address (https://…, ssh://…, git@host:…, file:///…).");
        }

        var colon = place.IndexOf("://", StringComparison.Ordinal);
        if (colon < 0)
        {
            return IsScpLike(place) ? new SourceAddress(SourceKind.Git, place, sub) : Local(place, sub);
        }

        var scheme = place[..colon].ToLowerInvariant().Replace("git+", "", StringComparison.Ordinal);
        if (!Schemes.Contains(scheme))
        {
            throw new ProjectException($"'{text}': projects are not fetched by '{scheme}'. Possible are {string.Join(", ", Schemes)}, git@host:path, folders and zip files.");
        }

        var plain = place.StartsWith("git+", StringComparison.OrdinalIgnoreCase) ? place[4..] : place;
        if (scheme == "file")
        {
            return Local(new Uri(plain).LocalPath, sub, plain);
        }

        return scheme is "http" or "https" && new Uri(plain).AbsolutePath.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)
            ? new SourceAddress(SourceKind.Zip, plain, sub)
            : new SourceAddress(SourceKind.Git, plain, sub);
    }

    /// <summary>A file:// address of a repository is cloned, as MLflow does; the plain path of one is run in place.</summary>
    private static SourceAddress Local(string path, string? sub, string? address = null)
    {
        if (path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path))
        {
            return new SourceAddress(SourceKind.Zip, path, sub);
        }

        var isRepository = Path.Exists(Path.Combine(path, ".git"))
            || (File.Exists(Path.Combine(path, "HEAD")) && Directory.Exists(Path.Combine(path, "objects")));
        return address is not null && isRepository
            ? new SourceAddress(SourceKind.Git, address, sub)
            : new SourceAddress(SourceKind.Folder, path, sub);
    }

    /// <summary>git@host:path, and user-less host:path.</summary>
    private static bool IsScpLike(string place)
    {
        var colon = place.IndexOf(':', StringComparison.Ordinal);
        return colon > 1 && place.AsSpan(0, colon).IndexOfAny('/', ' ') < 0 && place.AsSpan(0, colon).Contains('@');
    }

    private static string? Inside(string sub, string text)
    {
        var parts = sub.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (sub.StartsWith('/') || parts.Any(part => part is ".." or "."))
        {
            throw new ProjectException($"'{text}': the folder after '#' must lie inside, without '..' and not beginning with '/'.");
        }

        return parts.Length == 0 ? null : string.Join('/', parts);
    }
}

/// <summary>What an address names.</summary>
public enum SourceKind
{
    /// <summary>A folder of this machine, run in place.</summary>
    Folder,

    /// <summary>A git repository, fetched by the user's own git.</summary>
    Git,

    /// <summary>A zip file of this machine or of the web.</summary>
    Zip,
}
