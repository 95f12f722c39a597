using System.Globalization;
using Cairn.Core;
using Cairn.Core.Datasets;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Runs;

/// <summary>A run and the store's number of it.</summary>
internal sealed record StoredRun(long Key, Run Run);

/// <summary>From rows to runs and what belongs to them.</summary>
internal static class RunRows
{
    public const string Columns =
        "run.key, run.id, run.experiment_id, run.name, run.status, run.lifecycle, run.started_at, run.ended_at, run.author, run.job_type, run.parent_id, "
        + "run.run_group, run.client_id, run.heartbeat_at, run.stop_requested";

    public static StoredRun Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        new Run(
            RunId.Parse(row.GetString(1)),
            new ExperimentId(row.GetInt64(2)),
            row.GetString(3),
            (RunStatus)row.GetInt32(4),
            (Lifecycle)row.GetInt32(5),
            row.GetInt64(6),
            row.Long(7),
            row.Text(8),
            row.Text(9),
            row.Text(10) is { } parent ? RunId.Parse(parent) : null,
            row.Text(11),
            row.Text(12),
            row.Long(13),
            row.GetInt64(14) == 1));

    public static List<Param> ReadParams(SqlSession session, long key) =>
        session.Query("SELECT name, kind, value FROM param WHERE run_key = @1 ORDER BY name", ReadParam, key);

    /// <summary>One run whole. <paramref name="waiting"/> are newest points that may not be in the rows yet.</summary>
    public static RunSnapshot ReadSnapshot(SqlSession session, StoredRun run, List<(int Metric, MetricPoint Latest)> waiting)
    {
        var latest = new Dictionary<string, MetricPoint>(StringComparer.Ordinal);
        session.Query(
            """
            SELECT metric.name, last_step, last_time, last_value FROM series
            JOIN metric ON metric.id = metric_id WHERE run_key = @1
            """,
            row => latest[row.GetString(0)] = new MetricPoint(row.GetInt64(1), row.GetInt64(2), row.NumberOrNan(3)),
            run.Key);
        foreach (var (metric, point) in waiting)
        {
            var name = session.First("SELECT name FROM metric WHERE id = @1", row => row.GetString(0), metric)!;
            if (!latest.TryGetValue(name, out var stored) || point > stored)
            {
                latest[name] = point;
            }
        }

        return new RunSnapshot(
            run.Run,
            ReadParams(session, run.Key),
            session.Query("SELECT name, value FROM tag WHERE run_key = @1 ORDER BY name", row => (row.GetString(0), row.GetString(1)), run.Key)
                .ToDictionary(StringComparer.Ordinal),
            [.. latest.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => new LatestMetric(entry.Key, entry.Value))],
            session.Query("SELECT name, kind, value FROM summary WHERE run_key = @1 ORDER BY name", ReadParam, run.Key))
        {
            Links = RunLinkRows.Read(session, $"[{run.Key}]").GetValueOrDefault(run.Key, RunLinks.None),
        };
    }

    /// <summary>A page of runs with a handful of statements rather than a handful for each run.</summary>
    /// <param name="session">Where to read.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="nameOf">The name of a metric's number.</param>
    public static List<RunSnapshot> ReadSnapshots(SqlSession session, List<StoredRun> runs, Func<SqlSession, int, string> nameOf)
    {
        if (runs.Count == 0)
        {
            return [];
        }

        var keys = string.Create(
            CultureInfo.InvariantCulture,
            $"[{string.Join(',', runs.Select(run => run.Key.ToString(CultureInfo.InvariantCulture)))}]");
        var parts = runs.ToDictionary(run => run.Key, _ => new Parts());
        const string those = "WHERE run_key IN (SELECT value FROM json_each(@1))";
        using (var rows = session.Walk($"SELECT run_key, name, kind, value FROM param {those} ORDER BY run_key, name", keys))
        {
            while (rows.Read())
            {
                parts[rows.Whole(0)].Params.Add(new Param(rows.String(1), (ParamKind)rows.Whole(2), rows.String(3)));
            }
        }

        using (var rows = session.Walk($"SELECT run_key, name, value FROM tag {those}", keys))
        {
            while (rows.Read())
            {
                parts[rows.Whole(0)].Tags[rows.String(1)] = rows.String(2);
            }
        }

        using (var rows = session.Walk($"SELECT run_key, metric_id, last_step, last_time, last_value FROM series {those}", keys))
        {
            while (rows.Read())
            {
                var latest = new MetricPoint(rows.Whole(2), rows.Whole(3), rows.NumberOrNan(4));
                parts[rows.Whole(0)].Latest.Add(new LatestMetric(nameOf(session, (int)rows.Whole(1)), latest));
            }
        }

        using (var rows = session.Walk($"SELECT run_key, name, kind, value FROM summary {those} ORDER BY run_key, name", keys))
        {
            while (rows.Read())
            {
                parts[rows.Whole(0)].Summary.Add(new Param(rows.String(1), (ParamKind)rows.Whole(2), rows.String(3)));
            }
        }

        var links = RunLinkRows.Read(session, keys);
        return runs.ConvertAll(run =>
        {
            var part = parts[run.Key];
            part.Latest.Sort((left, right) => string.CompareOrdinal(left.Key, right.Key));
            return new RunSnapshot(run.Run, part.Params, part.Tags, part.Latest, part.Summary)
            {
                Links = links.GetValueOrDefault(run.Key, RunLinks.None),
            };
        });
    }

    private static Param ReadParam(SqliteDataReader row) => new(row.GetString(0), (ParamKind)row.GetInt32(1), row.GetString(2));

    private static Dictionary<string, string> ToDictionary(this List<(string, string)> pairs, StringComparer comparer) =>
        pairs.ToDictionary(pair => pair.Item1, pair => pair.Item2, comparer);

    private sealed class Parts
    {
        public List<Param> Params { get; } = [];

        public Dictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

        public List<LatestMetric> Latest { get; } = [];

        public List<Param> Summary { get; } = [];
    }
}
