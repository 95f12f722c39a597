using System.Buffers;
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
    private const int BufferLength = 256 * 1024;

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

    public async Task<Blob> WriteAsync(Stream content, Digest? expected, long? expectedLength, CancellationToken cancellationToken)
    {
        var draft = Path.Combine(unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            var blob = await WriteDraftAsync(draft, content, cancellationToken);
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

    /// <summary>Reads the next buffer while the last one is hashed and written: the network, the hash and the disk overlap.</summary>
    private static async Task<Blob> WriteDraftAsync(string draft, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var reading = ArrayPool<byte>.Shared.Rent(BufferLength);
        var writing = ArrayPool<byte>.Shared.Rent(BufferLength);
        try
        {
            long length = 0;
            var storing = Task.CompletedTask;
            while (true)
            {
                var count = await FillAsync(content, reading, cancellationToken);
                await storing;
                if (count == 0)
                {
                    break;
                }

                length += count;
                (reading, writing) = (writing, reading);
                var full = writing;
                storing = Task.Run(
                    () =>
                    {
                        hash.AppendData(full, 0, count);
                        file.Write(full, 0, count);
                    },
                    CancellationToken.None);
            }

            file.Flush(flushToDisk: true);
            return new Blob(Digest.FromHash(hash.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(reading);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }

    private static async ValueTask<int> FillAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < BufferLength)
        {
            var count = await content.ReadAsync(buffer.AsMemory(filled, BufferLength - filled), cancellationToken);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }

        return filled;
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
