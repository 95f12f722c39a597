using Cairn.Core.Models;
using Cairn.Core.Search;
using Cairn.Storage.Artifacts;

namespace Cairn.Storage.Search;

/// <summary>The SQL of a search over registered models, or over their versions.</summary>
internal sealed class ModelSearch
{
    private readonly SqlText sql = new();

    public (string Sql, object?[] Arguments) Models(ModelQuery query)
    {
        sql.Add($"{ModelRows.SelectModel} WHERE model_name IS NOT NULL");
        if (!query.WithPrompts)
        {
            sql.Add($" AND NOT {IsPrompt("artifact_tag", "artifact_id = artifact.id")}");
        }

        return Finish(query, ModelTest, ModelColumn, "model_name");
    }

    public (string Sql, object?[] Arguments) Versions(ModelQuery query)
    {
        sql.Add($"{ModelRows.SelectVersion} WHERE model_name IS NOT NULL AND deleted_at IS NULL");
        if (!query.WithPrompts)
        {
            sql.Add($" AND NOT {IsPrompt("artifact_tag", "artifact_id = artifact.id")} AND NOT {IsPrompt("version_tag", "version_id = version.id")}");
        }

        return Finish(query, VersionTest, VersionColumn, "model_name", "number DESC");
    }

    private (string Sql, object?[] Arguments) Finish(
        ModelQuery query,
        Func<Field, Func<string, string>, string> locate,
        Func<RecordAttribute, string> column,
        params string[] lastOrders)
    {
        if (query.Sight is { } sight)
        {
            sql.Add($" AND (artifact.experiment_id IN {Numbers(sight.Experiments.Select(id => id.Value))} OR artifact.id IN {Numbers(sight.Also)}) AND artifact.id NOT IN {Numbers(sight.Except)}");
        }

        if (query.Where is { } where)
        {
            sql.Add($" AND {new ConditionSql(sql, locate).Build(where)}");
        }

        var orders = query.OrderBy
            .Select(ordering => $"{column(ordering.Field.Attribute)}{(ordering.Descending ? " DESC" : "")}")
            .Concat(lastOrders);
        sql.Add($" ORDER BY {string.Join(", ", orders)} LIMIT {sql.Argument(query.Limit)} OFFSET {sql.Argument(query.Offset)}");
        return (sql.ToString(), sql.Arguments);
    }

    private string Numbers(IEnumerable<long> numbers) => $"(SELECT value FROM {sql.Numbers(numbers)})";

    private string ModelTest(Field field, Func<string, string> test) => field.Kind == FieldKind.Tag
        ? $"EXISTS (SELECT 1 FROM artifact_tag WHERE artifact_id = artifact.id AND artifact_tag.name = {sql.Argument(field.Key)} AND {test("value")})"
        : test(ModelColumn(field.Attribute));

    private string VersionTest(Field field, Func<string, string> test) => field.Kind == FieldKind.Tag
        ? $"EXISTS (SELECT 1 FROM version_tag WHERE version_id = version.id AND version_tag.name = {sql.Argument(field.Key)} AND {test("value")})"
        : test(VersionColumn(field.Attribute));

    private string IsPrompt(string table, string owner) =>
        $"EXISTS (SELECT 1 FROM {table} WHERE {owner} AND {table}.name = {sql.Argument(RegisteredModel.PromptTag)} AND value = 'true')";

    private static string ModelColumn(RecordAttribute attribute) => attribute switch
    {
        RecordAttribute.Name => "model_name",
        RecordAttribute.CreatedAt => "created_at",
        RecordAttribute.UpdatedAt => "updated_at",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Models have no such attribute."),
    };

    private static string VersionColumn(RecordAttribute attribute) => attribute switch
    {
        RecordAttribute.Name => "model_name",
        RecordAttribute.VersionNumber => "number + 1",
        RecordAttribute.RunId => "COALESCE(run_text, run_id, '')",
        RecordAttribute.Source => "source",
        RecordAttribute.CreatedAt => "version.created_at",
        RecordAttribute.UpdatedAt => "COALESCE(version.updated_at, version.created_at)",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Versions have no such attribute."),
    };
}
