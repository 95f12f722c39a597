using Cairn.Core.Access;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;

namespace Cairn.Core.Files;

/// <summary>
/// Mutable trees of files: those of runs, and those the MLflow artifact proxy keeps outside of runs. Content is kept as
/// blobs, so the same file in a hundred runs is stored once, and names never become paths on the server's disk; unless the
/// operator gave the server a folder for plain files.
/// </summary>
public sealed class FileTree(IFileStore files, IBlobStore blobs, IRunStore runs, RunFeed feed, TimeProvider clock, SharedFolders? shared = null, AccessGuard? access = null)
{
    private readonly SharedFolders shared = shared ?? SharedFolders.None;

    /// <summary>True where files that are sent through the server lie in a plain folder.</summary>
    public bool IsPlain => shared.Server is not null;

    /// <summary>Whose tree a place such as an artifact URI is in, and where in it; null where the server has no such place.</summary>
    public (FileOwner Owner, string Path)? Locate(string place) => shared.Locate(place);

    /// <summary>Stores the content under the path, replacing what was there. Durable on return.</summary>
    /// <param name="owner">Whose tree. An owner that is a run must exist and be active.</param>
    /// <param name="path">Relative path; unsafe ones are refused.</param>
    /// <param name="content">The bytes, read to their end.</param>
    /// <param name="expected">Refuse other content than this, where given.</param>
    /// <param name="length">Refuse another length than this, where given.</param>
    public async Task<StoredFile> PutAsync(
        FileOwner owner,
        string path,
        Stream content,
        Digest? expected,
        long? length,
        CancellationToken cancellationToken)
    {
        var normal = RelativePath.Normalize(path);
        var run = await CheckWritableAsync(owner, cancellationToken);

        // Before the bytes are taken, and once more by the store that notes the file: they may take long to arrive.
        await DemandAsync(owner, normal, Permission.Edit, cancellationToken);
        var file = await PlainAsync(owner, run, cancellationToken) is { } plain
            ? plain.Outside(await plain.Folder.WriteAsync(plain.Inside(normal), content, expected, length, cancellationToken))
            : await StoreAsync(owner, normal, content, expected, length, cancellationToken);
        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Files));
        }

        return file;
    }

    /// <summary>Refuses an owner whose tree cannot be written to: a run that is not there, or is deleted. Answers the run, where it is one.</summary>
    public async Task<Run?> CheckWritableAsync(FileOwner owner, CancellationToken cancellationToken)
    {
        var run = await OwningRunAsync(owner, cancellationToken);
        if (run is not null)
        {
            await DemandAsync(owner, "", Permission.Edit, cancellationToken);
        }

        return run is not { Lifecycle: Lifecycle.Deleted }
            ? run
            : throw new CairnException(ErrorCode.FailedPrecondition, $"The run {run.Id} must be in the 'active' state. Current state is deleted.");
    }

    /// <summary>Refuses who may not write there, before anything is taken.</summary>
    public ValueTask DemandEditAsync(FileOwner owner, string path, CancellationToken cancellationToken) => DemandAsync(owner, path, Permission.Edit, cancellationToken);

    /// <summary>The file and its bytes; the caller disposes the stream.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public async Task<(StoredFile File, Stream Content)> OpenAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        var normal = RelativePath.Normalize(path);
        await DemandAsync(owner, normal, Permission.Read, cancellationToken);
        if (await PlainAsync(owner, cancellationToken) is { } plain)
        {
            return await plain.Folder.OpenAsync(plain.Inside(normal), cancellationToken) is { } found
                ? (plain.Outside(found.File), found.Content)
                : throw CairnException.NotFound($"There is no file '{normal}'.");
        }

        var file = await files.FindAsync(owner, normal, cancellationToken)
            ?? throw CairnException.NotFound($"There is no file '{normal}'.");
        var content = await blobs.OpenReadAsync(file.Digest, cancellationToken)
            ?? throw new CairnException(ErrorCode.Internal, $"The content of '{normal}' is missing from the store. Run 'cairn doctor'.");
        return (file, content);
    }

    /// <summary>All files at or under a folder ("" = everything), ordered by path.</summary>
    public async Task<IReadOnlyList<StoredFile>> ListAsync(FileOwner owner, string folder, CancellationToken cancellationToken)
    {
        var normal = RelativePath.NormalizeFolder(folder);
        await DemandFolderAsync(owner, normal, cancellationToken);
        return await PlainAsync(owner, cancellationToken) is { } plain
            ? await OnlyReadableAsync(owner, [.. (await plain.Folder.ListAsync(plain.Inside(normal), cancellationToken)).Select(plain.Outside)], file => file.Path, cancellationToken)
            : await files.ListAsync(owner, normal, cancellationToken);
    }

    /// <summary>What lies directly in a folder ("" = the whole tree), ordered by name. A file is no folder: nothing lies in it.</summary>
    public async Task<IReadOnlyList<FolderEntry>> ListFolderAsync(FileOwner owner, string folder, CancellationToken cancellationToken)
    {
        var normal = RelativePath.NormalizeFolder(folder);
        await DemandFolderAsync(owner, normal, cancellationToken);
        return await PlainAsync(owner, cancellationToken) is { } plain
            ? await OnlyReadableAsync(owner, plain.Folder.ListFolder(plain.Inside(normal)), entry => normal.Length == 0 ? entry.Name : $"{normal}/{entry.Name}", cancellationToken)
            : FolderEntry.In(await files.ListAsync(owner, normal, cancellationToken), normal);
    }

    /// <summary>Removes a file or all files under a folder.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> where there was nothing.</exception>
    public async Task DeleteAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        var normal = RelativePath.Normalize(path);
        var run = await OwningRunAsync(owner, cancellationToken);
        await DemandAsync(owner, normal, Permission.Manage, cancellationToken);
        var gone = await PlainAsync(owner, run, cancellationToken) is { } plain
            ? plain.Folder.Delete(plain.Inside(normal))
            : await files.DeleteAsync(owner, normal, cancellationToken);
        if (gone == 0)
        {
            throw CairnException.NotFound($"There is no file '{normal}'.");
        }

        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Files));
        }
    }

    /// <summary>
    /// Removes what a run in the bin has in a plain folder; what it has in the store goes with it. A run that was restored
    /// keeps its files. Answers how many files there were, and their bytes.
    /// </summary>
    public async Task<(int Files, long Bytes)> PurgePlainAsync(RunId id, bool dryRun, CancellationToken cancellationToken)
    {
        if (shared.IsEmpty
            || (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault() is not { Lifecycle: Lifecycle.Deleted } run
            || await PlainAsync(FileOwner.Of(id), run, cancellationToken) is not { Path.Length: > 0 } plain)
        {
            return default;
        }

        var size = plain.Folder.Measure(plain.Path);
        if (!dryRun)
        {
            plain.Folder.Delete(plain.Path);
            plain.Folder.RemoveEmpty(plain.Path.Contains('/', StringComparison.Ordinal) ? plain.Path[..plain.Path.LastIndexOf('/')] : "");
        }

        return size;
    }

    /// <summary>
    /// Removes what was sent through the server into the place of an experiment that is gone, such as files of logged models.
    /// Clients choose such places, and may have chosen one that another experiment's files are in: then all of it stays.
    /// </summary>
    public async Task<(int Files, long Bytes)> PurgePlainAsync(Experiment gone, CancellationToken cancellationToken)
    {
        if (shared.Locate(ArtifactPlace.Of(gone)) is not ({ } owner, { Length: > 0 } path) || owner != FileOwner.Server || shared.Of(owner) is not { } folder)
        {
            return default;
        }

        foreach (var (other, _, _) in await runs.ListExperimentsAsync(LifecycleFilter.All, cancellationToken))
        {
            if (shared.Locate(ArtifactPlace.Of(other)) is ({ } place, { } theirs) && place == owner && (IsWithin(path, theirs) || IsWithin(theirs, path)))
            {
                return default;
            }
        }

        var size = folder.Measure(path);
        folder.Delete(path);
        return size;
    }

    private ValueTask DemandAsync(FileOwner owner, string path, Permission need, CancellationToken cancellationToken) =>
        access is null ? default : access.DemandAsync(owner, path, need, cancellationToken);

    // The whole of a shared tree may be listed: what may not be read is left out.
    private ValueTask DemandFolderAsync(FileOwner owner, string folder, CancellationToken cancellationToken) =>
        folder.Length == 0 && !RunId.TryParse(owner.Value, out _) ? default : DemandAsync(owner, folder, Permission.Read, cancellationToken);

    private ValueTask<IReadOnlyList<T>> OnlyReadableAsync<T>(FileOwner owner, IReadOnlyList<T> things, Func<T, string> pathOf, CancellationToken cancellationToken) =>
        access is null ? new(things) : access.OnlyReadableAsync(owner, things, pathOf, cancellationToken);

    private static bool IsWithin(string path, string folder) => $"{path}/".StartsWith(folder.Length == 0 ? "" : $"{folder}/", StringComparison.Ordinal);

    private async Task<StoredFile> StoreAsync(FileOwner owner, string path, Stream content, Digest? expected, long? length, CancellationToken cancellationToken)
    {
        var blob = await blobs.WriteAsync(content, expected, length, cancellationToken);
        var file = new StoredFile(path, blob.Digest, blob.Length, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await files.PutAsync(owner, file, cancellationToken);
        return file;
    }

    private async ValueTask<PlainTree?> PlainAsync(FileOwner owner, CancellationToken cancellationToken) =>
        shared.IsEmpty ? null
        : await PlainAsync(owner, RunId.TryParse(owner.Value, out var id) ? (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault() : null, cancellationToken);

    private async ValueTask<PlainTree?> PlainAsync(FileOwner owner, Run? run, CancellationToken cancellationToken)
    {
        if (shared.IsEmpty)
        {
            return null;
        }

        var path = "";
        if (run is not null)
        {
            if (await runs.FindExperimentAsync(run.ExperimentId, cancellationToken) is not { } experiment
                || shared.Locate(ArtifactPlace.Of(experiment, run.Id)) is not { } place)
            {
                return null;
            }

            (owner, path) = place;
        }

        return shared.Of(owner) is { } folder ? new PlainTree(folder, path) : null;
    }

    private async Task<Run?> OwningRunAsync(FileOwner owner, CancellationToken cancellationToken)
    {
        if (!RunId.TryParse(owner.Value, out var id))
        {
            return null;
        }

        return (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault()
            ?? throw CairnException.NotFound($"Run with id={id} not found");
    }

    /// <summary>A tree that is a part of a plain folder.</summary>
    private readonly record struct PlainTree(IPlainFolder Folder, string Path)
    {
        public string Inside(string path) => Path.Length == 0 ? path : path.Length == 0 ? Path : $"{Path}/{path}";

        public StoredFile Outside(StoredFile file) => Path.Length == 0 ? file : file with { Path = file.Path[(Path.Length + 1)..] };
    }
}
