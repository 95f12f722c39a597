using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Cairn.Core;
using Cairn.Core.Uploads;
using Cairn.Storage.Blobs;

namespace Cairn.Storage.Uploads;

/// <summary>
/// A folder for each upload: <c>plan</c>, its parts as <c>NUMBER.MD5.LENGTH</c>, and at the end <c>finished</c> instead of
/// the parts. Every file is written aside, flushed and renamed, so what has a name is whole whatever happens; when the
/// folder was last changed is when the upload was last touched.
/// </summary>
internal sealed class DiskPartStore : IPartStore
{
    private const string Plan = "plan";
    private const string Finished = "finished";
    private const string DraftSuffix = ".draft";
    private const int IdLength = 32;

    // Replacing a part is two steps, and a folder is not to go between them.
    private readonly ConcurrentDictionary<string, Lock> gates = new(StringComparer.Ordinal);
    private readonly string root;

    public DiskPartStore(string root)
    {
        this.root = root;
        Directory.CreateDirectory(root);

        // What a killed server left half-written was never acknowledged.
        foreach (var draft in Directory.EnumerateFiles(root, "*" + DraftSuffix, SearchOption.AllDirectories))
        {
            File.Delete(draft);
        }
    }

    public async Task<PartedUpload> BeginAsync(PartedUpload upload, CancellationToken cancellationToken)
    {
        if (await FindAsync(upload.Id, cancellationToken) is { } known)
        {
            Directory.SetLastWriteTimeUtc(FolderOf(upload.Id), DateTime.UtcNow);
            return known;
        }

        var folder = FolderOf(upload.Id);
        var draft = Path.Combine(root, Guid.NewGuid().ToString("N") + DraftSuffix);
        try
        {
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(UploadPlan.Write(upload), cancellationToken);
                file.Flush(flushToDisk: true);
            }

            Directory.CreateDirectory(folder);
            File.Move(draft, Path.Combine(folder, Plan), overwrite: true);
            Disk.FlushFolder(folder);
            Disk.FlushFolder(root);
            return upload;
        }
        catch (IOException fault) when (BlobCheck.IsFull(fault))
        {
            throw Full(fault);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    public ValueTask<PartedUpload?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!IsId(id))
        {
            return ValueTask.FromResult<PartedUpload?>(null);
        }

