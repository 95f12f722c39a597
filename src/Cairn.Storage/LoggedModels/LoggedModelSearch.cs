using Cairn.Core.LoggedModels;
using Cairn.Core.Search;
using Cairn.Storage.Search;

namespace Cairn.Storage.LoggedModels;

/// <summary>The SQL of a search over logged models.</summary>
internal sealed class LoggedModelSearch
{
    public const string Columns =
        "model.key, model.id, model.experiment_id, model.name, model.model_type, model.source_run_id, model.status, model.created_at, model.updated_at";

    private readonly SqlText sql = new();

    public (string Sql, object?[] Arguments) Build(LoggedModelQuery query)
    {
        sql.Add($"SELECT {Columns} FROM logged_model AS model");
        var orders = query.OrderBy.SelectMany(Order).ToList();
        orders.Add("model.created_at DESC");
        orders.Add("model.id");
        sql.Add($" WHERE model.lifecycle = 0 AND model.experiment_id IN (SELECT value FROM {sql.Numbers(query.Experiments.Select(id => id.Value))})");
        foreach (var criterion in query.Where)
        {
            sql.Add($" AND {Locate(criterion, query.Datasets)}");
        }

        if (query.Datasets.Count > 0 && query.Where.All(criterion => criterion.Subject != LoggedModelSubject.Metric))
        {
            sql.Add($" AND EXISTS (SELECT 1 FROM logged_model_metric WHERE model_key = model.key{On(query.Datasets)})");
        }

        sql.Add($" ORDER BY {string.Join(", ", orders)} LIMIT {sql.Argument(query.Limit)} OFFSET {sql.Argument(query.Offset)}");
        return (sql.ToString(), sql.Arguments);
    }

    private string Locate(Criterion<LoggedModelSubject> criterion, IReadOnlyList<MeasuredOn> datasets) => criterion.Subject switch
    {
        // A NaN (a null here) compares as 0, as in a search over runs.
        LoggedModelSubject.Metric =>
            $"EXISTS (SELECT 1 FROM logged_model_metric WHERE model_key = model.key AND name = {sql.Argument(criterion.Key)} AND {Test("COALESCE(value, 0.0)", criterion)}{On(datasets)})",
        LoggedModelSubject.Param =>
            $"EXISTS (SELECT 1 FROM logged_model_param WHERE model_key = model.key AND name = {sql.Argument(criterion.Key)} AND {Test("value", criterion)})",
        LoggedModelSubject.Tag =>
            $"EXISTS (SELECT 1 FROM logged_model_tag WHERE model_key = model.key AND name = {sql.Argument(criterion.Key)} AND {Test("value", criterion)})",
        _ => Test(Column(criterion.Key), criterion),
    };

    private string Test(string value, Criterion<LoggedModelSubject> criterion) =>
        CriterionSql.Test(sql, value, criterion.Comparison, criterion.Operand);

    private string On(IReadOnlyList<MeasuredOn> datasets) =>
        datasets.Count == 0
            ? ""
            : $" AND ({string.Join(" OR ", datasets.Select(data => $"(dataset_name = {sql.Argument(data.Name)}{Digest(data.Digest)})"))})";

    private string Digest(string? digest) => digest is null ? "" : $" AND dataset_digest = {sql.Argument(digest)}";

    private IEnumerable<string> Order(LoggedModelOrder order)
    {
        var value = order.Subject == LoggedModelSubject.Attribute
            ? Column(order.Key)
            : $"(SELECT value FROM logged_model_metric WHERE model_key = model.key AND name = {sql.Argument(order.Key)}"
                + (order.DatasetName is null ? "" : $" AND dataset_name = {sql.Argument(order.DatasetName)}")
                + Digest(order.DatasetDigest)
                + " ORDER BY time DESC, step DESC LIMIT 1)";
        return [$"{value} {(order.Descending ? "DESC" : "ASC")} NULLS LAST"];
    }

    private static string Column(string attribute) => attribute switch
    {
        "model_id" => "model.id",
        "name" => "model.name",
        "model_type" => "model.model_type",
        "source_run_id" => "model.source_run_id",
        "experiment_id" => "model.experiment_id",
        "status" => "CASE model.status WHEN 1 THEN 'PENDING' WHEN 2 THEN 'READY' WHEN 3 THEN 'FAILED' ELSE 'UNSPECIFIED' END",
        "creation_timestamp" => "model.created_at",
        "last_updated_timestamp" => "model.updated_at",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Logged models have no such attribute."),
    };
}
