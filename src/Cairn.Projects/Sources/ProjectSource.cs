using Cairn.Projects.Running;

namespace Cairn.Projects.Sources;

/// <summary>Code of a project, lying in a folder of this machine.</summary>
public sealed class ProjectSource : IDisposable
{
    private readonly string? _temporary;

    internal ProjectSource(string folder, string? origin, GitFacts? git, string? temporary)
    {
        Folder = folder;
        Origin = origin;
        Git = git;
        _temporary = temporary;
    }

    /// <summary>The project's folder.</summary>
    public string Folder { get; }

    /// <summary>Where it was fetched from, without credentials; null for a folder that is run in place.</summary>
    public string? Origin { get; }

    /// <summary>Facts of the fetch; null where the folder itself is to be asked.</summary>
    internal GitFacts? Git { get; }

    /// <summary>A folder of what was fetched, with where it was fetched from; null where it lies elsewhere, or was not fetched by git.</summary>
    internal ProjectSource? Part(string folder)
    {
        if (Git is null || _temporary is null || Path.GetRelativePath(_temporary, folder) is var inside && inside.StartsWith("..", StringComparison.Ordinal))
        {
            return null;
        }

        var name = inside == "." ? "" : inside.Replace('\\', '/');
        return new ProjectSource(folder, name.Length == 0 ? Git.Remote : $"{Git.Remote}#{name}", Git with { Folder = name }, null);
    }

    /// <summary>The folder that holds all that was fetched; null where nothing was.</summary>
    internal string? Root => _temporary;

    /// <summary>Removes what was fetched.</summary>
    public void Dispose()
    {
        if (_temporary is not null)
        {
            try
            {
                Directory.Delete(_temporary, recursive: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // A daemon of the project may still work there; a temporary folder is all that is left behind.
            }
        }
    }
}
