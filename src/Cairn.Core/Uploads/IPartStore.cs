namespace Cairn.Core.Uploads;

/// <summary>
/// Keeps the parts of contents that are still arriving, across restarts. A port of its own because a part is no blob: it
/// goes by its place in an upload, is replaced when it is sent again, and is nothing that could be mentioned or fetched.
/// Safe for any number of callers at once.
/// </summary>
public interface IPartStore
{
    /// <summary>Begins an upload; one with this id keeps what it has. Durable on return.</summary>
    Task<PartedUpload> BeginAsync(PartedUpload upload, CancellationToken cancellationToken);

    /// <summary>Null where it was never begun, was given up or removed. Any text may be asked for.</summary>
    ValueTask<PartedUpload?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Keeps a part with constant memory, replacing the one with that number; whole or as before. Durable on return.</summary>
    /// <param name="id">Of an upload that is there.</param>
    /// <param name="number">From 1.</param>
    /// <param name="content">Read to its end.</param>
    /// <param name="expectedMd5">Hexadecimal; other content is refused (<see cref="ErrorCode.InvalidArgument"/>). Null = any.</param>
    /// <param name="expectedLength">Likewise.</param>
    /// <param name="cancellationToken">Nothing is kept then.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> where the upload is gone; <see cref="ErrorCode.StorageFull"/>.</exception>
    Task<UploadedPart> WriteAsync(string id, int number, Stream content, string? expectedMd5, long? expectedLength, CancellationToken cancellationToken);

    /// <summary>The parts that are there, by number.</summary>
    ValueTask<IReadOnlyList<UploadedPart>> ListAsync(string id, CancellationToken cancellationToken);

    /// <summary>These parts one after the other. The caller disposes the stream; reading fails with <see cref="ErrorCode.Conflict"/> where a part was replaced.</summary>
    Stream OpenRead(string id, IReadOnlyList<UploadedPart> parts);

    /// <summary>Remembers that the content was taken, and forgets the bytes.</summary>
    Task FinishAsync(string id, CancellationToken cancellationToken);

    /// <summary>Forgets an upload, if it is there.</summary>
    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Forgets what nobody has touched since then.</summary>
    Task<RemovedUploads> CollectAsync(DateTimeOffset untouchedSince, bool dryRun, CancellationToken cancellationToken);
}
