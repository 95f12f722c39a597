using Cairn.Core.Blobs;

namespace Cairn.Core.Artifacts.Drafts;

/// <summary>
/// Remembers versions that are being uploaded, and which content has which MD5. A port of its own because a draft outlives
/// requests and restarts and is none of what <see cref="IArtifactStore"/> keeps. Every method that writes is one durable
/// transaction.
/// </summary>
public interface IDraftStore
{
    /// <summary>
    /// Begins a draft, or finds the one begun with the same client id, or the pending one with the same distributed id.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Conflict"/> where the artifact has another type.</exception>
    Task<Draft> BeginAsync(NewDraft draft, long at, CancellationToken cancellationToken);

    Task<Draft?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>The draft, committed or not, that a client began with an id of its own.</summary>
    Task<Draft?> FindByClientAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>Announces a manifest, or says anew what an announced one shall hash to. A draft has one full manifest, and any number of others.</summary>
    Task<DraftManifest> PutManifestAsync(DraftManifest manifest, long at, CancellationToken cancellationToken);

    Task<DraftManifest?> FindManifestAsync(long id, CancellationToken cancellationToken);

    /// <summary>In order of their announcement.</summary>
    Task<IReadOnlyList<DraftManifest>> ListManifestsAsync(long draftId, CancellationToken cancellationToken);

    /// <summary>Records the delivered content of a manifest.</summary>
    Task DeliverManifestAsync(long id, Digest content, long at, CancellationToken cancellationToken);

    /// <summary>Records content that the server has hashed itself, and, with a draft, under which of its paths it came.</summary>
    Task RememberAsync(IReadOnlyList<HashedBlob> blobs, long? draftId, string? path, long at, CancellationToken cancellationToken);

    /// <summary>Records that paths of a draft will hold contents that are here already: they are kept as if delivered.</summary>
    Task ReserveAsync(long draftId, IReadOnlyList<(string Path, HashedBlob Blob)> files, CancellationToken cancellationToken);

    /// <summary>Contents delivered for paths of a draft.</summary>
    Task<IReadOnlyDictionary<string, HashedBlob>> ListFilesAsync(long draftId, CancellationToken cancellationToken);

    /// <summary>Contents that the server has hashed itself, by MD5.</summary>
    Task<IReadOnlyDictionary<string, HashedBlob>> FindByMd5Async(IReadOnlyCollection<string> md5s, CancellationToken cancellationToken);

    /// <summary>Known MD5s of contents.</summary>
    Task<IReadOnlyDictionary<Digest, HashedBlob>> FindMd5sAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the draft a version, or finds the version with the same content; moves aliases, sets labels, records the
    /// run's output. A draft that is committed already stays as it is.
    /// </summary>
    Task<CommittedVersion> CommitAsync(Draft draft, DraftContent content, long at, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the draft another upload of a version that there is: aliases, labels and the run's output are as if it had
    /// been committed with the same content.
    /// </summary>
    Task AdoptAsync(Draft draft, long versionId, long at, CancellationToken cancellationToken);

    /// <summary>Forgets pending drafts last touched before <paramref name="before"/>; answers how many.</summary>
    Task<int> ForgetAsync(long before, CancellationToken cancellationToken);
}

/// <summary>Content with its MD5 (32 lower-case hexadecimal digits), both computed by this server.</summary>
public readonly record struct HashedBlob(Digest Digest, string Md5, long Size);
