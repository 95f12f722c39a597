using System.Globalization;
using Cairn.Core.Experiments;
using Cairn.Storage.Runs;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Housekeeping;

/// <summary>Statements that remove deleted runs and experiments with all that belongs to them.</summary>
internal static class Purge
{
    /// <summary>Manifests that clients wrote and get back as they are are contents too.</summary>
    private static readonly string[] ManifestMentions =
    [
        "SELECT manifest FROM version_card WHERE manifest IS NOT NULL",
        "SELECT content FROM draft_manifest WHERE content IS NOT NULL",
    ];

    /// <summary>Experiments are removed only while nothing but these holds anything of theirs.</summary>
    private static readonly string[] ExperimentParts = ["experiment_tag", "dataset", "logged_model", "gate", "approval", "decision", "saved_view", "experiment_permission"];

    public static List<StoredRun> ListRuns(SqlSession session, long deletedBefore, int limit) =>
        session.Query(
            $"SELECT {RunRows.Columns} FROM run WHERE lifecycle = 1 AND COALESCE(deleted_at, 0) <= @1 ORDER BY key LIMIT @2",
            RunRows.Read,
            deletedBefore,
            limit);

    public static List<long> ListExperiments(SqlSession session, long deletedBefore) =>
        session.Query(
            "SELECT id FROM experiment WHERE lifecycle = 1 AND COALESCE(deleted_at, 0) <= @1 AND id <> @2",
            row => row.GetInt64(0),
            deletedBefore,
            ExperimentId.Default.Value);

    /// <summary>Removes runs whose points are all folded; what was restored meanwhile stays.</summary>
    public static List<StoredRun> RemoveRuns(SqlSession session, IEnumerable<StoredRun> runs, HotTail hot)
    {
        var removed = runs
            .Where(run => hot.ReadLatest(run.Key).Count == 0 && session.Number("SELECT COUNT(*) FROM run WHERE key = @1 AND lifecycle = 1", run.Key) == 1)
            .ToList();
        var keys = $"[{string.Join(',', removed.Select(run => run.Key.ToString(CultureInfo.InvariantCulture)))}]";
        foreach (var table in TablesWith(session, "run_key"))
        {
            session.Execute($"DELETE FROM {table} WHERE run_key IN (SELECT value FROM json_each(@1))", keys);
        }

        foreach (var run in removed)
        {
            session.Execute("DELETE FROM file WHERE owner = @1", run.Run.Id.Value);
            session.Execute("DELETE FROM lineage WHERE run_id = @1", run.Run.Id.Value);
        }

        session.Execute("DELETE FROM run WHERE key IN (SELECT value FROM json_each(@1))", keys);
        return removed;
    }

    /// <summary>Removes an experiment; false where something in it is still needed, such as a registered model.</summary>
    public static bool RemoveExperiment(SqlSession session, long id, long deletedBefore)
    {
        var isNeeded = session.Number("SELECT COUNT(*) FROM experiment WHERE id = @1 AND lifecycle = 1 AND COALESCE(deleted_at, 0) <= @2", id, deletedBefore) == 0
            || TablesWith(session, "experiment_id").Except(ExperimentParts, StringComparer.Ordinal)
                .Any(table => session.Number($"SELECT EXISTS (SELECT 1 FROM {table} WHERE experiment_id = @1)", id) == 1);
        if (isNeeded)
        {
            return false;
        }

        foreach (var table in TablesWith(session, "model_key"))
        {
            session.Execute($"DELETE FROM {table} WHERE model_key IN (SELECT key FROM logged_model WHERE experiment_id = @1)", id);
        }

        foreach (var table in ExperimentParts)
        {
            session.Execute($"DELETE FROM {table} WHERE experiment_id = @1", id);
        }

        // Files that clients put beside the runs, under the experiment's number.
        session.Execute("DELETE FROM file WHERE owner = 'mlflow' AND path > @1 || '/' AND path < @1 || '0'", id.ToString(CultureInfo.InvariantCulture));
        session.Execute("DELETE FROM experiment WHERE id = @1", id);
        return true;
    }

    /// <summary>Digests in every table that mentions contents, but for the one that only knows more about them.</summary>
    public static IEnumerable<string> Mentions(SqlSession session) =>
        TablesWith(session, "digest").Where(table => table != "blob_md5").Select(table => $"SELECT DISTINCT digest FROM {table}")
            .Concat(ManifestMentions);

    private static List<string> TablesWith(SqlSession session, string column) =>
        session.Query(
            """
            SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
            WHERE m.type = 'table' AND c.name = @1 ORDER BY m.name
            """,
            row => row.GetString(0),
            column);
}
