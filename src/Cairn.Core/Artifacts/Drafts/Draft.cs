using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts.Drafts;

/// <summary>
/// A version that is uploaded in several requests: begun, given files and manifests, and at last committed. Nobody sees a
/// version of it before. After the commit it stays as the card on which the client's own id and digest are found.
/// </summary>
/// <param name="Id">Given by the store; the client's handle on the version, before and after the commit.</param>
/// <param name="Key">The artifact it becomes a version of.</param>
/// <param name="Type">Its type.</param>
/// <param name="WireDigest">The digest by which the client's protocol knows the content: hexadecimal MD5.</param>
/// <param name="Aliases">Aliases beside "latest".</param>
/// <param name="Labels">Plain tags of the version.</param>
/// <param name="Facts">What else the client said.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="VersionId">The version it became, or null while it is pending.</param>
public sealed record Draft(
    long Id,
    ArtifactKey Key,
    string Type,
    string WireDigest,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> Labels,
    DraftFacts Facts,
    long CreatedAt,
    long? VersionId)
{
    public bool IsPending => VersionId is null;
}

/// <summary>What a client says of a version besides its content.</summary>
/// <param name="Description">Text, or null.</param>
/// <param name="Metadata">A JSON object as text, or null.</param>
/// <param name="ClientId">Chosen by the client and unique: beginning again with it finds the draft again.</param>
/// <param name="SequenceClientId">The client's name for the collection, or null.</param>
/// <param name="DistributedId">Processes that write one version together share it.</param>
/// <param name="TtlSeconds">How long the version is kept, or null for always.</param>
/// <param name="Step">The run's step, or null.</param>
/// <param name="Author">Who, or null.</param>
/// <param name="RunId">The run that logs it, or null.</param>
public sealed record DraftFacts(
    string? Description = null,
    string? Metadata = null,
    string? ClientId = null,
    string? SequenceClientId = null,
    string? DistributedId = null,
    long? TtlSeconds = null,
    long? Step = null,
    string? Author = null,
    RunId? RunId = null);

/// <summary>What is needed to begin a draft.</summary>
public sealed record NewDraft(
    ArtifactKey Key,
    string Type,
    string WireDigest,
    IReadOnlyList<string> Aliases,
    IReadOnlyList<string> Labels,
    DraftFacts Facts);

/// <summary>How a manifest contributes to its version.</summary>
public enum ManifestKind
{
    /// <summary>It is the version.</summary>
    Full = 0,

    /// <summary>One of several that together are the version.</summary>
    Patch = 1,

    /// <summary>What is added to the version it is based on.</summary>
    Incremental = 2,
}

/// <summary>A manifest that a client has announced, and perhaps delivered.</summary>
/// <param name="Id">Given by the store.</param>
/// <param name="DraftId">Its draft.</param>
/// <param name="Kind">How it contributes.</param>
/// <param name="BaseId">The client's handle of the version it adds to, or null.</param>
/// <param name="Md5">What the content shall hash to, hexadecimal; null until the client knows.</param>
/// <param name="Content">The delivered content, or null.</param>
public sealed record DraftManifest(long Id, long DraftId, ManifestKind Kind, string? BaseId, string? Md5, Digest? Content);

/// <summary>A file that lies elsewhere and is only remembered: never opened by the server.</summary>
/// <param name="Path">Its name in the version.</param>
/// <param name="Uri">Where it lies, as the client wrote it.</param>
/// <param name="Digest">What the client knows of its content (an ETag, an MD5 …).</param>
/// <param name="Size">Bytes, or null where the client did not say.</param>
public sealed record Reference(string Path, string Uri, string Digest, long? Size);

/// <summary>The content of a draft, complete and checked.</summary>
/// <param name="Files">Ordered by path.</param>
/// <param name="References">Ordered by path.</param>
/// <param name="Digest">Digest over both.</param>
/// <param name="WireDigest">Digest by which the client's protocol knows the content.</param>
/// <param name="Manifest">The manifest as it shall be given back; null to let the server make one.</param>
public sealed record DraftContent(
    IReadOnlyList<ManifestEntry> Files,
    IReadOnlyList<Reference> References,
    Digest Digest,
    string WireDigest,
    Digest? Manifest);
