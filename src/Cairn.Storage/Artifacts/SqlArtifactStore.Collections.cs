using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>Looking at versions by number, and at collections; writing is in SqlArtifactStore.Portfolios.cs.</summary>
internal sealed partial class SqlArtifactStore : ICollectionStore
{
    private const string SelectCollection = "SELECT id, experiment_id, name, type, description, created_at, updated_at FROM";
    private const string HasVersion = "EXISTS (SELECT 1 FROM version WHERE artifact_id = artifact.id AND deleted_at IS NULL)";

    private const string HasLink =
        """
        EXISTS (SELECT 1 FROM portfolio_link JOIN version ON version.id = version_id WHERE portfolio_id = portfolio.id AND deleted_at IS NULL)
        """;

    public Task<VersionCard?> FindByDraftAsync(long draftId, CancellationToken cancellationToken) =>
        ReadCardAsync(session => session.First<long?>("SELECT version_id FROM draft WHERE id = @1", row => row.Long(0), draftId), cancellationToken);

    public Task<VersionCard?> FindByVersionAsync(long versionId, CancellationToken cancellationToken) =>
        ReadCardAsync(_ => versionId, cancellationToken);

    public Task<VersionCard?> FindAsync(ArtifactKey key, VersionReference reference, CancellationToken cancellationToken) =>
        ReadCardAsync(session => FindVersionId(session, key, reference), cancellationToken);

    public Task<VersionCard?> FindByWireDigestAsync(ArtifactKey key, string wireDigest, CancellationToken cancellationToken) =>
        ReadCardAsync(
            session => session.First<long?>(
                $"""
                {CardRows.SelectId} JOIN version_card ON version_card.version_id = version.id
                WHERE experiment_id = @1 AND name = @2 AND wire_digest = @3 AND deleted_at IS NULL ORDER BY number DESC
                """,
                row => row.GetInt64(0),
                key.ExperimentId.Value,
                key.Name,
                wireDigest),
            cancellationToken);

    public Task<IReadOnlyList<VersionCard>> ListVersionsAsync(Collection collection, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => CardRows.FindAll(
                session,
                session.Query(
                    collection.IsPortfolio
                        ? "SELECT version_id FROM portfolio_link WHERE portfolio_id = @1 ORDER BY number DESC"
                        : "SELECT id FROM version WHERE artifact_id = @1 AND deleted_at IS NULL ORDER BY number DESC",
                    row => row.GetInt64(0),
                    collection.Id)),
            cancellationToken);

    public Task<IReadOnlyList<VersionCard>> ListOfRunAsync(RunId run, LineageDirection direction, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => CardRows.FindAll(
                session,
                session.Query("SELECT version_id FROM lineage WHERE run_id = @1 AND direction = @2 ORDER BY at, version_id", row => row.GetInt64(0), run.Value, (int)direction)),
            cancellationToken);

