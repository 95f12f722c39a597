using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cairn.Core;
using Cairn.Core.Blobs;
using Cairn.Core.Files;
using Cairn.Storage.Blobs;

namespace Cairn.Storage.Files;

/// <summary>
/// Plain files below one folder. A file is written aside, flushed and renamed. No link is followed, neither to read nor to
/// write nor to delete: whoever may put one here could otherwise make the server show or break what lies elsewhere.
/// </summary>
public sealed class PlainFolder : IPlainFolder
{
    private const string Unfinished = ".cairn-unfinished";
    private const int BufferLength = 256 * 1024;
    private const int MostDigests = 100_000;

    // Digests of files as they were when they were hashed: others may change them.
    private readonly ConcurrentDictionary<(string Path, long Size, DateTime ChangedAt), Digest> digests = new();
    private readonly string root;

    /// <param name="root">Full path; made where it is missing.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.Unavailable"/> where it cannot be made.</exception>
    public PlainFolder(string root)
    {
        this.root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        try
        {
            Directory.CreateDirectory(this.root);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CairnException(ErrorCode.Unavailable, $"The folder for artifacts {this.root} cannot be made or opened: {fault.Message}", inner: fault);
        }
    }

    public async Task<StoredFile> WriteAsync(string path, Stream content, Digest? expected, long? expectedLength, CancellationToken cancellationToken)
    {
        RefuseUnfinished(path);
        var draft = Path.Combine(root, Unfinished, Guid.NewGuid().ToString("N"));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(draft)!);
            var (digest, length) = await WriteDraftAsync(draft, content, cancellationToken);
            BlobCheck.Check(new Blob(digest, length), expected, expectedLength);
            var full = Prepare(path);
            File.Move(draft, full, overwrite: true);
            Disk.FlushFolder(Path.GetDirectoryName(full)!);
            var written = new FileInfo(full);
            Remember(path, written, digest);
            return Describe(path, written, digest);
        }
        catch (IOException fault) when (BlobCheck.IsFull(fault))
        {
            throw new CairnException(ErrorCode.StorageFull, $"The disk of {root} is full: nothing was kept. Free some space and try again.", inner: fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CairnException.Invalid("path", $"'{path}' cannot be stored: {fault.Message.Replace(root, "", StringComparison.Ordinal)}");
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public async Task<(StoredFile File, Stream Content)?> OpenAsync(string path, CancellationToken cancellationToken)
    {
        if (Resolve(path) is not FileInfo file)
        {
            return null;
        }

        FileStream content;
        try
        {
            content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            var digest = await DigestAsync(path, file, content, cancellationToken);
            content.Position = 0;
            return (Describe(path, file, digest) with { Size = content.Length }, content);
        }
        catch
        {
            await content.DisposeAsync();
            throw;
        }
    }

    public async Task<IReadOnlyList<StoredFile>> ListAsync(string path, CancellationToken cancellationToken)
    {
        var found = new List<StoredFile>();
        await AddAsync(found, path, Resolve(path), cancellationToken);
        found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
        return found;
    }

    public IReadOnlyList<FolderEntry> ListFolder(string folder) =>
        Resolve(folder) is DirectoryInfo there
            ? [.. Children(there).Select(child => new FolderEntry(child.Name, (child as FileInfo)?.Length)).OrderBy(entry => entry.Name, StringComparer.Ordinal)]
            : [];

    public int Delete(string path)
    {
        RefuseUnfinished(path);
        switch (Resolve(path))
        {
            case FileInfo file:
                file.Delete();
                return 1;
            case DirectoryInfo folder:
                var count = Count(folder);

                // Links in it are removed, not followed.
                folder.Delete(recursive: true);
                return Math.Max(count, 1);
            default:
                return 0;
        }
    }

    public (int Files, long Bytes) Measure(string path) => Measure(Resolve(path));

    public void RemoveEmpty(string folder)
    {
        for (var path = folder; path.Length > 0; path = path[..Math.Max(path.LastIndexOf('/'), 0)])
        {
            // Links count too: they are somebody's.
            if (Resolve(path) is not DirectoryInfo there || there.EnumerateFileSystemInfos().Any())
            {
                return;
            }

            try
            {
                there.Delete();
            }
            catch (IOException)
            {
                // Something arrived meanwhile.
                return;
            }
        }
    }

    private (int Files, long Bytes) Measure(FileSystemInfo? info)
    {
        switch (info)
        {
            case FileInfo file:
                return (1, file.Length);
            case DirectoryInfo folder:
                var (files, bytes) = (0, 0L);
                foreach (var child in Children(folder))
                {
                    var below = Measure(child);
                    (files, bytes) = (files + below.Files, bytes + below.Bytes);
                }

                return (files, bytes);
            default:
                return default;
        }
    }

    private static async Task<(Digest Digest, long Length)> WriteDraftAsync(string draft, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var buffer = new byte[BufferLength];
        long length = 0;
        int count;
        while ((count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            file.Write(buffer, 0, count);
            length += count;
        }

        file.Flush(flushToDisk: true);
        return (Digest.FromHash(hash.GetHashAndReset()), length);
    }

    /// <summary>What is at the path, or null: also where a part of the path is a link.</summary>
    private FileSystemInfo? Resolve(string path)
    {
        var at = root;
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            var info = new DirectoryInfo(at);
            if (part is "." or ".." or Unfinished || IsLink(info))
            {
                return null;
            }
        }

        return Directory.Exists(at) ? new DirectoryInfo(at)
            : File.Exists(at) ? new FileInfo(at)
            : null;
    }

    /// <summary>The full path for a new file, with its folders made.</summary>
    private string Prepare(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var at = root;
        for (var i = 0; i < parts.Length; i++)
        {
            at = Path.Combine(at, parts[i]);
            if (parts[i] is "." or ".." || IsLink(new FileInfo(at)))
            {
                throw CairnException.Invalid("path", $"'{path}' cannot be stored: '{parts[i]}' is a link, and links are not followed.");
            }

            if (i + 1 < parts.Length)
            {
                if (File.Exists(at))
                {
                    throw CairnException.Invalid("path", $"'{path}' cannot be stored: '{string.Join('/', parts[..(i + 1)])}' is a file.");
                }

                Directory.CreateDirectory(at);
            }
            else if (Directory.Exists(at))
            {
                throw CairnException.Invalid("path", $"'{path}' cannot be stored: it is a folder.");
            }
        }

        return at;
    }

    private async Task AddAsync(List<StoredFile> found, string path, FileSystemInfo? info, CancellationToken cancellationToken)
    {
        switch (info)
        {
            case FileInfo file when await DigestOfAsync(path, file, cancellationToken) is { } digest:
                found.Add(Describe(path, file, digest));
                break;
            case DirectoryInfo folder:
                foreach (var child in Children(folder))
                {
                    await AddAsync(found, path.Length == 0 ? child.Name : $"{path}/{child.Name}", child, cancellationToken);
                }

                break;
        }
    }

    private IEnumerable<FileSystemInfo> Children(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos().Where(child => !IsLink(child) && !(child.Name == Unfinished && folder.FullName == root))];
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
    }

    private int Count(DirectoryInfo folder) => Children(folder).Sum(child => child is DirectoryInfo below ? Count(below) : 1);

    private async Task<Digest?> DigestOfAsync(string path, FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            if (digests.TryGetValue((path, file.Length, file.LastWriteTimeUtc), out var known))
            {
                return known;
            }

            await using var content = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            return await DigestAsync(path, file, content, cancellationToken);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // Removed since it was seen, or not for the server to read.
            return null;
        }
    }

    private async Task<Digest> DigestAsync(string path, FileInfo file, FileStream content, CancellationToken cancellationToken)
    {
        if (digests.TryGetValue((path, file.Length, file.LastWriteTimeUtc), out var known))
        {
            return known;
        }

        var digest = Digest.FromHash(await SHA256.HashDataAsync(content, cancellationToken));
        Remember(path, file, digest);
        return digest;
    }

    private void Remember(string path, FileInfo file, Digest digest)
    {
        if (digests.Count >= MostDigests)
        {
            digests.Clear();
        }

        digests[(path, file.Length, file.LastWriteTimeUtc)] = digest;
    }

    private static StoredFile Describe(string path, FileInfo file, Digest digest) =>
        new(path, digest, file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());

    private static bool IsLink(FileSystemInfo info) => info.LinkTarget is not null;

    private static void RefuseUnfinished(string path)
    {
        if (path.Split('/').Contains(Unfinished))
        {
            throw CairnException.Invalid("path", $"'{Unfinished}' is where the server keeps files that are still arriving. Use another name.");
        }
    }
}
