using System.Security.Cryptography;
using System.Text;
using Cairn.Core.Accounts;
using Cairn.Core.Blobs;
using Cairn.Core.Runs;

namespace Cairn.Core.Artifacts.Drafts;

/// <summary>
/// Versions that come in pieces: begin, deliver files and manifests in any order and as often as the network demands,
/// commit. The commit checks that every byte is there; until then nothing of it is seen, and what is never committed is
/// forgotten.
/// </summary>
public sealed class ArtifactDrafts(
    IDraftStore store,
    IBlobStore blobs,
    IRunStore runs,
    RunFeed feed,
    TimeProvider clock)
{
    /// <summary>How long a draft may lie untouched: clients try again for a week.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromDays(8);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Begins a draft; the same request again finds the same one.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/> naming the field, or what <see cref="IDraftStore.BeginAsync"/> throws.</exception>
    public async Task<Draft> BeginAsync(NewDraft draft, CancellationToken cancellationToken)
    {
        ArtifactNames.Check("name", draft.Key.Name);
        ArtifactNames.Check("type", draft.Type);
        foreach (var alias in draft.Aliases)
        {
            ArtifactNames.CheckAlias(alias);
        }

        foreach (var label in draft.Labels)
        {
            ArtifactNames.CheckLabel(label);
        }

        if (draft.Facts.RunId is { } run)
        {
            await FindActiveRunAsync(run, cancellationToken);
        }

        return await store.BeginAsync(draft, Now, cancellationToken);
    }

    public async Task<Draft> GetAsync(long id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken)
        ?? throw CairnException.NotFound($"There is no artifact version with the id {id}, or its upload was given up. Log it again.");

    /// <summary>Announces a manifest of a pending draft.</summary>
    public async Task<DraftManifest> AnnounceManifestAsync(DraftManifest manifest, CancellationToken cancellationToken)
    {
        await GetAsync(manifest.DraftId, cancellationToken);
        return await store.PutManifestAsync(manifest, Now, cancellationToken);
    }

    public async Task<DraftManifest> GetManifestAsync(long id, CancellationToken cancellationToken) =>
        await store.FindManifestAsync(id, cancellationToken)
        ?? throw CairnException.NotFound($"There is no artifact manifest with the id {id}.");

    /// <summary>Takes the bytes of one file of a pending draft.</summary>
    /// <param name="draftId">The draft.</param>
    /// <param name="path">The file's name in the version.</param>
    /// <param name="md5">What it must hash to, hexadecimal.</param>
    /// <param name="content">Read to its end, with constant memory.</param>
    /// <param name="length">Announced length, or null.</param>
    /// <param name="cancellationToken">Ends the upload; nothing is kept then.</param>
    public async Task<HashedBlob> ReceiveAsync(
        long draftId,
        string path,
        string md5,
        Stream content,
        long? length,
        CancellationToken cancellationToken)
    {
        await GetAsync(draftId, cancellationToken);
        var blob = await KeepAsync(content, md5, length, cancellationToken);
        await store.RememberAsync([blob], draftId, RelativePath.Normalize(path), Now, cancellationToken);
        return blob;
    }

    /// <summary>Takes the bytes of an announced manifest.</summary>
    public async Task ReceiveManifestAsync(long manifestId, Stream content, long? length, CancellationToken cancellationToken)
    {
        var manifest = await GetManifestAsync(manifestId, cancellationToken);
        var blob = await KeepAsync(content, manifest.Md5, length, cancellationToken);
        await store.DeliverManifestAsync(manifestId, blob.Digest, Now, cancellationToken);
    }

    /// <summary>
    /// Contents that need no upload, by MD5. Only contents whose bytes this server has hashed count: nobody can say of
    /// content that was never here that it has this MD5.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, HashedBlob>> FindKnownAsync(IReadOnlyCollection<string> md5s, CancellationToken cancellationToken)
    {
        var known = new Dictionary<string, HashedBlob>(StringComparer.Ordinal);
        foreach (var (md5, blob) in await store.FindByMd5Async(md5s, cancellationToken))
        {
            if (await blobs.FindAsync(blob.Digest, cancellationToken) == blob.Size)
            {
                known[md5] = blob;
            }
        }

        return known;
    }

    /// <summary>Keeps contents that a client was told not to upload, until its draft is committed or given up.</summary>
    public Task ReserveAsync(long draftId, IReadOnlyList<(string Path, HashedBlob Blob)> files, CancellationToken cancellationToken) =>
        files.Count == 0 ? Task.CompletedTask : store.ReserveAsync(draftId, files, cancellationToken);

    /// <summary>MD5s of contents, computed where they are not known yet, and then remembered.</summary>
    public async Task<IReadOnlyDictionary<Digest, HashedBlob>> HashAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken)
    {
        var known = new Dictionary<Digest, HashedBlob>(await store.FindMd5sAsync(digests, cancellationToken));
        var fresh = new List<HashedBlob>();
        foreach (var digest in digests.Where(digest => !known.ContainsKey(digest)).Distinct())
        {
            await using var content = await blobs.OpenReadAsync(digest, cancellationToken)
                ?? throw new CairnException(ErrorCode.Internal, $"The content {digest} is missing from the store. Run 'cairn doctor'.");
            using var reader = new Md5Reader(content, expected: null);
            await reader.CopyToAsync(Stream.Null, 256 * 1024, cancellationToken);
            fresh.Add(new HashedBlob(digest, reader.Result, content.Length));
        }

        if (fresh.Count > 0)
        {
            await store.RememberAsync(fresh, draftId: null, path: null, Now, cancellationToken);
        }

        foreach (var blob in fresh)
        {
            known[blob.Digest] = blob;
        }

        return known;
    }

    /// <summary>Commits a draft with these entries. Asked again, it answers the version that there is.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="entries">The client's entries: MD5s of stored content, and references.</param>
    /// <param name="wireDigest">The client's digest over them.</param>
    /// <param name="manifest">The manifest to give back as it is, or null to have one made.</param>
    /// <param name="cancellationToken">Not heeded once the commit has begun.</param>
    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.FailedPrecondition"/> naming the first file whose bytes are missing;
    /// <see cref="ErrorCode.InvalidArgument"/> for names and sizes that cannot be.
    /// </exception>
    public async Task<CommittedVersion> CommitAsync(
        Draft draft,
        IReadOnlyList<DraftEntry> entries,
        string wireDigest,
        Digest? manifest,
        CancellationToken cancellationToken)
    {
        var run = draft.Facts.RunId is { } id ? await FindActiveRunAsync(id, cancellationToken) : null;
        var (files, references) = await ResolveAsync(draft, CheckPaths(entries), cancellationToken);
        var committed = await store.CommitAsync(
            draft with { Facts = draft.Facts with { Author = Caller.Current.Sign(draft.Facts.Author ?? run?.Author) } },
            new DraftContent(files, references, DigestOf(files, references), wireDigest, manifest),
            Now,
            cancellationToken);
        Publish(run);
        return committed;
    }

    /// <summary>Makes a draft another upload of a version that holds its content already: nothing needs to be uploaded.</summary>
    public async Task AdoptAsync(Draft draft, long versionId, CancellationToken cancellationToken)
    {
        var run = draft.Facts.RunId is { } id ? await FindActiveRunAsync(id, cancellationToken) : null;
        await store.AdoptAsync(draft, versionId, Now, cancellationToken);
        Publish(run);
    }

    /// <summary>Forgets drafts that nobody has touched for <see cref="Patience"/>.</summary>
    public Task<int> SweepAsync(CancellationToken cancellationToken) =>
        store.ForgetAsync(Now - (long)Patience.TotalMilliseconds, cancellationToken);

    private async Task<HashedBlob> KeepAsync(Stream content, string? md5, long? length, CancellationToken cancellationToken)
    {
        using var reader = new Md5Reader(content, md5);
        var blob = await blobs.WriteAsync(reader, expected: null, length, cancellationToken);
        return new HashedBlob(blob.Digest, reader.Result, blob.Length);
    }

    private async Task<(List<ManifestEntry> Files, List<Reference> References)> ResolveAsync(
        Draft draft,
        List<DraftEntry> entries,
        CancellationToken cancellationToken)
    {
        var delivered = await store.ListFilesAsync(draft.Id, cancellationToken);
        var known = await FindKnownAsync([.. entries.Where(entry => entry.Uri is null).Select(entry => entry.Digest).Distinct()], cancellationToken);
        var files = new List<ManifestEntry>();
        var references = new List<Reference>();
        foreach (var entry in entries)
        {
            if (entry.Uri is { } uri)
            {
                references.Add(new Reference(entry.Path, uri, entry.Digest, entry.Size));
                continue;
            }

            // What came under this very name first: another content with the same MD5 may have been here before.
            var blob = delivered.TryGetValue(entry.Path, out var own) && own.Md5 == entry.Digest ? own
                : known.TryGetValue(entry.Digest, out var found) ? found
                : throw new CairnException(
                    ErrorCode.FailedPrecondition,
                    $"The content of '{entry.Path}' (MD5 {entry.Digest}) has not been uploaded. Log the artifact again.",
                    "manifest");
            if (entry.Size is { } size && size != blob.Size)
            {
                throw CairnException.Invalid("manifest", $"'{entry.Path}' is said to have {size} bytes; its content has {blob.Size}.");
            }

            files.Add(new ManifestEntry(entry.Path, blob.Digest, blob.Size));
        }

        return (files, references);
    }

    private static List<DraftEntry> CheckPaths(IReadOnlyList<DraftEntry> entries)
    {
        if (entries.Count > ArtifactCatalog.ManifestLength)
        {
            throw CairnException.Invalid("manifest", $"The manifest has {entries.Count} files; at most {ArtifactCatalog.ManifestLength} are kept.");
        }

        var ordered = entries
            .Select(entry => entry with { Path = RelativePath.Normalize(entry.Path, "manifest.contents") })
            .OrderBy(entry => entry.Path, StringComparer.Ordinal)
            .ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Path == ordered[i - 1].Path)
            {
                throw CairnException.Invalid("manifest", $"The manifest names '{ordered[i].Path}' twice.");
            }
        }

        return ordered;
    }

    /// <summary>Equal to the catalogue's own digest where there are no references, so that content logged by another door is found.</summary>
    private static Digest DigestOf(List<ManifestEntry> files, List<Reference> references)
    {
        var digest = ArtifactCatalog.DigestOf(files);
        if (references.Count == 0)
        {
            return digest;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"cairn-references-v1\n{digest}\n"));
        foreach (var reference in references)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{reference.Path}\n{reference.Uri}\n{reference.Digest}\n"));
        }

        return Digest.FromHash(hash.GetHashAndReset());
    }

    private void Publish(Run? run)
    {
        if (run is not null)
        {
            feed.Publish(new RunChange(run.Id, run.ExperimentId, RunChanges.Artifacts));
        }
    }

    private async Task<Run> FindActiveRunAsync(RunId id, CancellationToken cancellationToken)
    {
        var run = (await runs.FindRunsAsync([id], cancellationToken)).FirstOrDefault()
            ?? throw CairnException.NotFound($"Run with id={id} not found");
        return run.Lifecycle == Lifecycle.Active
            ? run
            : throw new CairnException(ErrorCode.FailedPrecondition, $"The run {id} must be in the 'active' state. Current state is deleted.");
    }
}

/// <summary>A file of a client's manifest.</summary>
/// <param name="Path">Its name.</param>
/// <param name="Digest">Hexadecimal MD5 of stored content; whatever the client knows of a reference.</param>
/// <param name="Uri">Where a reference lies; null for stored content.</param>
/// <param name="Size">Bytes, or null.</param>
public sealed record DraftEntry(string Path, string Digest, string? Uri, long? Size);
