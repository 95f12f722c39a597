using System.Text.Json;
using Cairn.Core.Blobs;

namespace Cairn.Core.Archives;

/// <summary>Things out of the house and into it, whole. Contents come before what needs them.</summary>
public sealed class Archive(IArchiveStore store, IBlobStore blobs)
{
    /// <summary>Things in a page at most.</summary>
    public const int LongestPage = 500;

    public Task<ArchivePage> ReadAsync(ArchiveKind kind, string? after, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync(kind, after, Math.Clamp(limit, 1, LongestPage), cancellationToken);

    /// <summary>Puts a thing in; false where everything of it was there.</summary>
    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.InvalidArgument"/> naming the field; <see cref="ErrorCode.FailedPrecondition"/> for a content that is not here yet.
    /// </exception>
    public async Task<bool> PutAsync(ArchiveKind kind, JsonElement thing, IReadOnlyDictionary<string, string> experiments, CancellationToken cancellationToken)
    {
        foreach (var content in store.ContentsOf(kind, thing))
        {
            var length = await blobs.FindAsync(content.Digest, cancellationToken)
                ?? throw new CairnException(ErrorCode.FailedPrecondition, $"The content {content.Digest} of '{content.Field}' is not here yet. Send it to /api/v1/blobs first.", content.Field);
            if (content.Size is { } size && size != length)
            {
                throw CairnException.Invalid(content.Field, $"'{content.Field}' is said to have {size} bytes; its content has {length}.");
            }
        }

        return await store.PutAsync(kind, thing, experiments, cancellationToken);
    }
}
