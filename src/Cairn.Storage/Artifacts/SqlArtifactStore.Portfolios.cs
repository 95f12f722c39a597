using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>Changing versions and collections after the fact.</summary>
internal sealed partial class SqlArtifactStore
{
    /// <summary>Tables whose rows belong to a version by its <c>version_id</c>.</summary>
    private static readonly string[] VersionTables = ["manifest", "lineage", "version_reference", "version_card", "version_tag", "portfolio_link"];

    public Task ChangeVersionAsync(long versionId, VersionChange change, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    "UPDATE version SET description = COALESCE(@2, description), metadata = COALESCE(@3, metadata) WHERE id = @1",
                    versionId,
                    change.Description,
                    change.Metadata);
                session.Execute(
                    """
                    INSERT INTO version_card (version_id, ttl_seconds, updated_at) VALUES (@1, @2, @3)
                    ON CONFLICT (version_id) DO UPDATE SET ttl_seconds = COALESCE(excluded.ttl_seconds, version_card.ttl_seconds), updated_at = excluded.updated_at
                    """,
                    versionId,
                    change.TtlSeconds,
                    at);
                ChangeLabels(session, LabelOwner.Version, versionId, change.AddLabels, change.RemoveLabels);
                return true;
            },
            cancellationToken);

    public Task ChangeAsync(Collection collection, CollectionChange change, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var table = collection.IsPortfolio ? "portfolio" : "artifact";
                if (change.Name is { } name && name != collection.Key.Name)
                {
                    RefuseTakenName(session, collection.Key with { Name = name });
                    session.Execute($"UPDATE {table} SET name = @2 WHERE id = @1", collection.Id, name);
                    PromotionRows.Follow(session, collection.Key, collection.Key with { Name = name });
                    if (!collection.IsPortfolio)
                    {
                        RenameModel(session, collection, name, at);
                        session.Execute(
                            "UPDATE draft SET name = @3 WHERE experiment_id = @1 AND name = @2",
                            collection.Key.ExperimentId.Value,
                            collection.Key.Name,
                            name);
                    }
                }

                session.Execute($"UPDATE {table} SET description = COALESCE(@2, description), updated_at = @3 WHERE id = @1", collection.Id, change.Description, at);
                ChangeLabels(session, collection.IsPortfolio ? LabelOwner.Portfolio : LabelOwner.Artifact, collection.Id, change.AddLabels, change.RemoveLabels);
                return true;
            },
            cancellationToken);

    public Task DeleteAsync(Collection collection, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    "DELETE FROM label WHERE kind = @1 AND owner_id = @2",
                    (int)(collection.IsPortfolio ? LabelOwner.Portfolio : LabelOwner.Artifact),
                    collection.Id);
                PromotionRows.Forget(session, collection.Key);
                if (collection.IsPortfolio)
                {
                    session.Execute("DELETE FROM portfolio_alias WHERE portfolio_id = @1", collection.Id);
                    session.Execute("DELETE FROM portfolio_alias_change WHERE portfolio_id = @1", collection.Id);
                    session.Execute("DELETE FROM portfolio_link WHERE portfolio_id = @1", collection.Id);
                    return session.Execute("DELETE FROM portfolio WHERE id = @1", collection.Id);
                }

                const string versions = "SELECT id FROM version WHERE artifact_id = @1";
                foreach (var table in VersionTables)
                {
                    session.Execute($"DELETE FROM {table} WHERE version_id IN ({versions})", collection.Id);
                }

                session.Execute($"DELETE FROM label WHERE kind = 0 AND owner_id IN ({versions})", collection.Id);
                session.Execute("DELETE FROM draft WHERE experiment_id = @1 AND name = @2", collection.Key.ExperimentId.Value, collection.Key.Name);
                session.Execute("DELETE FROM artifact_tag WHERE artifact_id = @1", collection.Id);
                session.Execute("DELETE FROM alias WHERE artifact_id = @1", collection.Id);
                session.Execute("DELETE FROM alias_change WHERE artifact_id = @1", collection.Id);
                session.Execute("DELETE FROM version WHERE artifact_id = @1", collection.Id);
                return session.Execute("DELETE FROM artifact WHERE id = @1", collection.Id);
            },
            cancellationToken);

    public Task<Membership> LinkAsync(ArtifactKey portfolio, VersionCard version, IReadOnlyList<string> aliases, long at, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                var id = EnsurePortfolio(session, portfolio, version.Version.Type, at);
                var number = session.First<int?>(
                        "SELECT number FROM portfolio_link WHERE portfolio_id = @1 AND version_id = @2",
                        row => row.GetInt32(0),
                        id,
                        version.VersionId)
                    ?? AddLink(session, id, version.VersionId, at);
                foreach (var alias in aliases.Prepend(ArtifactCatalog.Latest))
                {
                    PointPortfolioAlias(session, id, alias, number, at);
                }

                session.Execute("UPDATE portfolio SET updated_at = @2 WHERE id = @1", id, at);
                return CardRows.Memberships(session, version.VersionId).First(place => place.PortfolioId == id);
            },
            cancellationToken);

    public Task UnlinkAsync(long portfolioId, long versionId, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var alias in session.Query(
                    "SELECT name FROM portfolio_alias WHERE portfolio_id = @1 AND number = (SELECT number FROM portfolio_link WHERE portfolio_id = @1 AND version_id = @2)",
                    row => row.GetString(0),
                    portfolioId,
                    versionId))
                {
                    PointPortfolioAlias(session, portfolioId, alias, number: null, at);
                }

                session.Execute("DELETE FROM portfolio_link WHERE portfolio_id = @1 AND version_id = @2", portfolioId, versionId);
                if (session.First<int?>("SELECT MAX(number) FROM portfolio_link WHERE portfolio_id = @1", row => row.Int(0), portfolioId) is { } newest
                    && session.Number("SELECT EXISTS (SELECT 1 FROM portfolio_alias WHERE portfolio_id = @1 AND name = 'latest')", portfolioId) == 0)
                {
                    PointPortfolioAlias(session, portfolioId, ArtifactCatalog.Latest, newest, at);
                }

                return session.Execute("UPDATE portfolio SET updated_at = @2 WHERE id = @1", portfolioId, at);
            },
            cancellationToken);

    public Task MoveAliasAsync(long portfolioId, string alias, int? to, long at, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                PointPortfolioAlias(session, portfolioId, alias, to, at);
                return session.Execute("UPDATE portfolio SET updated_at = @2 WHERE id = @1", portfolioId, at);
            },
            cancellationToken);

    // A model that is registered under the collection's name goes on under its new one; a name given to it in the registry stays.
    private static void RenameModel(SqlSession session, Collection collection, string name, long at)
    {
        if (session.First("SELECT model_name FROM artifact WHERE id = @1", row => row.Text(0), collection.Id) == collection.Key.Name)
        {
            RefuseTaken(session, name);
            session.Execute("UPDATE artifact SET model_name = @2 WHERE id = @1", collection.Id, name);
            session.Execute("UPDATE version SET updated_at = @2 WHERE artifact_id = @1", collection.Id, at);
        }
    }

    private static long EnsurePortfolio(SqlSession session, ArtifactKey key, string type, long at)
    {
        if (session.First(
            "SELECT id, type FROM portfolio WHERE experiment_id = @1 AND name = @2",
            row => (Id: row.GetInt64(0), Type: row.GetString(1)),
            key.ExperimentId.Value,
            key.Name) is { Id: > 0 } found)
        {
            return found.Type == type
                ? found.Id
                : throw new CairnException(
                    ErrorCode.Conflict,
                    $"'{key.Name}' is a collection of type '{found.Type}'; an artifact of type '{type}' cannot be linked there.",
                    "artifactPortfolioName");
        }

        RefuseTakenName(session, key);
        return session.Number(
            """
            INSERT INTO portfolio (experiment_id, name, type, created_at, updated_at, next_number) VALUES (@1, @2, @3, @4, @4, 0)
            RETURNING id
            """,
            key.ExperimentId.Value,
            key.Name,
            type,
            at);
    }

    private static int AddLink(SqlSession session, long portfolio, long version, long at)
    {
        var number = (int)session.Number("UPDATE portfolio SET next_number = next_number + 1 WHERE id = @1 RETURNING next_number - 1", portfolio);
        session.Execute("INSERT INTO portfolio_link (portfolio_id, number, version_id, at) VALUES (@1, @2, @3, @4)", portfolio, number, version, at);
        return number;
    }

    // With its history, as every alias has one.
    private void PointPortfolioAlias(SqlSession session, long portfolio, string alias, int? number, long at)
    {
        var before = session.First<int?>("SELECT number FROM portfolio_alias WHERE portfolio_id = @1 AND name = @2", row => row.GetInt32(0), portfolio, alias);
        if (before == number)
        {
            return;
        }

        if (number is { } to && PassPortfolioGate(session, portfolio, alias, before, to, at) is { } decision)
        {
            PromotionRows.Add(session, decision);
        }

        if (number is null)
        {
            session.Execute("DELETE FROM portfolio_alias WHERE portfolio_id = @1 AND name = @2", portfolio, alias);
        }
        else
        {
            session.Execute(
                """
                INSERT INTO portfolio_alias (portfolio_id, name, number) VALUES (@1, @2, @3)
                ON CONFLICT (portfolio_id, name) DO UPDATE SET number = excluded.number
                """,
                portfolio,
                alias,
                number);
        }

        session.Execute(
            "INSERT INTO portfolio_alias_change (portfolio_id, name, from_number, to_number, at) VALUES (@1, @2, @3, @4, @5)",
            portfolio,
            alias,
            before,
            number,
            at);
    }

    private static void RefuseTakenName(SqlSession session, ArtifactKey key)
    {
        if (session.Number(
            """
            SELECT EXISTS (SELECT 1 FROM artifact WHERE experiment_id = @1 AND name = @2)
                OR EXISTS (SELECT 1 FROM portfolio WHERE experiment_id = @1 AND name = @2)
            """,
            key.ExperimentId.Value,
            key.Name) == 1)
        {
            throw new CairnException(ErrorCode.AlreadyExists, $"There is a collection '{key.Name}' already. Choose another name.", "name");
        }
    }

    private static void ChangeLabels(SqlSession session, LabelOwner kind, long owner, IReadOnlyList<string>? add, IReadOnlyList<string>? remove)
    {
        foreach (var label in remove ?? [])
        {
            session.Execute("DELETE FROM label WHERE kind = @1 AND owner_id = @2 AND name = @3", (int)kind, owner, label);
        }

        foreach (var label in add ?? [])
        {
            AddLabel(session, kind, owner, label);
        }
    }

    private static void AddLabel(SqlSession session, LabelOwner kind, long owner, string label) =>
        session.Execute(
            "INSERT INTO label (kind, owner_id, name) VALUES (@1, @2, @3) ON CONFLICT (kind, owner_id, name) DO NOTHING",
            (int)kind,
            owner,
            label);
}