    public Task<IReadOnlyList<Reference>> ReadReferencesAsync(long versionId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Reference>>(
            session => session.Query(
                "SELECT path, uri, digest, size FROM version_reference WHERE version_id = @1 ORDER BY path",
                row => new Reference(row.GetString(0), row.GetString(1), row.GetString(2), row.Long(3)),
                versionId),
            cancellationToken);

    public Task<IReadOnlyList<AliasChange>> ReadAliasHistoryAsync(Collection portfolio, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AliasChange>>(
            session => session.Query(
                "SELECT name, from_number, to_number, at FROM portfolio_alias_change WHERE portfolio_id = @1 ORDER BY id DESC",
                row => new AliasChange(row.GetString(0), row.Int(1), row.Int(2), Who: null, Why: null, RunId: null, row.GetInt64(3)),
                portfolio.Id),
            cancellationToken);

    public Task<IReadOnlyList<Collection>> ListAsync(ExperimentId experiment, string? type, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Collection>>(
            session =>
            {
                var all = session.Query(
                    $"{SelectCollection} artifact WHERE experiment_id = @1 AND (@2 IS NULL OR type = @2) AND {HasVersion}",
                    row => CardRows.ReadArtifact(session, row),
                    experiment.Value,
                    type);
                all.AddRange(session.Query(
                    $"{SelectCollection} portfolio WHERE experiment_id = @1 AND (@2 IS NULL OR type = @2) AND {HasLink}",
                    row => CardRows.ReadPortfolio(session, row),
                    experiment.Value,
                    type));
                return [.. all.OrderBy(collection => collection.CreatedAt).ThenBy(collection => collection.Key.Name, StringComparer.Ordinal)];
            },
            cancellationToken);

    Task<Collection?> ICollectionStore.FindAsync(ArtifactKey key, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.First(
                    $"{SelectCollection} artifact WHERE experiment_id = @1 AND name = @2",
                    row => CardRows.ReadArtifact(session, row),
                    key.ExperimentId.Value,
                    key.Name)
                ?? session.First(
                    $"{SelectCollection} portfolio WHERE experiment_id = @1 AND name = @2",
                    row => CardRows.ReadPortfolio(session, row),
                    key.ExperimentId.Value,
                    key.Name),
            cancellationToken);

    public Task<Collection?> FindAsync(long id, bool isPortfolio, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => isPortfolio
                ? session.First($"{SelectCollection} portfolio WHERE id = @1", row => CardRows.ReadPortfolio(session, row), id)
                : session.First($"{SelectCollection} artifact WHERE id = @1", row => CardRows.ReadArtifact(session, row), id),
            cancellationToken);

    public Task<IReadOnlyList<ArtifactType>> ListTypesAsync(ExperimentId experiment, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ArtifactType>>(
            session => session.Query(
                $"""
                SELECT type, MIN(created_at) AS first FROM (
                    SELECT type, created_at FROM artifact WHERE experiment_id = @1 AND {HasVersion}
                    UNION ALL
                    SELECT type, created_at FROM portfolio WHERE experiment_id = @1 AND {HasLink})
                GROUP BY type ORDER BY first, type
                """,
                row => new ArtifactType(experiment, row.GetString(0), row.GetInt64(1)),
                experiment.Value),
            cancellationToken);

    public Task<IReadOnlyList<VersionCard>> ListExpiredAsync(long now, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => CardRows.FindAll(
                session,
                session.Query(
                    """
                    SELECT version.id FROM version JOIN version_card ON version_card.version_id = version.id
                    WHERE ttl_seconds > 0 AND created_at + ttl_seconds * 1000 < @1 AND deleted_at IS NULL
                        AND NOT EXISTS (SELECT 1 FROM portfolio_link WHERE portfolio_link.version_id = version.id)
                        AND NOT EXISTS (SELECT 1 FROM alias WHERE alias.artifact_id = version.artifact_id AND alias.number = version.number AND name <> 'latest')
                    """,
                    row => row.GetInt64(0),
                    now)),
            cancellationToken);

    private static long? FindVersionId(SqlSession session, ArtifactKey key, VersionReference reference)
    {
        var own = reference.Index is { } index
            ? session.First<long?>(
                $"{CardRows.SelectId} WHERE experiment_id = @1 AND name = @2 AND number = @3 AND deleted_at IS NULL",
                row => row.GetInt64(0),
                key.ExperimentId.Value,
                key.Name,
                index)
            : session.First<long?>(
                $"""
                {CardRows.SelectId} JOIN alias ON alias.artifact_id = artifact.id AND alias.number = version.number
                WHERE experiment_id = @1 AND artifact.name = @2 AND alias.name = @3 AND deleted_at IS NULL
                """,
                row => row.GetInt64(0),
                key.ExperimentId.Value,
                key.Name,
                reference.Alias);
        return own ?? session.First<long?>(
            reference.Index is not null
                ? """
                  SELECT version_id FROM portfolio_link JOIN portfolio ON portfolio.id = portfolio_id
                  WHERE experiment_id = @1 AND name = @2 AND number = @3
                  """
                : """
                  SELECT version_id FROM portfolio_link JOIN portfolio ON portfolio.id = portfolio_link.portfolio_id
                  JOIN portfolio_alias ON portfolio_alias.portfolio_id = portfolio.id AND portfolio_alias.number = portfolio_link.number
                  WHERE experiment_id = @1 AND portfolio.name = @2 AND portfolio_alias.name = @3
                  """,
            row => row.GetInt64(0),
            key.ExperimentId.Value,
            key.Name,
            reference.Index is { } number ? number : reference.Alias);
    }

    private Task<VersionCard?> ReadCardAsync(Func<SqlSession, long?> find, CancellationToken cancellationToken) =>
        database.ReadAsync(session => find(session) is { } id ? CardRows.Find(session, id) : null, cancellationToken);
}
