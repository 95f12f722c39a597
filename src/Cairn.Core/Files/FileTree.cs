using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Core.Files;

/// <summary>
/// Mutable trees of files: those of runs, and those the MLflow artifact proxy keeps outside of runs. Content is kept as
/// blobs, so the same file in a hundred runs is stored once, and names never become paths on the server's disk.
/// </summary>
public sealed class FileTree(IFileStore files, IBlobStore blobs, IRunStore runs, RunFeed feed, TimeProvider clock)
{
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
        var run = await OwningRunAsync(owner, cancellationToken);
        if (run is { Lifecycle: Lifecycle.Deleted })
        {
            throw new CairnException(ErrorCode.FailedPrecondition, $"The run {run.Id} must be in the 'active' state. Current state is deleted.");
        }

        var blob = await blobs.WriteAsync(content, expected, length, cancellationToken);
        var file = new StoredFile(normal, blob.Digest, blob.Length, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await files.PutAsync(owner, file, cancellationToken);
        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Files));
        }

        return file;
    }

    /// <summary>The file and its bytes; the caller disposes the stream.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public async Task<(StoredFile File, Stream Content)> OpenAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        var normal = RelativePath.Normalize(path);
        var file = await files.FindAsync(owner, normal, cancellationToken)
            ?? throw CairnException.NotFound($"There is no file '{normal}'.");
        var content = await blobs.OpenReadAsync(file.Digest, cancellationToken)
            ?? throw new CairnException(ErrorCode.Internal, $"The content of '{normal}' is missing from the store. Run 'cairn doctor'.");
        return (file, content);
    }

    /// <summary>All files at or under a folder ("" = everything), ordered by path.</summary>
    public Task<IReadOnlyList<StoredFile>> ListAsync(FileOwner owner, string folder, CancellationToken cancellationToken) =>
        files.ListAsync(owner, folder.Length == 0 ? "" : RelativePath.Normalize(folder), cancellationToken);

    /// <summary>Removes a file or all files under a folder.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> where there was nothing.</exception>
    public async Task DeleteAsync(FileOwner owner, string path, CancellationToken cancellationToken)
    {
        var normal = RelativePath.Normalize(path);
        var run = await OwningRunAsync(owner, cancellationToken);
        if (await files.DeleteAsync(owner, normal, cancellationToken) == 0)
        {
            throw CairnException.NotFound($"There is no file '{normal}'.");
        }

        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Files));
        }
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
}
