using Cairn.Core.Housekeeping;

namespace Cairn.Core.Blobs;

/// <summary>
/// Keeps bytes under their digest. A blob is there whole or not at all; when <see cref="WriteAsync"/> returns it is on
/// disk and stays until it is collected. Safe for any number of callers at once, also with the same content.
/// </summary>
public interface IBlobStore
{
    /// <summary>Length in bytes of the blob, or null where the store lacks it.</summary>
    ValueTask<long?> FindAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>Lengths in bytes of those that are here.</summary>
    Task<IReadOnlyDictionary<Digest, long>> FindAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken);

    /// <summary>
    /// Reads <paramref name="content"/> to its end with constant memory and keeps it.
    /// </summary>
    /// <param name="content">The bytes.</param>
    /// <param name="expected">Where given, other content is refused (<see cref="ErrorCode.InvalidArgument"/>) and nothing is kept.</param>
    /// <param name="expectedLength">Where given, shorter or longer content is refused likewise.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.StorageFull"/> where the disk is full.</exception>
    Task<Blob> WriteAsync(Stream content, Digest? expected, long? expectedLength, CancellationToken cancellationToken);

    /// <summary>A seekable stream over the blob, or null where the store lacks it. The caller disposes it.</summary>
    ValueTask<Stream?> OpenReadAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>
    /// Removes what is not in <paramref name="mentioned"/> and was neither written nor found (<see cref="FindAsync(Digest, CancellationToken)"/>)
    /// since <paramref name="unusedSince"/>: whoever is about to mention a content has just done one of these.
    /// </summary>
    Task<RemovedBlobs> CollectAsync(IReadOnlySet<Digest> mentioned, DateTimeOffset unusedSince, bool dryRun, CancellationToken cancellationToken);
}

/// <summary>Some kept bytes.</summary>
public readonly record struct Blob(Digest Digest, long Length);
