using Cairn.Core.Search;

namespace Cairn.Core.Traces;

/// <summary>The filter language of traces.</summary>
public static class TraceFilter
{
    /// <summary>The tag that holds a trace's name, and the fact that names the run it belongs to.</summary>
    public const string NameTag = "mlflow.traceName";

    public const string RunMetadata = "mlflow.sourceRun";

    private static readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal)
    {
        ["request_id"] = "id",
        ["timestamp"] = "at",
        ["timestamp_ms"] = "at",
        ["execution_time"] = "duration",
        ["execution_time_ms"] = "duration",
        ["end_time"] = "end",
        ["end_time_ms"] = "end",
        ["status"] = "state",
        ["client_request_id"] = "client_request_id",
    };

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static IReadOnlyList<Criterion<TraceSubject>> Parse(string? filter) => [.. ClauseReader.Read(filter).Select(Read)];

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static IReadOnlyList<SortKey<TraceSubject>> ParseOrder(IReadOnlyList<string> clauses)
    {
        if (clauses.Count > OrderByParser.MostClauses)
        {
            throw CairnException.Invalid("order_by", $"'order_by' has {clauses.Count} clauses; at most {OrderByParser.MostClauses} are read.");
        }

        var keys = new List<SortKey<TraceSubject>>(clauses.Count);
        foreach (var clause in clauses)
        {
            var (name, descending) = ClauseReader.ReadOrder(clause);
            var (subject, key) = name is "experiment_id" ? (TraceSubject.Attribute, name) : Resolve(name);
            if (subject is not (TraceSubject.Attribute or TraceSubject.Tag or TraceSubject.Metadata or TraceSubject.Run))
            {
                throw CairnException.Invalid("order_by", $"Invalid order_by entity '{name}'. Traces are ordered by attributes, tags and metadata.");
            }

            if (keys.Exists(other => other.Subject == subject && other.Key == key))
            {
                throw CairnException.Invalid("order_by", $"`order_by` contains duplicate fields: [{string.Join(", ", clauses.Select(text => $"'{text}'"))}]");
            }

            keys.Add(subject == TraceSubject.Run
                ? new SortKey<TraceSubject>(TraceSubject.Metadata, RunMetadata, descending)
                : new SortKey<TraceSubject>(subject, key, descending));
        }

        return keys;
    }

    private static Criterion<TraceSubject> Read(Clause clause)
    {
        var (subject, key) = Resolve(clause.Name);
        var isNumeric = subject == TraceSubject.Attribute && key is "at" or "duration" or "end";
        if (subject == TraceSubject.Span && key == "content" && clause.Comparison is not (Comparison.Like or Comparison.ILike))
        {
            throw Refuse($"span.content comparator '{clause.Comparator}' not one of '{{'LIKE', 'ILIKE'}}'");
        }

        var mayBeList = subject is TraceSubject.Span or TraceSubject.SpanAttribute or TraceSubject.Run or TraceSubject.Feedback or TraceSubject.Expectation or TraceSubject.Attribute;
        if (isNumeric ? !clause.IsNumeric : !clause.IsTextual && !(clause.IsListed && mayBeList))
        {
            throw Refuse($"Invalid comparator '{clause.Comparator}' not one of '{(isNumeric ? "{'>', '>=', '!=', '=', '<', '<='}" : "{'!=', '=', 'IN', 'NOT IN', 'LIKE', 'ILIKE', 'RLIKE'}")}'");
        }

        if (isNumeric ? clause.Operand.Number is null : clause.IsListed ? clause.Operand.List is null : clause.Operand.Text is null)
        {
            throw Refuse(isNumeric
                ? $"Expected numeric value type for numeric attribute: {clause.Name}. Found {clause.Written}"
                : $"Expected a quoted string value or a list of quoted string values for {clause.Name}. Got value {clause.Written}");
        }

        return new Criterion<TraceSubject>(subject, key, clause.Comparison, clause.Operand);
    }

    private static (TraceSubject Subject, string Key) Resolve(string name)
    {
        var (entity, key) = Clause.SplitName(name);
        return entity switch
        {
            "" or "attribute" or "attributes" or "trace" => Attribute(key),
            "tag" or "tags" => (TraceSubject.Tag, key),
            "request_metadata" or "metadata" => key == RunMetadata ? (TraceSubject.Run, "") : (TraceSubject.Metadata, key),
            "span" => Span(key),
            "feedback" => (TraceSubject.Feedback, key),
            "expectation" => (TraceSubject.Expectation, key),
            _ => throw Refuse(
                $"Invalid entity type '{entity}'. Valid values are {{'tag', 'tags', 'request_metadata', 'metadata', 'attribute', 'attributes', 'trace', 'span', 'feedback', 'expectation'}}"),
        };
    }

    private static (TraceSubject Subject, string Key) Attribute(string key) => key switch
    {
        "name" => (TraceSubject.Tag, NameTag),
        "run_id" => (TraceSubject.Run, ""),
        "text" => (TraceSubject.Span, "content"),
        _ when Attributes.TryGetValue(key, out var column) => (TraceSubject.Attribute, column),
        _ => throw Refuse(
            $"Invalid attribute key '{key}' specified. Valid keys are '{{{string.Join(", ", Attributes.Keys.Append("name").Append("run_id").Append("text").Select(word => $"'{word}'"))}}}'"),
    };

    private static (TraceSubject Subject, string Key) Span(string key)
    {
        const string attributes = "attributes.";
        if (key.StartsWith(attributes, StringComparison.Ordinal))
        {
            return key.Length > attributes.Length
                ? (TraceSubject.SpanAttribute, key[attributes.Length..].Trim('`', '"'))
                : throw Refuse("Span attribute name cannot be empty after 'attributes.'");
        }

        return key is "name" or "type" or "status" or "content"
            ? (TraceSubject.Span, key)
            : throw Refuse($"Invalid span attribute '{key}'. Supported attributes: name, status, type, attributes.<attribute_name>.");
    }

    private static CairnException Refuse(string message) => CairnException.Invalid("filter", message);
}
