using Cairn.Core.Experiments;
using Cairn.Core.Search;
using Cairn.Core.Traces;
using Cairn.Storage.Search;

namespace Cairn.Storage.Traces;

/// <summary>The SQL of a search over traces.</summary>
internal sealed class TraceSearch
{
    private readonly SqlText sql = new();

    public static string Columns =>
        "trace.key, trace.id, trace.experiment_id, trace.at, trace.duration, trace.state, trace.client_request_id, trace.request_preview, trace.response_preview";

    public (string Sql, object?[] Arguments) Build(TraceQuery query)
    {
        sql.Add($"SELECT {Columns} FROM trace");
        AddWhere(query.Experiments, query.Where);
        var orders = query.OrderBy.Select(Order).ToList();
        orders.Add("trace.at DESC");
        orders.Add("trace.id");
        sql.Add($" ORDER BY {string.Join(", ", orders)} LIMIT {sql.Argument(query.Limit)} OFFSET {sql.Argument(query.Offset)}");
        return (sql.ToString(), sql.Arguments);
    }

    public (string Sql, object?[] Arguments) BuildCount(IReadOnlyList<ExperimentId> experiments, IReadOnlyList<Criterion<TraceSubject>> where)
    {
        sql.Add("SELECT COUNT(*) FROM trace");
        AddWhere(experiments, where);
        return (sql.ToString(), sql.Arguments);
    }

    private void AddWhere(IReadOnlyList<ExperimentId> experiments, IReadOnlyList<Criterion<TraceSubject>> where)
    {
        sql.Add($" WHERE trace.experiment_id IN (SELECT value FROM {sql.Numbers(experiments.Select(id => id.Value))})");
        foreach (var criterion in where)
        {
            sql.Add($" AND {Locate(criterion)}");
        }
    }

    private string Locate(Criterion<TraceSubject> criterion)
    {
        switch (criterion.Subject)
        {
            case TraceSubject.Tag:
                return $"EXISTS (SELECT 1 FROM trace_tag WHERE trace_key = trace.key AND name = {sql.Argument(criterion.Key)} AND {Test("value", criterion)})";
            case TraceSubject.Metadata:
                return $"EXISTS (SELECT 1 FROM trace_metadata WHERE trace_key = trace.key AND name = {sql.Argument(criterion.Key)} AND {Test("value", criterion)})";
            case TraceSubject.Run:
                return $"(EXISTS (SELECT 1 FROM trace_metadata WHERE trace_key = trace.key AND name = {sql.Argument(TraceFilter.RunMetadata)} AND {Test("value", criterion)})"
                    + $" OR EXISTS (SELECT 1 FROM trace_run WHERE trace_key = trace.key AND {Test("run_id", criterion)}))";
            case TraceSubject.Span:
                return $"EXISTS (SELECT 1 FROM span WHERE trace_key = trace.key AND {Test($"span.{criterion.Key}", criterion)})";
            case TraceSubject.SpanAttribute:
                // Attributes are JSON in the JSON of the span; texts are compared without their quotes.
                var attribute = $"json_extract(span.content, {sql.Argument($"$.attributes.\"{criterion.Key}\"")})";
                var value = $"CASE WHEN json_valid({attribute}) THEN json_extract({attribute}, '$') ELSE {attribute} END";
                return $"EXISTS (SELECT 1 FROM span WHERE trace_key = trace.key AND {Test($"CAST(({value}) AS TEXT)", criterion)})";
            case TraceSubject.Feedback or TraceSubject.Expectation:
                // The value is JSON: a text is found with its quotes and without.
                return $"EXISTS (SELECT 1 FROM assessment WHERE trace_key = trace.key AND is_expectation = {(criterion.Subject == TraceSubject.Expectation ? 1 : 0)}"
                    + $" AND name = {sql.Argument(criterion.Key)} AND ({Test("value", criterion)} OR {Test("CAST(json_extract(value, '$') AS TEXT)", criterion)}))";
            default:
                return Test(Column(criterion.Key), criterion);
        }
    }

    private string Test(string value, Criterion<TraceSubject> criterion) => CriterionSql.Test(sql, value, criterion.Comparison, criterion.Operand);

    private string Order(SortKey<TraceSubject> key)
    {
        var value = key.Subject switch
        {
            TraceSubject.Tag => $"(SELECT value FROM trace_tag WHERE trace_key = trace.key AND name = {sql.Argument(key.Key)})",
            TraceSubject.Metadata => $"(SELECT value FROM trace_metadata WHERE trace_key = trace.key AND name = {sql.Argument(key.Key)})",
            _ => Column(key.Key),
        };
        return $"{value} {(key.Descending ? "DESC" : "ASC")} NULLS LAST";
    }

    private static string Column(string attribute) => attribute switch
    {
        "id" => "trace.id",
        "at" => "trace.at",
        "duration" => "trace.duration",
        "end" => "(trace.at + COALESCE(trace.duration, 0))",
        "client_request_id" => "trace.client_request_id",
        "experiment_id" => "trace.experiment_id",
        "state" => "CASE trace.state WHEN 1 THEN 'OK' WHEN 2 THEN 'ERROR' WHEN 3 THEN 'IN_PROGRESS' ELSE 'STATE_UNSPECIFIED' END",
        _ => throw new ArgumentOutOfRangeException(nameof(attribute), attribute, "Traces have no such attribute."),
    };
}
