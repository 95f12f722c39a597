using System.Text.Json;
using Cairn.Core.Blobs;

namespace Cairn.Core.Archives;

/// <summary>
/// Takes things out of the store, and puts them into it, whole: with the ids, numbers and times they have. A port of its
/// own because the rules of the other ports, which give ids and times themselves, must not apply. A thing is a JSON
/// object; what is in it is in docs/archive.md. The same thing makes the same bytes.
/// </summary>
public interface IArchiveStore
{
    /// <summary>Things after that one, in an order that stays; what is in the bin is left out.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="after">What <see cref="ArchivePage.Next"/> said, or null for the first.</param>
    /// <param name="limit">Things at most.</param>
    Task<ArchivePage> ReadAsync(ArchiveKind kind, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>The contents that a thing needs, and its files by which it names them.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field.</exception>
    IReadOnlyList<ArchivedContent> ContentsOf(ArchiveKind kind, JsonElement thing);

    /// <summary>
    /// Puts a thing in, in one transaction. One that is there stays as it is, but for versions and aliases of an artifact
    /// that it lacks.
    /// </summary>
    /// <param name="kind">Which.</param>
    /// <param name="thing">As <see cref="ReadAsync"/> gives it.</param>
    /// <param name="experiments">Numbers of experiments here by those in the archive; one that is not named is the same.</param>
    /// <returns>False where everything was there.</returns>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field.</exception>
    Task<bool> PutAsync(ArchiveKind kind, JsonElement thing, IReadOnlyDictionary<string, string> experiments, CancellationToken cancellationToken);
}

/// <summary>Some things, each as a JSON object.</summary>
/// <param name="Things">UTF-8.</param>
/// <param name="Contents">Every content they need, each once.</param>
/// <param name="Next">Where to go on; null at the end.</param>
public sealed record ArchivePage(IReadOnlyList<ReadOnlyMemory<byte>> Things, IReadOnlyList<Digest> Contents, string? Next);

/// <summary>A content that a thing needs.</summary>
/// <param name="Field">Where the thing names it.</param>
/// <param name="Digest">The content.</param>
/// <param name="Size">Its bytes as the thing has them; null where it does not say.</param>
public readonly record struct ArchivedContent(string Field, Digest Digest, long? Size);