        try
        {
            var folder = FolderOf(id);
            var plan = File.ReadAllBytes(Path.Combine(folder, Plan));
            return ValueTask.FromResult<PartedUpload?>(UploadPlan.Read(id, plan, File.Exists(Path.Combine(folder, Finished))));
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return ValueTask.FromResult<PartedUpload?>(null);
        }
    }

    public async Task<UploadedPart> WriteAsync(
        string id,
        int number,
        Stream content,
        string? expectedMd5,
        long? expectedLength,
        CancellationToken cancellationToken)
    {
        var folder = FolderOf(id);
        var draft = Path.Combine(folder, Guid.NewGuid().ToString("N") + DraftSuffix);
        try
        {
            var (hash, length) = await DraftFile.WriteAsync(draft, content, HashAlgorithmName.MD5, cancellationToken);
            var part = new UploadedPart(number, Convert.ToHexStringLower(hash), length);
            Check(part, expectedMd5, expectedLength);
            Keep(id, draft, part);
            return part;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Gone(id, fault);
        }
        catch (IOException fault) when (BlobCheck.IsFull(fault))
        {
            throw Full(fault);
        }
        finally
        {
            Remove(draft);
        }
    }

    public ValueTask<IReadOnlyList<UploadedPart>> ListAsync(string id, CancellationToken cancellationToken)
    {
        lock (GateOf(id))
        {
            // A server killed while it replaced a part leaves both: the later one is it.
            return ValueTask.FromResult<IReadOnlyList<UploadedPart>>(
                [.. Parts(FolderOf(id)).OrderBy(part => part.File.LastWriteTimeUtc).GroupBy(part => part.Part.Number).Select(same => same.Last().Part).OrderBy(part => part.Number)]);
        }
    }

    public Stream OpenRead(string id, IReadOnlyList<UploadedPart> parts) =>
        new JoinedStream([.. parts.Select(part => Path.Combine(FolderOf(id), NameOf(part)))]);

    public Task FinishAsync(string id, CancellationToken cancellationToken)
    {
        lock (GateOf(id))
        {
            var folder = FolderOf(id);
            using (var mark = new FileStream(Path.Combine(folder, Finished), FileMode.OpenOrCreate, FileAccess.Write))
            {
                mark.Flush(flushToDisk: true);
            }

            Disk.FlushFolder(folder);
            foreach (var (_, file) in Parts(folder))
            {
                file.Delete();
            }
        }

        return Task.CompletedTask;
    }

    public Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        lock (GateOf(id))
        {
            RemoveFolder(FolderOf(id));
        }

        gates.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public Task<RemovedUploads> CollectAsync(DateTimeOffset untouchedSince, bool dryRun, CancellationToken cancellationToken) =>
        Task.Run(
            () =>
            {
                var (count, bytes) = (0, 0L);
                foreach (var folder in Directory.EnumerateDirectories(root).Where(folder => IsId(Path.GetFileName(folder))))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var id = Path.GetFileName(folder);
                    lock (GateOf(id))
                    {
                        if (Directory.GetLastWriteTimeUtc(folder) > untouchedSince.UtcDateTime)
                        {
                            continue;
                        }

                        // One that is complete holds nothing, and nobody gave it up.
                        count += File.Exists(Path.Combine(folder, Finished)) ? 0 : 1;
                        bytes += Parts(folder).Sum(part => part.Part.Length);
                        if (!dryRun)
                        {
                            RemoveFolder(folder);
                        }
                    }

                    gates.TryRemove(id, out _);
                }

                return new RemovedUploads(count, bytes);
            },
            cancellationToken);

    private void Keep(string id, string draft, UploadedPart part)
    {
        lock (GateOf(id))
        {
            var folder = FolderOf(id);
            if (File.Exists(Path.Combine(folder, Finished)))
            {
                throw new CairnException(ErrorCode.FailedPrecondition, "This upload is complete: it takes no more parts.");
            }

            var name = NameOf(part);
            File.Move(draft, Path.Combine(folder, name), overwrite: true);
            Disk.FlushFolder(folder);
            foreach (var (_, file) in Parts(folder).Where(other => other.Part.Number == part.Number && other.File.Name != name))
            {
                file.Delete();
            }
        }
    }

    private static void Check(UploadedPart part, string? expectedMd5, long? expectedLength)
    {
        if (expectedLength is { } length && length != part.Length)
        {
            throw CairnException.Invalid("content", $"{part.Length} bytes of part {part.Number} arrived where {length} were announced: the upload was cut. Send it again.");
        }

        if (expectedMd5 is not null && expectedMd5 != part.Md5)
        {
            throw CairnException.Invalid("Content-MD5", $"Part {part.Number} has the MD5 {part.Md5}, not {expectedMd5}: it was changed or cut on its way. Send it again.");
        }
    }

    private static IEnumerable<(UploadedPart Part, FileInfo File)> Parts(string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var file in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (file.Name.Split('.') is [var number, { Length: 32 } md5, var length]
                && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                && long.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                yield return (new UploadedPart(n, md5, bytes), file);
            }
        }
    }

    private static void RemoveFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Gone already.
        }
        catch (IOException)
        {
            // A part arrived meanwhile: what is left is collected next time.
        }
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (DirectoryNotFoundException)
        {
            // The upload was given up meanwhile.
        }
    }

    private static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    private static string NameOf(UploadedPart part) => string.Create(CultureInfo.InvariantCulture, $"{part.Number:00000}.{part.Md5}.{part.Length}");

    private static CairnException Gone(string id, Exception inner) =>
        new(ErrorCode.NotFound, $"The upload '{id}' was given up. Begin a new one.", inner: inner);

    private CairnException Full(IOException fault) =>
        new(ErrorCode.StorageFull, $"The disk of {root} is full: nothing was kept. Free some space and try again.", inner: fault);

    private Lock GateOf(string id) => gates.GetOrAdd(id, _ => new Lock());

    private string FolderOf(string id) => IsId(id) ? Path.Combine(root, id) : throw CairnException.NotFound("There is no such upload.");
}
