using Cairn.Core;
using Cairn.Core.Search;

namespace Cairn.Storage.Search;

/// <summary>The SQL of a search over experiments.</summary>
internal sealed class ExperimentSearch
{
    private readonly SqlText sql = new();

    public (string Sql, object?[] Arguments) Build(ExperimentQuery query)
    {
        sql.Add("SELECT id, name, artifact_location, lifecycle, created_at, updated_at FROM experiment WHERE 1");
        if (query.Lifecycle != LifecycleFilter.All)
        {
            sql.Add($" AND lifecycle = {sql.Argument((int)query.Lifecycle)}");
        }

        if (query.Among is { } among)
        {
            sql.Add($" AND id IN (SELECT value FROM {sql.Numbers(among.Select(id => id.Value))})");
        }

        if (query.Where is { } where)
        {
            sql.Add($" AND {new ConditionSql(sql, Locate).Build(where)}");
        }

        var orders = query.OrderBy.Count == 0
            ? ["created_at DESC", "id"]
            : query.OrderBy.Select(ordering => $"{Column(ordering.Field.Attribute)}{(ordering.Descending ? " DESC" : "")}").Append("id DESC").ToList();
        sql.Add($" ORDER BY {string.Join(", ", orders)} LIMIT {sql.Argument(query.Limit)} OFFSET {sql.Argument(query.Offset)}");
        return (sql.ToString(), sql.Arguments);
    }

    private string Locate(Field field, Func<string, string> test) => field.Kind switch
    {
        FieldKind.Tag =>
            $"EXISTS (SELECT 1 FROM experiment_tag WHERE experiment_id = experiment.id AND experiment_tag.name = {sql.Argument(field.Key)} AND {test("value")})",
        FieldKind.Attribute => test(Column(field.Attribute)),
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "Experiments have neither metrics nor params."),
    };

    private static string Column(RecordAttribute attribute) => attribute switch
    {
        RecordAttribute.Id => "id",
        RecordAttribute.Name => "experiment.name",
        RecordAttribute.CreatedAt => "created_at",
        RecordAttribute.UpdatedAt => "updated_at",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Experiments have no such attribute."),
    };
}
