using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>From rows to artifacts, versions and edges.</summary>
internal static class ArtifactRows
{
    public const string SelectArtifact =
        """
        SELECT id, experiment_id, name, type, description, created_at, updated_at,
            (SELECT COUNT(*) FROM version WHERE artifact_id = artifact.id AND deleted_at IS NULL),
            (SELECT MAX(number) FROM version WHERE artifact_id = artifact.id AND deleted_at IS NULL)
        FROM artifact
        """;

    public const string SelectVersion =
        """
        SELECT artifact_id, experiment_id, name, type, number, version.digest, version.size, file_count, version.description,
            metadata, version.created_at, author, run_id
        FROM version JOIN artifact ON artifact.id = artifact_id
        """;

    public const string SelectEdge =
        """
        SELECT lineage.run_id, experiment_id, name, number, direction, at, used_as
        FROM lineage JOIN version ON version.id = version_id JOIN artifact ON artifact.id = artifact_id
        """;

    public static Artifact ReadArtifact(SqlSession session, SqliteDataReader row)
    {
        var aliases = new Dictionary<string, int>(StringComparer.Ordinal);
        session.Query(
            "SELECT name, number FROM alias WHERE artifact_id = @1 ORDER BY name",
            alias => aliases[alias.GetString(0)] = alias.GetInt32(1),
            row.GetInt64(0));
        return new Artifact(
            new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)),
            row.GetString(3),
            row.Text(4),
            row.GetInt64(5),
            row.GetInt64(6),
            row.GetInt32(7),
            row.Int(8),
            aliases);
    }

    public static ArtifactVersion ReadVersion(SqlSession session, SqliteDataReader row)
    {
        var number = row.GetInt32(4);
        var aliases = session.Query(
            "SELECT name FROM alias WHERE artifact_id = @1 AND number = @2 ORDER BY name",
            alias => alias.GetString(0),
            row.GetInt64(0),
            number);
        return new ArtifactVersion(
            new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)),
            row.GetString(3),
            number,
            Digest.Parse(row.GetString(5)),
            row.GetInt64(6),
            row.GetInt32(7),
            row.Text(8),
            row.Text(9),
            row.GetInt64(10),
            row.Text(11),
            row.Text(12) is { } run ? RunId.Parse(run) : null,
            aliases);
    }

    public static LineageEdge ReadEdge(SqliteDataReader row) => new(
        RunId.Parse(row.GetString(0)),
        new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)),
        row.GetInt32(3),
        (LineageDirection)row.GetInt32(4),
        row.GetInt64(5),
        row.Text(6));

    public static ArtifactVersion? FindVersion(SqlSession session, long id) =>
        session.First($"{SelectVersion} WHERE version.id = @1 AND deleted_at IS NULL", row => ReadVersion(session, row), id);

    public static ArtifactVersion? FindVersion(SqlSession session, ArtifactKey key, VersionReference reference) =>
        reference.Index is { } index
            ? session.First(
                $"{SelectVersion} WHERE experiment_id = @1 AND name = @2 AND number = @3 AND deleted_at IS NULL",
                row => ReadVersion(session, row),
                key.ExperimentId.Value,
                key.Name,
                index)
            : session.First(
                $"""
                {SelectVersion} WHERE experiment_id = @1 AND name = @2 AND deleted_at IS NULL
                    AND number = (SELECT number FROM alias WHERE artifact_id = artifact.id AND alias.name = @3)
                """,
                row => ReadVersion(session, row),
                key.ExperimentId.Value,
                key.Name,
                reference.Alias);
}
