using System.Globalization;
using System.Text;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Storage.Search;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Runs;

/// <summary>Many runs at once. Each field is read along its index, or, where few runs are meant, from these runs' rows.</summary>
internal sealed partial class SqlRunStore
{
    /// <summary>So few runs are quicker asked one by one than found in an index over all.</summary>
    private const int FewRuns = 1_000;

    public async Task<RunKeyCounts> CountKeysAsync(ExperimentId experiment, CancellationToken cancellationToken)
    {
        // A series has its row from its first point on, but not yet while that waits in the tail.
        await seriesLog.SaveLatestAsync(cancellationToken);
        return await database.ReadAsync(
            session => new RunKeyCounts(
                CountKeys(session, experiment, "param"),
                [.. CountMetrics(session, experiment).OrderBy(count => count.Key, StringComparer.Ordinal)],
                CountKeys(session, experiment, "tag")),
            cancellationToken);
    }

    public async Task<RunColumns> ReadColumnsAsync(RunQuery query, IReadOnlyList<Field> fields, CancellationToken cancellationToken)
    {
        await seriesLog.SaveLatestAsync(cancellationToken);
        return await database.SearchAsync(
            session =>
            {
                var runs = new RunSearch(session, query with { After = null }, name => seriesLog.FindMetric(session, name)).Find();
                var places = new Dictionary<long, int>(runs.Count);
                for (var i = 0; i < runs.Count; i++)
                {
                    places.Add(runs[i].Key, i);
                }

                return new RunColumns(runs.ConvertAll(run => run.Run), [.. fields.Select(field => ReadColumn(session, field, runs, places))]);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<StartedRuns>> CountStartedAsync(long since, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StartedRuns>>(
            session => session.Query(
                """
                SELECT experiment_id, started_at / 86400000, COUNT(*), SUM(CASE WHEN status IN (4, 6) THEN 1 ELSE 0 END)
                FROM run WHERE lifecycle = 0 AND started_at >= @1 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                row => new StartedRuns(new ExperimentId(row.GetInt64(0)), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3)),
                since),
            cancellationToken);

    public async Task<IReadOnlyList<RunSnapshot>> ListDoubtfulAsync(long since, int limit, CancellationToken cancellationToken)
    {
        await seriesLog.SaveLatestAsync(cancellationToken);
        return await database.ReadAsync<IReadOnlyList<RunSnapshot>>(
            session =>
            {
                // '/' is the character after '.': the range is everything that begins with "checks.".
                var runs = session.Query(
                    $"""
                    SELECT {RunRows.Columns} FROM run WHERE lifecycle = 0 AND started_at >= @1 AND key IN (
                        SELECT run_key FROM tag WHERE name >= 'checks.' AND name < 'checks/' AND value NOT LIKE 'passed%'
                        UNION
                        SELECT run_key FROM series WHERE last_value <= 0 AND metric_id IN (SELECT id FROM metric WHERE name >= 'checks.' AND name < 'checks/'))
                    ORDER BY started_at DESC LIMIT @2
                    """,
                    RunRows.Read,
                    since,
                    limit);
                return RunRows.ReadSnapshots(session, runs, seriesLog.NameOf);
            },
            cancellationToken);
    }

    private static List<KeyCount> CountKeys(SqlSession session, ExperimentId experiment, string table) =>
        session.Query(
            $"""
            SELECT {table}.name, COUNT(*) FROM run CROSS JOIN {table} ON run_key = run.key
            WHERE experiment_id = @1 AND lifecycle = 0 GROUP BY {table}.name ORDER BY {table}.name
            """,
            row => new KeyCount(row.GetString(0), row.GetInt32(1)),
            experiment.Value);

    private IEnumerable<KeyCount> CountMetrics(SqlSession session, ExperimentId experiment)
    {
        var counts = session.Query(
            """
            SELECT metric_id, COUNT(*) FROM run CROSS JOIN series ON run_key = run.key
            WHERE experiment_id = @1 AND lifecycle = 0 GROUP BY metric_id
            """,
            row => (Id: row.GetInt32(0), Runs: row.GetInt32(1)),
            experiment.Value).ToDictionary(count => seriesLog.NameOf(session, count.Id), count => count.Runs, StringComparer.Ordinal);

        // Numbers of the summary are shown as metrics; those that stand for a series are counted with it.
        foreach (var (key, runs) in session.Query(
            """
            SELECT summary.name, COUNT(*) FROM run CROSS JOIN summary ON run_key = run.key
            WHERE experiment_id = @1 AND lifecycle = 0 AND kind = 1 GROUP BY summary.name
            """,
            row => (row.GetString(0), row.GetInt32(1)),
            experiment.Value))
        {
            counts[key] = Math.Max(runs, counts.GetValueOrDefault(key));
        }

        return counts.Select(count => new KeyCount(count.Key, count.Value));
    }

    private RunColumn ReadColumn(SqlSession session, Field field, List<StoredRun> runs, Dictionary<long, int> places)
    {
        var texts = field.Kind == FieldKind.Metric ? null : new string?[runs.Count];
        var numbers = new double[runs.Count];
        Array.Fill(numbers, double.NaN);
        switch (field.Kind)
        {
            case FieldKind.Metric:
                ReadMetric(session, field.Key!, runs, places, numbers);
                break;
            case FieldKind.Attribute:
                for (var i = 0; i < runs.Count; i++)
                {
                    texts![i] = RunTexts.Of(runs[i].Run, field.Attribute);
                }

                break;
            default:
                ReadTexts(session, field, runs, places, texts!, numbers);
                break;
        }

        return new RunColumn(field, texts, numbers);
    }

    private void ReadMetric(SqlSession session, string key, List<StoredRun> runs, Dictionary<long, int> places, double[] numbers)
    {
        if (seriesLog.FindMetric(session, key) is { } metric)
        {
            var (which, arguments) = Meant(runs, metric);
            using var rows = session.Walk($"SELECT run_key, last_value FROM series WHERE metric_id = @1 AND last_value IS NOT NULL{which}", arguments);
            while (rows.Read())
            {
                if (places.TryGetValue(rows.Whole(0), out var place))
                {
                    numbers[place] = rows.Number(1);
                }
            }
        }

        var (some, values) = Meant(runs, key);
        using var set = session.Walk($"SELECT run_key, value FROM summary WHERE name = @1 AND kind = 1{some}", values);
        while (set.Read())
        {
            if (places.TryGetValue(set.Whole(0), out var place)
                && double.TryParse(set.Text(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                numbers[place] = number;
            }
        }
    }

    private static void ReadTexts(SqlSession session, Field field, List<StoredRun> runs, Dictionary<long, int> places, string?[] texts, double[] numbers)
    {
        var (which, arguments) = Meant(runs, field.Key!);
        using var rows = session.Walk($"SELECT run_key, value FROM {RunFields.Table(field.Kind)} WHERE name = @1{which}", arguments);
        while (rows.Read())
        {
            if (places.TryGetValue(rows.Whole(0), out var place))
            {
                texts[place] = Encoding.UTF8.GetString(rows.Text(1));
                if (double.TryParse(texts[place], NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                {
                    numbers[place] = number;
                }
            }
        }
    }

    private static (string Sql, object?[] Arguments) Meant(List<StoredRun> runs, object about) => runs.Count > FewRuns
        ? ("", [about])
        : (
            " AND run_key IN (SELECT value FROM json_each(@2))",
            [about, $"[{string.Join(',', runs.Select(run => run.Key.ToString(CultureInfo.InvariantCulture)))}]"]);
}
