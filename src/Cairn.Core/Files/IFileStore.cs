using Cairn.Core.Blobs;

namespace Cairn.Core.Files;

/// <summary>
/// Remembers which content a path holds, for owners of mutable file trees: runs, and what the MLflow artifact proxy keeps
/// outside of runs. The bytes are blobs.
/// </summary>
public interface IFileStore
{
    /// <summary>Sets the content of a path, replacing what it held. Durable on return.</summary>
    Task PutAsync(FileOwner owner, StoredFile file, CancellationToken cancellationToken);

    Task<StoredFile?> FindAsync(FileOwner owner, string path, CancellationToken cancellationToken);

    /// <summary>Every file whose path is <paramref name="folder"/> or lies under it ("" = all), ordered by path.</summary>
    Task<IReadOnlyList<StoredFile>> ListAsync(FileOwner owner, string folder, CancellationToken cancellationToken);

    /// <summary>Every content that anything in the store mentions, but for the files of the runs in <paramref name="except"/>.</summary>
    Task<IReadOnlySet<Digest>> ListMentionedAsync(IReadOnlyCollection<Runs.RunId> except, CancellationToken cancellationToken);

    /// <summary>
    /// What everything takes by kind. Files are counted as often as they are mentioned; "contents" is what they take on the
    /// disk, where the same content is kept once.
    /// </summary>
    Task<IReadOnlyList<StorageUse>> MeasureAsync(CancellationToken cancellationToken);

    /// <summary>Forgets what else is known about contents that are gone.</summary>
    Task ForgetAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken);

    /// <summary>Removes a file, or all files under a folder; answers how many there were.</summary>
    Task<int> DeleteAsync(FileOwner owner, string path, CancellationToken cancellationToken);
}

/// <summary>Whose files: a run's id, or a word such as "mlflow" for a tree of its own.</summary>
public readonly record struct FileOwner(string Value)
{
    /// <summary>What is sent through the server and belongs to no run.</summary>
    public static FileOwner Server => new("mlflow");

    /// <summary>What clients that share the server's disk put there by themselves.</summary>
    public static FileOwner Root => new("root");

    public static FileOwner Of(Runs.RunId run) => new(run.Value);
}

/// <summary>A file of an owner.</summary>
/// <param name="Path">Normal relative path.</param>
/// <param name="Digest">Its content.</param>
/// <param name="Size">Bytes.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record StoredFile(string Path, Digest Digest, long Size, long UpdatedAt);
