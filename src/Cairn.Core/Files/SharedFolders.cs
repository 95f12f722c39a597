using Cairn.Core.Experiments;

namespace Cairn.Core.Files;

/// <summary>
/// The plain folders that the operator gave the server beside its own store. Only these are ever looked into: a place that
/// a client names elsewhere on the server's disk means nothing to the server.
/// </summary>
/// <param name="Server">Where files that are sent through the server lie, instead of in the store. Null = in the store.</param>
/// <param name="Root">The folder in which clients that share the disk put files by themselves.</param>
/// <param name="RootPath">Full path of <paramref name="Root"/>.</param>
public sealed record SharedFolders(IPlainFolder? Server = null, IPlainFolder? Root = null, string? RootPath = null)
{
    public static SharedFolders None { get; } = new();

    public bool IsEmpty => Server is null && Root is null;

    /// <summary>Whose tree a place is in, and where in it; null where the server knows nothing of the place.</summary>
    public (FileOwner Owner, string Path)? Locate(string place)
    {
        if (ArtifactPlace.ServerPath(place) is { } path)
        {
            return (FileOwner.Server, path);
        }

        if (Root is null || ArtifactPlace.LocalPath(place) is not { } local)
        {
            return null;
        }

        var below = Path.GetRelativePath(RootPath!, Path.GetFullPath(local)).Replace(Path.DirectorySeparatorChar, '/');
        return below == "." ? (FileOwner.Root, "")
            : below == ".." || below.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(below) ? null
            : (FileOwner.Root, below);
    }

    /// <summary>The folder that holds the tree of an owner other than a run; null = the store.</summary>
    public IPlainFolder? Of(FileOwner owner) =>
        owner == FileOwner.Server ? Server
        : owner == FileOwner.Root ? Root
        : null;
}
