using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Collections;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>From rows to versions with their cards, and to collections of both kinds.</summary>
internal static class CardRows
{
    public const string SelectId = "SELECT version.id FROM version JOIN artifact ON artifact.id = version.artifact_id";

    public static VersionCard? Find(SqlSession session, long id)
    {
        if (ArtifactRows.FindVersion(session, id) is not { } version)
        {
            return null;
        }

        var artifact = session.Number("SELECT artifact_id FROM version WHERE id = @1", id);
        var draft = session.First<long?>("SELECT id FROM draft WHERE version_id = @1 ORDER BY id", row => row.GetInt64(0), id);
        var labels = Labels(session, LabelOwner.Version, id);
        var places = Memberships(session, id);
        return session.First(
                "SELECT wire_digest, manifest, ttl_seconds, step, updated_at FROM version_card WHERE version_id = @1",
                row => new VersionCard(
                    id,
                    draft,
                    artifact,
                    version,
                    row.Text(0),
                    row.Text(1) is { } manifest ? Digest.Parse(manifest) : null,
                    row.Long(2),
                    row.Long(3),
                    labels,
                    row.GetInt64(4),
                    places),
                id)
            ?? new VersionCard(id, draft, artifact, version, null, null, null, null, labels, version.CreatedAt, places);
    }

    public static IReadOnlyList<VersionCard> FindAll(SqlSession session, IEnumerable<long> ids) =>
        [.. ids.Select(id => Find(session, id)).OfType<VersionCard>()];

    public static IReadOnlyList<string> Labels(SqlSession session, LabelOwner kind, long owner) =>
        session.Query("SELECT name FROM label WHERE kind = @1 AND owner_id = @2 ORDER BY name", row => row.GetString(0), (int)kind, owner);

    public static Collection ReadArtifact(SqlSession session, SqliteDataReader row) => Read(
        session,
        row,
        isPortfolio: false,
        "SELECT name, number FROM alias WHERE artifact_id = @1 ORDER BY name");

    public static Collection ReadPortfolio(SqlSession session, SqliteDataReader row) => Read(
        session,
        row,
        isPortfolio: true,
        "SELECT name, number FROM portfolio_alias WHERE portfolio_id = @1 ORDER BY name");

    public static IReadOnlyList<Membership> Memberships(SqlSession session, long version) =>
        session.Query(
            """
            SELECT experiment_id, name, portfolio.id, number, at FROM portfolio_link JOIN portfolio ON portfolio.id = portfolio_id
            WHERE version_id = @1 ORDER BY portfolio.id
            """,
            row => new Membership(
                new ArtifactKey(new ExperimentId(row.GetInt64(0)), row.GetString(1)),
                row.GetInt64(2),
                row.GetInt32(3),
                session.Query(
                    "SELECT name FROM portfolio_alias WHERE portfolio_id = @1 AND number = @2 ORDER BY name",
                    alias => alias.GetString(0),
                    row.GetInt64(2),
                    row.GetInt32(3)),
                row.GetInt64(4)),
            version);

    private static Collection Read(SqlSession session, SqliteDataReader row, bool isPortfolio, string aliasesSql)
    {
        var id = row.GetInt64(0);
        var aliases = new Dictionary<string, int>(StringComparer.Ordinal);
        session.Query(aliasesSql, alias => aliases[alias.GetString(0)] = alias.GetInt32(1), id);
        return new Collection(
            id,
            isPortfolio,
            new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)),
            row.GetString(3),
            row.Text(4),
            row.GetInt64(5),
            row.GetInt64(6),
            aliases,
            Labels(session, isPortfolio ? LabelOwner.Portfolio : LabelOwner.Artifact, id));
    }
}

/// <summary>Whose labels: kinds of owners in the label table.</summary>
internal enum LabelOwner
{
    Version = 0,
    Artifact = 1,
    Portfolio = 2,
}
