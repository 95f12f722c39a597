using Cairn.Core;
using Cairn.Core.Search;
using Cairn.Storage.Runs;

namespace Cairn.Storage.Search;

/// <summary>The statement that looks at runs, keeps those that fit and sorts them.</summary>
/// <param name="query">The search.</param>
/// <param name="findMetric">The store's number of a metric's name; null where no run ever logged it.</param>
internal sealed class RunStatement(RunQuery query, Func<string, int?> findMetric)
{
    /// <summary>More experiments than these are given as one list.</summary>
    internal const int MostArguments = 100;

    private readonly SqlText sql = new();
    private readonly List<string> joins = [];
    private readonly List<string> tests = [];

    /// <param name="keys">Look at these runs only; null for all of the experiments.</param>
    /// <param name="clauses">What must hold.</param>
    /// <param name="limit">Runs at most.</param>
    public (string Sql, object?[] Arguments) Build(IReadOnlyCollection<long>? keys, IReadOnlyList<Condition> clauses, long limit)
    {
        var sorting = new SortKeys(sql);
        AddOrderings(sorting);
        AddScope();
        var conditions = new RunConditions(sql, findMetric);
        tests.AddRange(clauses.Select(conditions.Test));
        if (query.After is not null)
        {
            tests.Add(sorting.Behind());
        }

        var from = keys is null
            ? "run"
            : $"{sql.Numbers(keys)} AS meant CROSS JOIN run ON run.key = meant.value";
        var where = tests.Count > 0 ? $" WHERE {string.Join(" AND ", tests)}" : "";
        sql.Add($"SELECT {RunRows.Columns} FROM {from}{string.Concat(joins)}{where} ORDER BY {sorting.OrderBy()} LIMIT {sql.Argument(limit)}");
        return (sql.ToString(), sql.Arguments);
    }

    private void AddScope()
    {
        if (query.Experiments.Count > 0)
        {
            tests.Add($"run.experiment_id IN ({(query.Experiments.Count <= MostArguments
                ? string.Join(", ", query.Experiments.Select(id => sql.Argument(id.Value)))
                : $"SELECT value FROM {sql.Numbers(query.Experiments.Select(id => id.Value))}")})");
        }

        if (query.Lifecycle != LifecycleFilter.All)
        {
            tests.Add($"run.lifecycle = {sql.Argument((int)query.Lifecycle)}");
        }
    }

    private void AddOrderings(SortKeys keys)
    {
        for (var i = 0; i < query.OrderBy.Count; i++)
        {
            AddOrdering(keys, query.OrderBy[i], FormattableString.Invariant($"o{i}"), query.After?.Values[i] ?? SortValue.Missing);
        }

        keys.AddTieBreakers(query.After);
    }

    private void AddOrdering(SortKeys keys, Ordering ordering, string alias, SortValue after)
    {
        var field = ordering.Field;
        if (RunFields.IsStart(field))
        {
            keys.Add("run.started_at", ordering.Descending, after.Whole);
            return;
        }

        // Numbers first, then NaN, then runs without the value, in both directions.
        object? rank = query.After is null ? null : after.IsMissing ? 2L : after.Number is double.NaN ? 1L : 0L;
        if (field.Kind == FieldKind.Attribute)
        {
            var column = RunFields.Column(field.Attribute);
            keys.Add($"CASE WHEN {column} IS NULL THEN 2 ELSE 0 END", false, rank);
            keys.Add(column, ordering.Descending, after.Text ?? (object?)after.Whole);
            return;
        }

        var named = field.Kind == FieldKind.Metric
            ? $"{alias}.metric_id = {sql.Argument(findMetric(field.Key!) ?? -1)}"
            : $"{alias}.name = {sql.Argument(field.Key)}";
        joins.Add($" LEFT JOIN {RunFields.Table(field.Kind)} AS {alias} ON {alias}.run_key = run.key AND {named}");
        if (field.Kind == FieldKind.Metric)
        {
            keys.Add($"CASE WHEN {alias}.run_key IS NULL THEN 2 WHEN {alias}.last_value IS NULL THEN 1 ELSE 0 END", false, rank);
            keys.Add($"{alias}.last_value", ordering.Descending, after.Number is double.NaN ? null : after.Number);
        }
        else if (ordering.NumbersByValue)
        {
            keys.Add($"CASE WHEN {alias}.run_key IS NULL THEN 2 ELSE {TextRank($"{alias}.value")} END", false, after.Text ?? rank, after.Text is null ? null : TextRank);
            keys.Add(NumberIn($"{alias}.value"), ordering.Descending, after.Text, NumberIn);
            keys.Add($"{alias}.value", ordering.Descending, after.Text);
        }
        else
        {
            keys.Add($"CASE WHEN {alias}.run_key IS NULL THEN 2 ELSE 0 END", false, rank);
            keys.Add($"{alias}.value", ordering.Descending, after.Text);
        }
    }

    /// <summary>0 for what reads as a number, 1 for other texts.</summary>
    private static string TextRank(string value) => $"NOT ({IsNumber(value)})";

    private static string NumberIn(string value) => $"CASE WHEN {IsNumber(value)} THEN CAST({value} AS REAL) ELSE 0.0 END";

    private static string IsNumber(string value) => $"{value} GLOB '*[0-9]*' AND {value} NOT GLOB '*[^0-9.eE+-]*'";
}
