namespace Cairn.Migration.Mlflow;

/// <summary>Where the files are that MLflow's artifact addresses mean, as far as they are on this machine.</summary>
/// <param name="home">The folder that relative addresses start from.</param>
/// <param name="proxied">The folder behind <c>mlflow-artifacts:</c>; null for <c>mlartifacts</c> in <paramref name="home"/>.</param>
internal sealed class ArtifactPlaces(string home, string? proxied)
{
    private const string Proxy = "mlflow-artifacts:/";

    /// <summary>The location of an experiment that stays as it is, since its files are elsewhere (such as <c>s3:</c>); null where they come along.</summary>
    public string? KeptLocation(string location) => location.Length == 0 || Folder(location) is not null ? null : location;

    /// <summary>Files under an address, by their paths in it; none where it is not on this machine.</summary>
    public IReadOnlyList<(string Path, string LocalFile)> ListFiles(string address)
    {
        if (address.Length == 0 || Folder(address) is not { } folder || !Directory.Exists(folder))
        {
            return [];
        }

        // Links are not followed: an import brings in what is in the folder, not what it points at.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return
        [
            .. Directory.EnumerateFiles(folder, "*", options)
                .Select(file => (Path: Path.GetRelativePath(folder, file).Replace('\\', '/'), LocalFile: file))
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
    }

    private string? Folder(string address)
    {
        if (address.StartsWith(Proxy, StringComparison.Ordinal))
        {
            var path = address[Proxy.Length..];
            if (path.StartsWith('/'))
            {
                var slash = path.IndexOf('/', 1);
                path = slash < 0 ? "" : path[(slash + 1)..];
            }

            // Whoever wrote the store could otherwise have any folder of this machine brought into the server.
            var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(proxied ?? Path.Combine(home, "mlartifacts")));
            var folder = Path.GetFullPath(Path.Combine(root, path.Trim('/')));
            return folder == root || folder.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? folder : null;
        }

        if (Uri.TryCreate(address, UriKind.Absolute, out var uri) && !address.StartsWith('/'))
        {
            return uri.IsFile ? uri.LocalPath : null;
        }

        return Path.GetFullPath(address, home);
    }
}
