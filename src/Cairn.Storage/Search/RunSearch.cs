using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Storage.Runs;

namespace Cairn.Storage.Search;

/// <summary>The SQL of a search over runs.</summary>
/// <param name="findMetric">The store's number of a metric's name; null where no run ever logged it.</param>
internal sealed class RunSearch(Func<string, int?> findMetric)
{
    private readonly SqlText sql = new();

    public (string Sql, object?[] Arguments) Build(RunQuery query)
    {
        sql.Add($"SELECT {RunRows.Columns} FROM run");
        var orders = new List<string>();
        for (var i = 0; i < query.OrderBy.Count; i++)
        {
            AddOrdering(query.OrderBy[i], i, orders);
        }

        var tests = new List<string>();
        if (query.Experiments.Count > 0)
        {
            tests.Add($"run.experiment_id IN ({string.Join(", ", query.Experiments.Select(id => sql.Argument(id.Value)))})");
        }

        if (query.Lifecycle != LifecycleFilterAll)
        {
            tests.Add($"run.lifecycle = {sql.Argument((int)query.Lifecycle)}");
        }

        if (query.Where is { } where)
        {
            tests.Add(new ConditionSql(sql, Locate).Build(where));
        }

        if (tests.Count > 0)
        {
            sql.Add($" WHERE {string.Join(" AND ", tests)}");
        }

        orders.Add("run.started_at DESC");
        orders.Add("run.id");
        sql.Add($" ORDER BY {string.Join(", ", orders)} LIMIT {sql.Argument(query.Limit)} OFFSET {sql.Argument(query.Offset)}");
        return (sql.ToString(), sql.Arguments);
    }

    private const Core.LifecycleFilter LifecycleFilterAll = Core.LifecycleFilter.All;

    private string Locate(Field field, Func<string, string> test)
    {
        switch (field.Kind)
        {
            case FieldKind.Metric:
                // A NaN (a null here) compares as 0, as in MLflow.
                return findMetric(field.Key!) is { } metric
                    ? $"EXISTS (SELECT 1 FROM series WHERE run_key = run.key AND metric_id = {sql.Argument(metric)} AND {test("COALESCE(last_value, 0.0)")})"
                    : "0";
            case FieldKind.Param:
                return $"EXISTS (SELECT 1 FROM param WHERE run_key = run.key AND name = {sql.Argument(field.Key)} AND {test("value")})";
            case FieldKind.Tag:
                return $"EXISTS (SELECT 1 FROM tag WHERE run_key = run.key AND name = {sql.Argument(field.Key)} AND {test("value")})";
            case FieldKind.Dataset:
                return field.Key == "context"
                    ? $"EXISTS (SELECT 1 FROM run_dataset_tag WHERE run_key = run.key AND name = {sql.Argument(Core.Datasets.RunLinks.ContextTag)} AND {test("value")})"
                    : $"EXISTS (SELECT 1 FROM run_dataset JOIN dataset ON dataset.id = dataset_id WHERE run_key = run.key AND {test($"dataset.{field.Key}")})";
            default:
                var column = Column(field.Attribute);
                return $"({column} IS NOT NULL AND {test(column)})";
        }
    }

    private void AddOrdering(Ordering ordering, int index, List<string> orders)
    {
        var direction = ordering.Descending ? " DESC" : "";
        var alias = FormattableString.Invariant($"o{index}");
        switch (ordering.Field.Kind)
        {
            case FieldKind.Metric:
                // Numbers first, then NaN, then runs without the metric, in both directions.
                sql.Add($" LEFT JOIN series AS {alias} ON {alias}.run_key = run.key AND {alias}.metric_id = {sql.Argument(findMetric(ordering.Field.Key!) ?? -1)}");
                orders.Add($"CASE WHEN {alias}.run_key IS NULL THEN 2 WHEN {alias}.last_value IS NULL THEN 1 ELSE 0 END");
                orders.Add($"{alias}.last_value{direction}");
                break;
            case FieldKind.Param or FieldKind.Tag:
                var table = ordering.Field.Kind == FieldKind.Param ? "param" : "tag";
                sql.Add($" LEFT JOIN {table} AS {alias} ON {alias}.run_key = run.key AND {alias}.name = {sql.Argument(ordering.Field.Key)}");
                orders.Add($"{alias}.value IS NULL");
                orders.Add($"{alias}.value{direction}");
                break;
            default:
                orders.Add($"{Column(ordering.Field.Attribute)} IS NULL");
                orders.Add($"{Column(ordering.Field.Attribute)}{direction}");
                break;
        }
    }

    private static string Column(RecordAttribute attribute) => attribute switch
    {
        RecordAttribute.Id => "run.id",
        RecordAttribute.Name => "run.name",
        RecordAttribute.Status => StatusWords,
        RecordAttribute.Author => "run.author",
        RecordAttribute.JobType => "run.job_type",
        RecordAttribute.StartedAt or RecordAttribute.CreatedAt => "run.started_at",
        RecordAttribute.EndedAt or RecordAttribute.UpdatedAt => "run.ended_at",
        RecordAttribute.ParentId => "run.parent_id",
        RecordAttribute.ArtifactUri => "('mlflow-artifacts:/' || run.experiment_id || '/' || run.id || '/artifacts')",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, null),
    };

    private static readonly string StatusWords =
        $"CASE run.status {string.Join(' ', Enum.GetValues<RunStatus>().Select(status => $"WHEN {(int)status} THEN '{Word(status)}'"))} END";

    // Searches speak of a crashed run as failed, as every client does that knows no such state.
    private static string Word(RunStatus status) => (status == RunStatus.Crashed ? RunStatus.Failed : status).ToString().ToUpperInvariant();
}
