using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Files;
using Cairn.Storage.Files;

namespace Cairn.Server;

/// <summary>What the options say of the places of artifacts: the root that experiments get, and the plain folders behind it.</summary>
internal sealed record ArtifactFolders(string? Root, SharedFolders Shared)
{
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> for a destination that is no folder of this machine; <see cref="ErrorCode.Unavailable"/> for one that cannot be made.</exception>
    public static ArtifactFolders Open(CairnServerOptions options)
    {
        var destination = string.IsNullOrEmpty(options.ArtifactsDestination) ? null : LocalFolder(options.ArtifactsDestination);
        var root = string.IsNullOrEmpty(options.DefaultArtifactRoot) ? null : Absolute(options.DefaultArtifactRoot);
        var rootPath = root is null ? null : ArtifactPlace.LocalPath(root);
        return new ArtifactFolders(
            root,
            new SharedFolders(
                destination is null ? null : new PlainFolder(destination),
                rootPath is null ? null : new PlainFolder(rootPath),
                rootPath is null ? null : Path.GetFullPath(rootPath)));
    }

    private static string LocalFolder(string destination) =>
        ArtifactPlace.LocalPath(Absolute(destination))
        ?? throw new CairnException(
            ErrorCode.InvalidArgument,
            $"--artifacts-destination '{destination}' is not a folder of this machine. Name one, such as /srv/artifacts; object stores are not supported here.");

    // A path without a scheme is read from the folder the server is started in, as a shell would.
    private static string Absolute(string place) =>
        place.Contains("://", StringComparison.Ordinal) || place.StartsWith("file:/", StringComparison.Ordinal) || place.StartsWith(ArtifactPlace.ServerScheme, StringComparison.Ordinal)
            ? place
            : Path.GetFullPath(place.StartsWith("file:", StringComparison.Ordinal) ? place[5..] : place);
}
