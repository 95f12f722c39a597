using Cairn.Core.Search;

namespace Cairn.Core.LoggedModels;

/// <summary>The filter language of logged models: <c>name</c>, <c>attributes.x</c>, <c>metrics.x</c>, <c>params.x</c>, <c>tags.x</c>.</summary>
public static class LoggedModelFilter
{
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["model_id"] = "model_id",
        ["name"] = "name",
        ["model_type"] = "model_type",
        ["status"] = "status",
        ["source_run_id"] = "source_run_id",
        ["experiment_id"] = "experiment_id",
        ["creation_time"] = "creation_timestamp",
        ["creation_timestamp"] = "creation_timestamp",
        ["creation_timestamp_ms"] = "creation_timestamp",
        ["last_updated_time"] = "last_updated_timestamp",
        ["last_updated_timestamp"] = "last_updated_timestamp",
        ["last_updated_timestamp_ms"] = "last_updated_timestamp",
    };

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static IReadOnlyList<Criterion<LoggedModelSubject>> Parse(string? filter) => [.. ClauseReader.Read(filter, "Invalid filter string").Select(Read)];

    /// <summary>The sort key of a field such as <c>name</c> or <c>metrics.acc</c>.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static LoggedModelOrder ParseOrder(string field, bool descending, string? datasetName, string? datasetDigest)
    {
        var dot = field.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return Columns.TryGetValue(field.Trim(), out var column)
                ? new LoggedModelOrder(LoggedModelSubject.Attribute, column, descending, null, null)
                : throw CairnException.Invalid("order_by", $"Invalid order by field name: {field}");
        }

        return field[..dot] == "metrics"
            ? new LoggedModelOrder(LoggedModelSubject.Metric, field[(dot + 1)..], descending, datasetName, datasetDigest)
            : throw CairnException.Invalid("order_by", $"Invalid order by field name: {field}. Only metrics are supported.");
    }

    private static Criterion<LoggedModelSubject> Read(Clause clause)
    {
        var (subject, key) = clause.Entity switch
        {
            "" or "attributes" => (LoggedModelSubject.Attribute, Columns.GetValueOrDefault(clause.Key)
                ?? throw Refuse($"Invalid attribute key '{clause.Key}' specified. Valid keys are: {string.Join(", ", Columns.Keys.Order(StringComparer.Ordinal))}")),
            "metrics" => (LoggedModelSubject.Metric, clause.Key),
            "params" => (LoggedModelSubject.Param, clause.Key),
            "tags" => (LoggedModelSubject.Tag, clause.Key),
            var other => throw Refuse($"Invalid entity type: '{other}'. Expected one of ['attributes', 'metrics', 'params', 'tags']."),
        };
        var isNumeric = subject == LoggedModelSubject.Metric
            || (subject == LoggedModelSubject.Attribute && key is "creation_timestamp" or "last_updated_timestamp" or "experiment_id");
        if (isNumeric ? !clause.IsNumeric : !clause.IsTextual && !clause.IsListed)
        {
            throw Refuse(
                $"Invalid comparison operator for {clause.Name}: '{clause.Comparator}'. Expected one of "
                + (isNumeric ? "('<', '<=', '>', '>=', '=', '!=')." : "('=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN')."));
        }

        var fits = isNumeric ? clause.Operand.Number is not null : clause.IsListed ? clause.Operand.List is not null : clause.Operand.Text is not null;
        return fits
            ? new Criterion<LoggedModelSubject>(subject, key, clause.Comparison, subject == LoggedModelSubject.Attribute && key == "status" ? Statuses(clause.Operand) : clause.Operand)
            : throw Refuse($"Expected {(isNumeric ? "a number" : clause.IsListed ? "a list of quoted texts" : "a quoted text")} for {clause.Name}. Found {clause.Written}");
    }

    // The store keeps numbers; people write READY, or what stands in answers.
    private static Operand Statuses(Operand operand) =>
        new(operand.Text is { } text ? Status(text) : null, operand.Number, operand.List?.Select(Status).ToList());

    private static string Status(string text)
    {
        var name = text.StartsWith("LOGGED_MODEL_", StringComparison.Ordinal) ? text[13..] : text;
        return name == "UPLOAD_FAILED" ? "FAILED" : name;
    }

    private static CairnException Refuse(string message) => CairnException.Invalid("filter", message);
}
