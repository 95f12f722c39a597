using System.Security.Cryptography;
using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Housekeeping;

namespace Cairn.Storage.Blobs;

/// <summary>
/// Blobs as files named by their digest, <c>ab/cdef…</c>. A file is written under a name of its own, flushed, and then
/// renamed: so a blob is whole or absent whatever happens, and two writers of one content do not meet.
/// </summary>
internal sealed class DiskBlobStore : IBlobStore
{
    private static readonly TimeSpan TouchAfter = TimeSpan.FromMinutes(1);

    private readonly Lock collecting = new();
    private readonly string root;
    private readonly string unfinished;

    public DiskBlobStore(string root)
    {
        this.root = root;
        unfinished = Path.Combine(root, "unfinished");

        // What a killed server left half-written was never acknowledged.
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
    }

    public ValueTask<long?> FindAsync(Digest digest, CancellationToken cancellationToken)
    {
        lock (collecting)
        {
            var file = new FileInfo(PathOf(digest));
            if (file.Exists && DateTime.UtcNow - file.LastWriteTimeUtc > TouchAfter)
            {
                // Whoever asks is about to mention it: it is not to be collected in between.
                file.LastWriteTimeUtc = DateTime.UtcNow;
            }

            return ValueTask.FromResult<long?>(file.Exists ? file.Length : null);
        }
    }

    public async Task<IReadOnlyDictionary<Digest, long>> FindAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken)
    {
        var found = new Dictionary<Digest, long>(digests.Count);
        foreach (var digest in digests)
        {
            if (await FindAsync(digest, cancellationToken) is { } length)
            {
                found[digest] = length;
            }
        }

        return found;
    }

    public async Task<Blob> WriteAsync(Stream content, Digest? expected, long? expectedLength, CancellationToken cancellationToken)
    {
        var draft = Path.Combine(unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            var (hash, length) = await DraftFile.WriteAsync(draft, content, HashAlgorithmName.SHA256, cancellationToken);
            var blob = new Blob(Digest.FromHash(hash), length);
            BlobCheck.Check(blob, expected, expectedLength);
            Keep(draft, blob.Digest);
            return blob;
        }
        catch (IOException fault) when (BlobCheck.IsFull(fault))
        {
            throw new CairnException(ErrorCode.StorageFull, $"The disk of {root} is full: nothing was kept. Free some space and try again.", inner: fault);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public ValueTask<Stream?> OpenReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        var path = PathOf(digest);
        return ValueTask.FromResult<Stream?>(
            File.Exists(path)
                ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan)
                : null);
    }

    public Task<RemovedBlobs> CollectAsync(IReadOnlySet<Digest> mentioned, DateTimeOffset unusedSince, bool dryRun, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var removed = new List<Digest>();
                long bytes = 0;
                foreach (var folder in Directory.EnumerateDirectories(root).Where(path => Path.GetFileName(path).Length == 2))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    foreach (var path in Directory.EnumerateFiles(folder))
                    {
                        if (Digest.TryParse(Path.GetFileName(folder) + Path.GetFileName(path), out var digest) && !mentioned.Contains(digest))
                        {
                            var length = Remove(path, unusedSince.UtcDateTime, dryRun);
                            bytes += length ?? 0;
                            if (length is not null)
                            {
                                removed.Add(digest);
                            }
                        }
                    }
                }

                return new RemovedBlobs(removed, bytes);
            },
            cancellationToken);

    private long? Remove(string path, DateTime unusedSince, bool dryRun)
    {
        lock (collecting)
        {
            var file = new FileInfo(path);
            if (!file.Exists || file.LastWriteTimeUtc > unusedSince)
            {
                return null;
            }

            var length = file.Length;
            if (!dryRun)
            {
                file.Delete();
            }

            return length;
        }
    }

    private void Keep(string draft, Digest digest)
    {
        var path = PathOf(digest);
        var folder = Path.GetDirectoryName(path)!;
        var isNewFolder = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        File.Move(draft, path, overwrite: true);
        Disk.FlushFolder(folder);
        if (isNewFolder)
        {
            Disk.FlushFolder(root);
        }
    }

    private string PathOf(Digest digest) => Path.Combine(root, digest.Value[..2], digest.Value[2..]);
}
