using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>From rows to registered models and their versions.</summary>
internal static class ModelRows
{
    /// <summary>The columns of <see cref="ArtifactRows.SelectArtifact"/>, then the model's own.</summary>
    public const string SelectModel =
        """
        SELECT id, experiment_id, name, type, description, created_at, updated_at,
            (SELECT COUNT(*) FROM version WHERE artifact_id = artifact.id AND deleted_at IS NULL),
            (SELECT MAX(number) FROM version WHERE artifact_id = artifact.id AND deleted_at IS NULL),
            model_name
        FROM artifact
        """;

    /// <summary>The columns of <see cref="ArtifactRows.SelectVersion"/>, then the model version's own.</summary>
    public const string SelectVersion =
        """
        SELECT artifact_id, experiment_id, name, type, number, version.digest, version.size, file_count, version.description,
            metadata, version.created_at, author, run_id,
            version.id, model_name, source, location, run_text, run_link, logged_model, stage, version.updated_at
        FROM version JOIN artifact ON artifact.id = artifact_id
        """;

    public static RegisteredModel ReadModel(SqlSession session, SqliteDataReader row)
    {
        var id = row.GetInt64(0);
        return new RegisteredModel(
            row.GetString(9),
            ArtifactRows.ReadArtifact(session, row),
            ReadTags(session, "SELECT name, value FROM artifact_tag WHERE artifact_id = @1 ORDER BY name", id),
            session.Query(
                $"""
                {SelectVersion} WHERE artifact_id = @1 AND number IN (
                    SELECT MAX(number) FROM version WHERE artifact_id = @1 AND deleted_at IS NULL GROUP BY stage)
                ORDER BY stage
                """,
                version => ReadVersion(session, version),
                id));
    }

    public static ModelVersion ReadVersion(SqlSession session, SqliteDataReader row) => new(
        row.GetString(14),
        ArtifactRows.ReadVersion(session, row),
        row.Text(15),
        row.Text(16),
        row.Text(17) ?? row.Text(12),
        row.Text(18),
        row.Text(19),
        (ModelStage)row.GetInt32(20),
        row.Long(21) ?? row.GetInt64(10),
        ReadTags(session, "SELECT name, value FROM version_tag WHERE version_id = @1 ORDER BY name", row.GetInt64(13)));

    public static RegisteredModel? FindModel(SqlSession session, string name) =>
        session.First($"{SelectModel} WHERE model_name = @1", row => ReadModel(session, row), name);

    public static ModelVersion? FindVersion(SqlSession session, string name, VersionReference reference) =>
        reference.Index is { } index
            ? session.First(
                $"{SelectVersion} WHERE model_name = @1 AND number = @2 AND deleted_at IS NULL",
                row => ReadVersion(session, row),
                name,
                index)
            : session.First(
                $"""
                {SelectVersion} WHERE model_name = @1 AND deleted_at IS NULL
                    AND number = (SELECT number FROM alias WHERE artifact_id = artifact.id AND alias.name = @2)
                """,
                row => ReadVersion(session, row),
                name,
                reference.Alias);

    private static SortedDictionary<string, string> ReadTags(SqlSession session, string sql, long id)
    {
        var tags = new SortedDictionary<string, string>(StringComparer.Ordinal);
        session.Query(sql, tag => tags[tag.GetString(0)] = tag.GetString(1), id);
        return tags;
    }
}
