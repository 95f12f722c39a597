using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>Versions that are being uploaded.</summary>
internal sealed partial class SqlArtifactStore : IDraftStore
{
    public Task<Draft> BeginAsync(NewDraft draft, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var id = FindBegun(session, draft);
                if (id is null)
                {
                    CheckType(session, draft);
                    id = AddDraft(session, draft, at);
                }

                session.Execute("UPDATE draft SET touched_at = @2 WHERE id = @1", id, at);
                return DraftRows.Find(session, id.Value)!;
            },
            cancellationToken);

    public Task<Draft?> FindAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DraftRows.Find(session, id), cancellationToken);

    public Task<Draft?> FindByClientAsync(string clientId, CancellationToken cancellationToken) =>
        database.ReadAsync(session => session.First($"{DraftRows.Select} WHERE client_id = @1", DraftRows.Read, clientId), cancellationToken);

    public Task<DraftManifest> PutManifestAsync(DraftManifest manifest, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var id = manifest.Id > 0 ? manifest.Id
                    : manifest.Kind == ManifestKind.Full
                        ? session.First<long?>("SELECT id FROM draft_manifest WHERE draft_id = @1 AND kind = 0", row => row.GetInt64(0), manifest.DraftId)
                        : null;
                if (id is null)
                {
                    id = session.Number(
                        "INSERT INTO draft_manifest (draft_id, kind, base_id, md5) VALUES (@1, @2, @3, @4) RETURNING id",
                        manifest.DraftId,
                        (int)manifest.Kind,
                        manifest.BaseId,
                        manifest.Md5);
                }
                else
                {
                    session.Execute("UPDATE draft_manifest SET md5 = @2, base_id = COALESCE(@3, base_id) WHERE id = @1", id, manifest.Md5, manifest.BaseId);
                }

                session.Execute("UPDATE draft SET touched_at = @2 WHERE id = @1", manifest.DraftId, at);
                return DraftRows.FindManifest(session, id.Value)!;
            },
            cancellationToken);

    public Task<DraftManifest?> FindManifestAsync(long id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => DraftRows.FindManifest(session, id), cancellationToken);

    public Task<IReadOnlyList<DraftManifest>> ListManifestsAsync(long draftId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DraftManifest>>(
            session => session.Query($"{DraftRows.SelectManifest} WHERE draft_id = @1 ORDER BY id", DraftRows.ReadManifest, draftId),
            cancellationToken);

    public Task DeliverManifestAsync(long id, Digest content, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("UPDATE draft_manifest SET content = @2 WHERE id = @1", id, content.Value);
                return session.Execute("UPDATE draft SET touched_at = @2 WHERE id = (SELECT draft_id FROM draft_manifest WHERE id = @1)", id, at);
            },
            cancellationToken);

    public Task RememberAsync(IReadOnlyList<HashedBlob> blobs, long? draftId, string? path, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var blob in blobs)
                {
                    session.Execute(
                        "INSERT INTO blob_md5 (digest, md5, size) VALUES (@1, @2, @3) ON CONFLICT (digest) DO NOTHING",
                        blob.Digest.Value,
                        blob.Md5,
                        blob.Size);
                    if (draftId is { } draft && path is not null)
                    {
                        PutFile(session, draft, path, blob);
                    }
                }

                return draftId is null ? 0 : session.Execute("UPDATE draft SET touched_at = @2 WHERE id = @1", draftId, at);
            },
            cancellationToken);

    public Task ReserveAsync(long draftId, IReadOnlyList<(string Path, HashedBlob Blob)> files, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var (path, blob) in files)
                {
                    PutFile(session, draftId, path, blob);
                }

                return files.Count;
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<string, HashedBlob>> ListFilesAsync(long draftId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, HashedBlob>>(
            session => session
                .Query(
                    "SELECT path, digest, md5, size FROM draft_file WHERE draft_id = @1",
                    row => (Path: row.GetString(0), Blob: new HashedBlob(Digest.Parse(row.GetString(1)), row.GetString(2), row.GetInt64(3))),
                    draftId)
                .ToDictionary(file => file.Path, file => file.Blob, StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyDictionary<string, HashedBlob>> FindByMd5Async(IReadOnlyCollection<string> md5s, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<string, HashedBlob>>(
            session =>
            {
                var found = new Dictionary<string, HashedBlob>(StringComparer.Ordinal);
                foreach (var md5 in md5s)
                {
                    var blobs = session.Query("SELECT digest, md5, size FROM blob_md5 WHERE md5 = @1", DraftRows.ReadBlob, md5);

                    // Two contents with one MD5 exist only where somebody made them so: then the MD5 names neither.
                    if (blobs.Count == 1)
                    {
                        found[md5] = blobs[0];
                    }
                }

                return found;
            },
            cancellationToken);

    public Task<IReadOnlyDictionary<Digest, HashedBlob>> FindMd5sAsync(IReadOnlyCollection<Digest> digests, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<Digest, HashedBlob>>(
            session =>
            {
                var found = new Dictionary<Digest, HashedBlob>();
                foreach (var digest in digests)
                {
                    foreach (var blob in session.Query("SELECT digest, md5, size FROM blob_md5 WHERE digest = @1", DraftRows.ReadBlob, digest.Value))
                    {
                        found[digest] = blob;
                    }
                }

                return found;
            },
            cancellationToken);

    public Task<CommittedVersion> CommitAsync(Draft draft, DraftContent content, long at, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                if (DraftRows.Find(session, draft.Id) is { VersionId: { } done })
                {
                    return new CommittedVersion(ArtifactRows.FindVersion(session, done) ?? throw Gone(draft), Created: false);
                }

                var version = new NewVersion(
                    draft.Key,
                    draft.Type,
                    content.Files,
                    content.Digest,
                    draft.Aliases,
                    draft.Facts.Description,
                    draft.Facts.Metadata,
                    draft.Facts.Author,
                    draft.Facts.RunId,
                    at);
                var artifact = EnsureArtifact(session, version);
                var number = session.First<int?>(
                    "SELECT number FROM version WHERE artifact_id = @1 AND digest = @2 AND deleted_at IS NULL ORDER BY number DESC",
                    row => row.GetInt32(0),
                    artifact,
                    content.Digest.Value);
                var index = number ?? AddVersion(session, artifact, version);
                var id = session.Number("SELECT id FROM version WHERE artifact_id = @1 AND number = @2", artifact, index);
                if (number is null)
                {
                    AddReferences(session, id, content.References);
                }

                AddCard(session, id, draft, content, at);
                Settle(session, draft, (id, artifact, index), content.WireDigest, at);
                return new CommittedVersion(ArtifactRows.FindVersion(session, id)!, number is null);
            },
            cancellationToken);

    public Task AdoptAsync(Draft draft, long versionId, long at, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                var place = session.First(
                    "SELECT id, artifact_id, number FROM version WHERE id = @1 AND deleted_at IS NULL",
                    row => (Id: row.GetInt64(0), Artifact: row.GetInt64(1), Index: row.GetInt32(2)),
                    versionId);
                if (place.Id > 0)
                {
                    Settle(session, draft, place, draft.WireDigest, at);
                }

                return true;
            },
            cancellationToken);

    public Task<int> ForgetAsync(long before, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                const string old = "SELECT id FROM draft WHERE version_id IS NULL AND touched_at < @1";
                session.Execute($"DELETE FROM draft_file WHERE draft_id IN ({old})", before);
                session.Execute($"DELETE FROM draft_manifest WHERE draft_id IN ({old})", before);
                return session.Execute("DELETE FROM draft WHERE version_id IS NULL AND touched_at < @1", before);
            },
            cancellationToken);

    /// <summary>What a commit leaves besides the version itself: aliases, labels, lineage, and the draft as its card.</summary>
    private void Settle(SqlSession session, Draft draft, (long Id, long Artifact, int Index) version, string wireDigest, long at)
    {
        foreach (var alias in draft.Aliases.Where(alias => alias != ArtifactCatalog.Latest).Prepend(ArtifactCatalog.Latest).Distinct(StringComparer.Ordinal))
        {
            PointAlias(session, version.Artifact, alias, version.Index, draft.Facts.Author, why: null, draft.Facts.RunId?.Value, at);
        }

        foreach (var label in draft.Labels)
        {
            AddLabel(session, LabelOwner.Version, version.Id, label);
        }

        if (draft.Facts.RunId is { } run)
        {
            AddEdge(session, new LineageEdge(run, draft.Key, version.Index, LineageDirection.Output, at, UsedAs: null));
        }

        session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", version.Artifact, at);
        session.Execute("UPDATE draft SET version_id = @2, wire_digest = @3 WHERE id = @1", draft.Id, version.Id, wireDigest);
        session.Execute("DELETE FROM draft_file WHERE draft_id = @1", draft.Id);
        session.Execute("DELETE FROM draft_manifest WHERE draft_id = @1", draft.Id);
    }

    private static long? FindBegun(SqlSession session, NewDraft draft)
    {
        if (draft.Facts.ClientId is { } client
            && session.First<long?>("SELECT id FROM draft WHERE client_id = @1", row => row.GetInt64(0), client) is { } begun)
        {
            return begun;
        }

        // The processes that write a version together each begin it; their client ids differ.
        return draft.Facts.DistributedId is { } distributed
            ? session.First<long?>(
                "SELECT id FROM draft WHERE experiment_id = @1 AND name = @2 AND distributed_id = @3 AND version_id IS NULL",
                row => row.GetInt64(0),
                draft.Key.ExperimentId.Value,
                draft.Key.Name,
                distributed)
            : null;
    }

    private static void CheckType(SqlSession session, NewDraft draft)
    {
        var type = session.First("SELECT type FROM artifact WHERE experiment_id = @1 AND name = @2", row => row.GetString(0), draft.Key.ExperimentId.Value, draft.Key.Name);
        if (type is not null && type != draft.Type)
        {
            throw new CairnException(
                ErrorCode.Conflict,
                $"'{draft.Key.Name}' is an artifact of type '{type}', not '{draft.Type}'. Use that type, or another name.",
                "type");
        }

        if (session.Number("SELECT EXISTS (SELECT 1 FROM portfolio WHERE experiment_id = @1 AND name = @2)", draft.Key.ExperimentId.Value, draft.Key.Name) == 1)
        {
            throw new CairnException(
                ErrorCode.AlreadyExists,
                $"'{draft.Key.Name}' is a collection of links to other artifacts. Log under another name and link the version there.",
                "name");
        }
    }

    private static void PutFile(SqlSession session, long draft, string path, HashedBlob blob) =>
        session.Execute(
            """
            INSERT INTO draft_file (draft_id, path, digest, md5, size) VALUES (@1, @2, @3, @4, @5)
            ON CONFLICT (draft_id, path) DO UPDATE SET digest = excluded.digest, md5 = excluded.md5, size = excluded.size
            """,
            draft,
            path,
            blob.Digest.Value,
            blob.Md5,
            blob.Size);

    private static long AddDraft(SqlSession session, NewDraft draft, long at) =>
        session.Number(
            """
            INSERT INTO draft (experiment_id, name, type, wire_digest, aliases, labels, description, metadata, client_id,
                sequence_client_id, distributed_id, ttl_seconds, step, author, run_id, created_at, touched_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15, @16, @16) RETURNING id
            """,
            draft.Key.ExperimentId.Value,
            draft.Key.Name,
            draft.Type,
            draft.WireDigest,
            DraftRows.Join(draft.Aliases),
            DraftRows.Join(draft.Labels),
            draft.Facts.Description,
            draft.Facts.Metadata,
            draft.Facts.ClientId,
            draft.Facts.SequenceClientId,
            draft.Facts.DistributedId,
            draft.Facts.TtlSeconds,
            draft.Facts.Step,
            draft.Facts.Author,
            draft.Facts.RunId?.Value,
            at);

    private static void AddReferences(SqlSession session, long version, IReadOnlyList<Reference> references)
    {
        foreach (var reference in references)
        {
            session.Execute(
                "INSERT INTO version_reference (version_id, path, uri, digest, size) VALUES (@1, @2, @3, @4, @5)",
                version,
                reference.Path,
                reference.Uri,
                reference.Digest,
                reference.Size);
        }

        session.Execute(
            "UPDATE version SET file_count = file_count + @2, size = size + @3 WHERE id = @1",
            version,
            references.Count,
            references.Sum(reference => reference.Size ?? 0));
    }

    private static void AddCard(SqlSession session, long version, Draft draft, DraftContent content, long at)
    {
        session.Execute(
            """
            INSERT INTO version_card (version_id, wire_digest, manifest, ttl_seconds, step, updated_at) VALUES (@1, @2, @3, @4, @5, @6)
            ON CONFLICT (version_id) DO UPDATE SET
                wire_digest = COALESCE(version_card.wire_digest, excluded.wire_digest),
                manifest = COALESCE(version_card.manifest, excluded.manifest)
            """,
            version,
            content.WireDigest,
            content.Manifest?.Value,
            draft.Facts.TtlSeconds,
            draft.Facts.Step,
            at);
    }

    private static CairnException Gone(Draft draft) =>
        CairnException.NotFound($"The version of '{draft.Key.Name}' that this upload became has been deleted.");
}
