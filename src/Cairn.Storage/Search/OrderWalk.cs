using Cairn.Core.Search;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Search;

/// <summary>
/// Runs in the order that a search asks for, from an index, in portions: within a portion they still have to be sorted,
/// but every run of a portion comes before every run of the next. First those that have a value, then those whose metric
/// is NaN, then those without one.
/// </summary>
internal sealed class OrderWalk(SqlSession session, RunQuery query, Func<string, int?> findMetric)
{
    /// <summary>True where an index has this order.</summary>
    public static bool IsPossible(RunQuery query) =>
        query.OrderBy.Count == 0 || RunFields.IsStart(query.OrderBy[0].Field) || query.OrderBy[0] is { Field.Kind: not FieldKind.Attribute, NumbersByValue: false };

    /// <param name="meant">Runs that the condition may fit; null for all.</param>
    /// <param name="bounds">Clauses about the metric that is the order: they bound the walk, and exclude runs without it.</param>
    /// <param name="wanted">Runs that are needed about.</param>
    public IEnumerable<List<long>> Portions(KeySet? meant, IReadOnlyList<Condition.Number> bounds, long wanted)
    {
        if (query.OrderBy.Count == 0 || RunFields.IsStart(query.OrderBy[0].Field))
        {
            return Walk(Started(query.OrderBy.Count == 0 || query.OrderBy[0].Descending, isTie: query.OrderBy.Count == 0), meant, null, wanted);
        }

        return AlongValues(meant, bounds, wanted);
    }

    private IEnumerable<List<long>> AlongValues(KeySet? meant, IReadOnlyList<Condition.Number> bounds, long wanted)
    {
        var field = query.OrderBy[0].Field;
        var valued = new KeySet(session.Number("SELECT COALESCE(MAX(key), 0) FROM run"));
        var from = query.After?.Values[0] ?? SortValue.Missing;
        var isNew = query.After is null;
        if (isNew || (!from.IsMissing && from.Number is not double.NaN))
        {
            foreach (var portion in Walk(Valued(field, bounds, from), meant, valued, wanted))
            {
                yield return portion;
            }
        }

        if (field.Kind == FieldKind.Metric && (isNew || !from.IsMissing) && bounds.All(bound => ConditionSql.Holds(0, bound.Comparison, bound.Value)))
        {
            foreach (var portion in Walk(NotNumbers(field), meant, valued, wanted))
            {
                yield return portion;
            }
        }

        if (bounds.Count == 0)
        {
            // A further ordering sorts these first, and no index knows it: they are one portion.
            var isByStart = query.OrderBy.Count == 1;
            var started = Started(descending: true, isTie: isByStart && from.IsMissing && !isNew);
            foreach (var portion in Walk(started, meant, null, isByStart ? wanted : int.MaxValue))
            {
                portion.RemoveAll(valued.Contains);
                yield return portion;
            }
        }
    }

    private (string Sql, object?[] Arguments) Started(bool descending, bool isTie)
    {
        var sql = new SqlText();
        var isByExperiment = query.Experiments.Count == 1 && query.Lifecycle != Core.LifecycleFilter.All;
        var scope = isByExperiment
            ? $"INDEXED BY run_by_experiment WHERE experiment_id = {sql.Argument(query.Experiments[0].Value)} AND lifecycle = {sql.Argument((int)query.Lifecycle)}"
            : "INDEXED BY run_by_start WHERE 1";

        // The position's start time is where to enter only if the walk as a whole is by start time.
        var isOrder = query.OrderBy.Count > 0 && RunFields.IsStart(query.OrderBy[0].Field);
        var enter = query.After is { } after && (isOrder || isTie)
            ? $" AND started_at {(descending ? "<=" : ">=")} {sql.Argument(after.StartedAt)}"
            : "";
        sql.Add($"SELECT key, started_at, NULL FROM run {scope}{enter} ORDER BY started_at{(descending ? " DESC" : "")}");
        return (sql.ToString(), sql.Arguments);
    }

    private (string Sql, object?[] Arguments) Valued(Field field, IReadOnlyList<Condition.Number> bounds, SortValue from)
    {
        var sql = new SqlText();
        var descending = query.OrderBy[0].Descending;
        var isMetric = field.Kind == FieldKind.Metric;
        var value = isMetric ? "last_value" : "value";
        var table = RunFields.Table(field.Kind);
        sql.Add($"SELECT run_key, {(isMetric ? "last_value, NULL" : "0, value")} FROM {table} INDEXED BY {table}_by_value WHERE {Named(sql, field)} AND {value} IS NOT NULL");
        foreach (var bound in bounds)
        {
            sql.Add($" AND last_value {ConditionSql.Operator(bound.Comparison)} {sql.Argument(bound.Value)}");
        }

        if ((isMetric ? from.Number : (object?)from.Text) is { } entry)
        {
            sql.Add($" AND {value} {(descending ? "<=" : ">=")} {sql.Argument(entry)}");
        }

        sql.Add($" ORDER BY {value}{(descending ? " DESC" : "")}");
        return (sql.ToString(), sql.Arguments);
    }

    private (string Sql, object?[] Arguments) NotNumbers(Field field)
    {
        var sql = new SqlText();
        sql.Add($"SELECT run_key, 0, NULL FROM series INDEXED BY series_by_value WHERE {Named(sql, field)} AND last_value IS NULL");
        return (sql.ToString(), sql.Arguments);
    }

    private string Named(SqlText sql, Field field) => field.Kind == FieldKind.Metric
        ? $"metric_id = {sql.Argument(findMetric(field.Key!) ?? -1)}"
        : $"name = {sql.Argument(field.Key)}";

    private IEnumerable<List<long>> Walk((string Sql, object?[] Arguments) statement, KeySet? meant, KeySet? valued, long wanted)
    {
        using var rows = session.Walk(statement.Sql, statement.Arguments);
        var portion = new List<long>();
        var length = wanted + 16;
        var last = new LastValue();
        while (rows.Read())
        {
            var key = rows.Whole(0);
            valued?.Add(key);
            if (meant?.Contains(key) == false)
            {
                continue;
            }

            // Equal values belong into one portion.
            if (!last.Is(rows) && portion.Count >= length)
            {
                yield return portion;
                portion = [];
                length *= 2;
            }

            last.Set(rows);
            portion.Add(key);
        }

        yield return portion;
    }

    private sealed class LastValue
    {
        private double number;
        private byte[] text = new byte[64];
        private int length = -1;

        public bool Is(SqlCursor rows) => length >= 0 && rows.Number(1) == number && rows.Text(2).SequenceEqual(text.AsSpan(0, length));

        public void Set(SqlCursor rows)
        {
            number = rows.Number(1);
            var now = rows.Text(2);
            if (text.Length < now.Length)
            {
                text = new byte[now.Length * 2];
            }

            now.CopyTo(text);
            length = now.Length;
        }
    }
}
