using Cairn.Core.Artifacts;
using Cairn.Core.Artifacts.Drafts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <summary>From rows to drafts and their manifests.</summary>
internal static class DraftRows
{
    public const string Select =
        """
        SELECT id, experiment_id, name, type, wire_digest, aliases, labels, description, metadata, client_id,
            sequence_client_id, distributed_id, ttl_seconds, step, author, run_id, created_at, version_id
        FROM draft
        """;

    public const string SelectManifest = "SELECT id, draft_id, kind, base_id, md5, content FROM draft_manifest";

    public static Draft? Find(SqlSession session, long id) => session.First($"{Select} WHERE id = @1", Read, id);

    public static DraftManifest? FindManifest(SqlSession session, long id) => session.First($"{SelectManifest} WHERE id = @1", ReadManifest, id);

    public static Draft Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)),
        row.GetString(3),
        row.GetString(4),
        Split(row.GetString(5)),
        Split(row.GetString(6)),
        new DraftFacts(
            row.Text(7),
            row.Text(8),
            row.Text(9),
            row.Text(10),
            row.Text(11),
            row.Long(12),
            row.Long(13),
            row.Text(14),
            row.Text(15) is { } run ? RunId.Parse(run) : null),
        row.GetInt64(16),
        row.Long(17));

    public static DraftManifest ReadManifest(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        (ManifestKind)row.GetInt32(2),
        row.Text(3),
        row.Text(4),
        row.Text(5) is { } content ? Digest.Parse(content) : null);

    public static HashedBlob ReadBlob(SqliteDataReader row) => new(Digest.Parse(row.GetString(0)), row.GetString(1), row.GetInt64(2));

    /// <summary>Aliases and labels are single lines, so a line each keeps them apart.</summary>
    public static string Join(IReadOnlyList<string> names) => string.Join('\n', names);

    private static string[] Split(string names) => names.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
