using Cairn.Core.Search;

namespace Cairn.Storage.Search;

/// <summary>
/// Conditions on runs in SQL, in two forms: as a test on a run that was found some other way, and as a select that finds
/// the runs in an index.
/// </summary>
internal sealed class RunConditions(SqlText sql, Func<string, int?> findMetric)
{
    /// <summary>A test on the row of <c>run</c>.</summary>
    public string Test(Condition condition) => new ConditionSql(sql, Locate).Build(condition);

    /// <summary>
    /// Selects the keys of exactly the runs that fulfil the comparison, from an index and from nothing else; null where
    /// there is no such index.
    /// </summary>
    /// <param name="condition">A single comparison.</param>
    /// <param name="mayScan">Also read all the runs that have the field and compare each.</param>
    public string? Select(Condition condition, bool mayScan) => condition switch
    {
        Condition.Number { Field.Kind: FieldKind.Metric } number when mayScan || number.Comparison != Comparison.NotEqual => Metric(number),
        Condition.Text { Field.Kind: FieldKind.Param or FieldKind.Tag } text when mayScan || text.Comparison == Comparison.Equal => Named(text.Field, text),
        Condition.OneOf { Field.Kind: FieldKind.Param or FieldKind.Tag } list when mayScan || list.Comparison == Comparison.In => Named(list.Field, list),
        Condition.Text { Comparison: Comparison.Equal, Field: { Kind: FieldKind.Attribute, Attribute: RecordAttribute.Id } } id =>
            $"SELECT key FROM run WHERE id = {sql.Argument(id.Value)}",
        Condition.OneOf { Comparison: Comparison.In, Field: { Kind: FieldKind.Attribute, Attribute: RecordAttribute.Id } } ids =>
            $"SELECT key FROM run WHERE id IN ({string.Join(", ", ids.Values.Select(id => sql.Argument(id)))})",
        Condition.Text { Comparison: Comparison.Equal, Field: { Kind: FieldKind.Attribute, Attribute: RecordAttribute.ParentId } } parent =>
            $"SELECT key FROM run WHERE parent_id = {sql.Argument(parent.Value)}",
        _ => null,
    };

    private string Metric(Condition.Number number)
    {
        if (findMetric(number.Field.Key!) is not { } metric)
        {
            return "SELECT key FROM run WHERE 0";
        }

        var select = $"SELECT run_key FROM series INDEXED BY series_by_value WHERE metric_id = {sql.Argument(metric)} AND last_value";
        var numbers = $"{select} {ConditionSql.Operator(number.Comparison)} {sql.Argument(number.Value)}";
        return ConditionSql.Holds(0, number.Comparison, number.Value) ? $"{numbers} UNION ALL {select} IS NULL" : numbers;
    }

    private string Named(Field field, Condition condition)
    {
        var table = RunFields.Table(field.Kind);
        var test = new ConditionSql(sql, (_, test) => test("value")).Build(condition);
        return $"SELECT run_key FROM {table} INDEXED BY {table}_by_value WHERE name = {sql.Argument(field.Key)} AND {test}";
    }

    private string Locate(Field field, Func<string, string> test)
    {
        switch (field.Kind)
        {
            case FieldKind.Metric:
                // A NaN (a null here) compares as 0, as in MLflow.
                return findMetric(field.Key!) is { } metric
                    ? $"EXISTS (SELECT 1 FROM series WHERE run_key = run.key AND metric_id = {sql.Argument(metric)} AND {test("COALESCE(last_value, 0.0)")})"
                    : "0";
            case FieldKind.Param or FieldKind.Tag:
                return $"EXISTS (SELECT 1 FROM {RunFields.Table(field.Kind)} WHERE run_key = run.key AND name = {sql.Argument(field.Key)} AND {test("value")})";
            case FieldKind.Dataset:
                return field.Key == "context"
                    ? $"EXISTS (SELECT 1 FROM run_dataset_tag WHERE run_key = run.key AND name = {sql.Argument(Core.Datasets.RunLinks.ContextTag)} AND {test("value")})"
                    : $"EXISTS (SELECT 1 FROM run_dataset JOIN dataset ON dataset.id = dataset_id WHERE run_key = run.key AND {test($"dataset.{field.Key}")})";
            default:
                var column = RunFields.Column(field.Attribute);
                return $"({column} IS NOT NULL AND {test(column)})";
        }
    }
}
