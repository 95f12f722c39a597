using Cairn.Projects.Environments;

namespace Cairn.Projects.Sources;

/// <summary>Brings a project's code to this machine.</summary>
public static class SourceFetcher
{
    /// <summary>Fetches a project; a local folder is used in place unless a version is asked for.</summary>
    /// <param name="text">Folder, git address or zip file, with <c>#subfolder</c>.</param>
    /// <param name="version">Branch, tag or commit; null for the newest. Only git has versions.</param>
    /// <param name="storage">Where to put what is fetched; null for the system's temporary folder.</param>
    /// <param name="tell">Gets a line of progress now and then.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProjectException">It cannot be fetched; the message says why and what to do.</exception>
    public static async Task<ProjectSource> FetchAsync(
        string text, string? version, string? storage, Action<string> tell, CancellationToken cancellation)
    {
        var address = SourceAddress.Parse(text);
        if (version is not null)
        {
            GitSource.CheckVersion(version);
        }

        if (address.Kind == SourceKind.Folder && version is null)
        {
            return new ProjectSource(Within(Path.GetFullPath(address.Location), address, mustExist: false), null, null, null);
        }

        if (address.Kind == SourceKind.Folder)
        {
            address = await GitSource.RepositoryOfAsync(address, cancellation);
        }
        else if (address.Kind == SourceKind.Zip && version is not null)
        {
            throw new ProjectException($"'{address.Shown}' is a zip file, which has no versions: leave the version out, or give the git address.");
        }

        var folder = TemporaryFolder(storage);
        try
        {
            if (address.Kind == SourceKind.Zip)
            {
                var root = await ZipSource.ExtractAsync(address, folder, tell, cancellation);
                return new ProjectSource(Within(root, address, mustExist: true), address.Shown, null, folder);
            }

            var facts = await GitSource.CloneAsync(address, version, folder, tell, cancellation);
            return new ProjectSource(Within(folder, address, mustExist: true), address.Shown, facts, folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A new folder below the chosen one.</summary>
    internal static string TemporaryFolder(string? storage)
    {
        if (storage is null)
        {
            try
            {
                return Directory.CreateTempSubdirectory("cairn-project-").FullName;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw new ProjectException($"There is no place for what is to be fetched: in '{Path.GetTempPath()}' no folder can be made ({fault.Message.TrimEnd('.')}). Name another with --storage-dir, or with TMPDIR.");
            }
        }

        var folder = Path.Combine(Path.GetFullPath(storage), $"cairn-project-{Guid.NewGuid():N}");
        OwnFolder.Create(folder);
        return folder;
    }

    private static string Within(string root, SourceAddress address, bool mustExist)
    {
        if (address.Subfolder is null)
        {
            return root;
        }

        var folder = Path.Combine(root, address.Subfolder);
        return !mustExist || Directory.Exists(folder)
            ? folder
            : throw new ProjectException($"'{address.Location}' has no folder '{address.Subfolder}'.");
    }
}
