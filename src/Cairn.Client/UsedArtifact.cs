using Cairn.Client.Http;
using Cairn.Client.Transfer;
using Cairn.Client.Wire;

namespace Cairn.Client;

/// <summary>
/// One version of an artifact, to be read. Files are fetched when they are asked for, kept in the local cache
/// (<see cref="CairnClientOptions.CacheFolder"/>) and verified by their SHA-256 every time they are handed out.
/// </summary>
public sealed class UsedArtifact
{
    private readonly CairnClient _client;

    internal UsedArtifact(CairnClient client, VersionDetail detail)
    {
        _client = client;
        Info = detail.Version;
        Files = detail.Manifest;
    }

    /// <summary>Everything the server says about the version.</summary>
    public VersionInfo Info { get; }

    /// <summary>Name of the artifact.</summary>
    public string Name => Info.Name;

    /// <summary>"v0", "v1" …: what the alias that was asked for stood for.</summary>
    public string Version => Info.Version;

    /// <summary>The files of the version, ordered by path; at least one.</summary>
    public IReadOnlyList<ManifestEntry> Files { get; }

    /// <summary>
    /// The path of a file of the version on this machine, downloaded if it is not in the cache yet. It is a file of the
    /// cache: read it, do not change it.
    /// </summary>
    /// <param name="name">Path in the artifact; null where the artifact holds a single file.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="CairnClientException">
    /// There is no such file, or null was given and the artifact holds several; with the code "corrupt" where the server
    /// sent other bytes than the version has.
    /// </exception>
    /// <exception cref="IOException">The local disk does not take the file.</exception>
    public async Task<string> FileAsync(
        string? name = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        var entry = Find(name);
        var fetch = new ArtifactFetch(_client, Info, progress);
        await fetch.IntoCacheAsync([entry], cancellation);
        return RelativePath.Under(fetch.CacheFolder, entry.Path);
    }

    /// <summary>Fetches all files of the version and answers the folder that holds them, as an absolute path.</summary>
    /// <param name="folder">
    /// Where to put them: made if missing, files of the same paths are replaced one by one, others are left alone. Null
    /// means a folder of the cache: read it, do not change it.
    /// </param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Cancels the call; files that had been placed stay.</param>
    /// <exception cref="CairnClientException">With the code "corrupt" where the server sent other bytes than the version has.</exception>
    /// <exception cref="IOException">The local disk does not take the files.</exception>
    public async Task<string> DownloadAsync(
        string? folder = null, IProgress<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        var fetch = new ArtifactFetch(_client, Info, progress);
        if (folder is null)
        {
            await fetch.IntoCacheAsync(Files, cancellation);
            return fetch.CacheFolder;
        }

        var target = Path.GetFullPath(folder);
        await fetch.IntoFolderAsync(Files, target, cancellation);
        return target;
    }

    private ManifestEntry Find(string? name)
    {
        if (name is null)
        {
            return Files is [var single]
                ? single
                : throw CairnClientException.Invalid(
                    "name", $"{Name}:{Version} holds {Files.Count} files ({SomeFiles()}). Say which one.");
        }

        return Files.FirstOrDefault(file => string.Equals(file.Path, name, StringComparison.Ordinal))
            ?? throw new CairnClientException(
                null, "not_found", $"{Name}:{Version} holds no file \"{name}\". It holds {SomeFiles()}.", "name");
    }

    private string SomeFiles() =>
        string.Join(", ", Files.Take(5).Select(file => file.Path)) + (Files.Count > 5 ? " …" : "");
}
