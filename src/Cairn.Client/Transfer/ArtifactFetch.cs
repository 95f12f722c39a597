using Cairn.Client.Http;
using Cairn.Client.Wire;

namespace Cairn.Client.Transfer;

/// <summary>Brings files of one version to this machine: finds what is there already, downloads the rest in parallel.</summary>
internal sealed class ArtifactFetch(CairnClient client, VersionInfo version, IProgress<TransferProgress>? progress)
{
    private readonly ArtifactCache _cache = new(client.Options.CacheFolder);

    /// <summary>The folder of the cache that holds the version, once <see cref="IntoCacheAsync"/> is through.</summary>
    public string CacheFolder => _cache.VersionFolder(version.Digest);

    /// <summary>Makes sure that the entries lie in <see cref="CacheFolder"/>.</summary>
    public Task IntoCacheAsync(IReadOnlyCollection<ManifestEntry> entries, CancellationToken cancellation) =>
        BringAsync(entries, CacheFolder, ArtifactCache.Link, cancellation);

    /// <summary>Makes sure that the entries lie in a folder of the user, as files of the user's own.</summary>
    public Task IntoFolderAsync(IReadOnlyCollection<ManifestEntry> entries, string folder, CancellationToken cancellation) =>
        BringAsync(entries, folder, ArtifactCache.Copy, cancellation);

    private async Task BringAsync(
        IReadOnlyCollection<ManifestEntry> entries, string folder, Action<string, string> place, CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation };
        var absent = await AbsentAsync(entries, folder, parallel);
        if (absent.Count == 0)
        {
            return;
        }

        _cache.Prepare();
        var needed = absent.GroupBy(Content).ToList();
        var missing = new List<IGrouping<ContentDigest, ManifestEntry>>();
        foreach (var group in needed)
        {
            if (!await ArtifactCache.HoldsAsync(_cache.BlobFile(group.Key), group.Key, cancellation))
            {
                missing.Add(group);
            }
        }

        var meter = new ProgressMeter(
            progress, TransferPhase.Downloading, missing.Sum(m => m.Key.Length), missing.Count);
        await Parallel.ForEachAsync(missing, parallel, async (group, stop) =>
        {
            var download = new Download(client.Api, CairnClient.BlobPath(group.Key.Sha256), group.Key);
            await download.ToFileAsync(_cache.BlobFile(group.Key), meter.NewFile(), stop);
            ArtifactCache.Seal(_cache.BlobFile(group.Key));
        });
        foreach (var entry in absent)
        {
            cancellation.ThrowIfCancellationRequested();
            place(_cache.BlobFile(Content(entry)), RelativePath.Under(folder, entry.Path));
        }
    }

    private async Task<List<ManifestEntry>> AbsentAsync(
        IReadOnlyCollection<ManifestEntry> entries, string folder, ParallelOptions parallel)
    {
        var absent = new List<ManifestEntry>();
        var meter = new ProgressMeter(progress, TransferPhase.Hashing, entries.Sum(e => e.Size), entries.Count);
        await Parallel.ForEachAsync(entries, parallel, async (entry, stop) =>
        {
            var file = meter.NewFile();
            if (!await ArtifactCache.HoldsAsync(RelativePath.Under(folder, entry.Path), Content(entry), stop))
            {
                lock (absent)
                {
                    absent.Add(entry);
                }
            }

            file.Add(entry.Size);
            file.Done();
        });
        return absent;
    }

    private static ContentDigest Content(ManifestEntry entry) => new(entry.Digest, entry.Size);
}
