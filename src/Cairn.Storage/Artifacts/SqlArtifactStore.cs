using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>Artifacts in SQL: reading them here, writing in SqlArtifactStore.Write.cs.</summary>
internal sealed partial class SqlArtifactStore(SqliteDatabase database, HotTail hot) : IArtifactStore
{
    public Task<IReadOnlyList<Artifact>> ListAsync(ExperimentId? experiment, string? type, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Artifact>>(
            session => session.Query(
                $"""
                {ArtifactRows.SelectArtifact}
                WHERE (@1 IS NULL OR experiment_id = @1) AND (@2 IS NULL OR type = @2)
                    AND EXISTS (SELECT 1 FROM version WHERE artifact_id = artifact.id AND deleted_at IS NULL)
                ORDER BY updated_at DESC, id DESC
                """,
                row => ArtifactRows.ReadArtifact(session, row),
                experiment?.Value,
                type),
            cancellationToken);

    public Task<Artifact?> FindAsync(ArtifactKey key, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.First(
                $"{ArtifactRows.SelectArtifact} WHERE experiment_id = @1 AND name = @2",
                row => ArtifactRows.ReadArtifact(session, row),
                key.ExperimentId.Value,
                key.Name),
            cancellationToken);

    public Task<IReadOnlyList<ArtifactVersion>> ListVersionsAsync(ArtifactKey key, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ArtifactVersion>>(
            session => session.Query(
                $"{ArtifactRows.SelectVersion} WHERE experiment_id = @1 AND name = @2 AND deleted_at IS NULL ORDER BY number DESC",
                row => ArtifactRows.ReadVersion(session, row),
                key.ExperimentId.Value,
                key.Name),
            cancellationToken);

    public Task<ArtifactVersion?> FindVersionAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ArtifactRows.FindVersion(session, key, reference), cancellationToken);

    public Task<IReadOnlyList<ManifestEntry>> ReadManifestAsync(ArtifactKey key, int index, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ManifestEntry>>(
            session => session.Query(
                """
                SELECT manifest.path, manifest.digest, manifest.size FROM manifest
                JOIN version ON version.id = version_id JOIN artifact ON artifact.id = artifact_id
                WHERE experiment_id = @1 AND name = @2 AND number = @3 ORDER BY manifest.path
                """,
                row => new ManifestEntry(row.GetString(0), Digest.Parse(row.GetString(1)), row.GetInt64(2)),
                key.ExperimentId.Value,
                key.Name,
                index),
            cancellationToken);

    public Task<IReadOnlyList<AliasChange>> ReadAliasHistoryAsync(ArtifactKey key, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AliasChange>>(
            session => session.Query(
                """
                SELECT alias_change.name, from_number, to_number, who, why, run_id, at FROM alias_change
                JOIN artifact ON artifact.id = artifact_id
                WHERE experiment_id = @1 AND artifact.name = @2 ORDER BY alias_change.id DESC
                """,
                row => new AliasChange(
                    row.GetString(0),
                    row.Int(1),
                    row.Int(2),
                    row.Text(3),
                    row.Text(4),
                    row.Text(5) is { } run ? RunId.Parse(run) : null,
                    row.GetInt64(6)),
                key.ExperimentId.Value,
                key.Name),
            cancellationToken);

    public Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(RunId run, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LineageEdge>>(
            session => session.Query($"{ArtifactRows.SelectEdge} WHERE lineage.run_id = @1 ORDER BY at, number", ArtifactRows.ReadEdge, run.Value),
            cancellationToken);

    public Task<IReadOnlyList<LineageEdge>> ReadEdgesAsync(ArtifactKey key, int index, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LineageEdge>>(
            session => session.Query(
                $"{ArtifactRows.SelectEdge} WHERE experiment_id = @1 AND name = @2 AND number = @3 ORDER BY at, lineage.run_id",
                ArtifactRows.ReadEdge,
                key.ExperimentId.Value,
                key.Name,
                index),
            cancellationToken);
}
