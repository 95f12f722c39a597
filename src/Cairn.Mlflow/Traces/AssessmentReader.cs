using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Traces;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Traces;

/// <summary>Reads assessments as MLflow's clients send them.</summary>
internal static class AssessmentReader
{
    private static readonly string[] Sources = ["SOURCE_TYPE_UNSPECIFIED", "HUMAN", "LLM_JUDGE", "CODE"];

    /// <summary>A new assessment of a trace.</summary>
    public static Assessment Read(FieldValue item, string at, string trace, long now)
    {
        var name = RequestFields.RequiredText($"{at}.assessment_name", item.Member("assessment_name", at));
        var source = item.Member("source", at);
        var (expectation, feedback) = (item.Member("expectation", at), item.Member("feedback", at));
        if (expectation.IsAbsent && feedback.IsAbsent)
        {
            throw CairnException.Invalid(at, "Unknown assessment type: None. Give 'feedback' or 'expectation'.");
        }

        var judged = feedback.IsAbsent ? null : Feedback(feedback, $"{at}.feedback");
        var created = Time(item, at, "create_time") ?? now;
        return new Assessment(
            Text(item, at, "assessment_id") is { Length: > 0 } id ? id : $"a-{Guid.NewGuid():N}",
            trace,
            Text(item, at, "span_id"),
            name,
            !expectation.IsAbsent,
            source.IsAbsent ? null : SourceType($"{at}.source.source_type", source.Member("source_type", $"{at}.source")),
            source.IsAbsent ? null : Text(source, $"{at}.source", "source_id"),
            judged is null ? Expectation(expectation, $"{at}.expectation") : judged.Value,
            judged?.Error,
            Text(item, at, "rationale"),
            Map($"{at}.metadata", item.Member("metadata", at)),
            Text(item, at, "overrides") is { Length: > 0 } other ? other : null,
            IsValid: item.Member("valid", at) is not { IsAbsent: false } valid || (valid.Truth ?? throw RequestFields.WrongType($"{at}.valid", valid)),
            created,
            Time(item, at, "last_update_time") ?? created);
    }

    /// <summary>What a mask of paths, in either writing, takes from an assessment.</summary>
    public static AssessmentChange ReadChange(FieldValue item, string at, string mask)
    {
        var change = new AssessmentChange();
        foreach (var path in mask.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            change = path switch
            {
                "assessmentName" or "assessment_name" => change with { Name = RequestFields.RequiredText($"{at}.assessment_name", item.Member("assessment_name", at)) },
                "feedback" => change with { Feedback = Feedback(item.Member("feedback", at), $"{at}.feedback") },
                "expectation" => change with { Expectation = Expectation(item.Member("expectation", at), $"{at}.expectation") },
                "rationale" => change with { Rationale = Text(item, at, "rationale") ?? "" },
                "metadata" => change with { Metadata = Map($"{at}.metadata", item.Member("metadata", at)) },
                "valid" => change with { IsValid = item.Member("valid", at).Truth ?? throw RequestFields.Missing($"{at}.valid") },
                _ => throw CairnException.Invalid("update_mask", $"'{path}' of an assessment cannot be updated."),
            };
        }

        return change;
    }

    public static Dictionary<string, string> Map(string at, FieldValue map)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        if (map.IsAbsent)
        {
            return pairs;
        }

        foreach (var (key, value) in map.Members ?? throw RequestFields.WrongType(at, map))
        {
            pairs[key] = value.Text ?? throw RequestFields.WrongType($"{at}.{key}", value);
        }

        return pairs;
    }

    private static FeedbackValue Feedback(FieldValue item, string at)
    {
        if (item.IsAbsent)
        {
            throw RequestFields.Missing(at);
        }

        var error = item.Member("error", at);
        return new FeedbackValue(
            item.Member("value", at) is { IsAbsent: false } value ? PythonJson.Write(value.Element) : null,
            error.IsAbsent
                ? null
                : new AssessmentError(Text(error, $"{at}.error", "error_code"), Text(error, $"{at}.error", "error_message"), Text(error, $"{at}.error", "stack_trace")));
    }

    private static string Expectation(FieldValue item, string at)
    {
        if (item.IsAbsent)
        {
            throw RequestFields.Missing(at);
        }

        var serialized = item.Member("serialized_value", at);
        if (serialized.IsAbsent)
        {
            return item.Member("value", at) is { IsAbsent: false } value ? PythonJson.Write(value.Element) : "null";
        }

        var format = Text(serialized, $"{at}.serialized_value", "serialization_format");
        if (format != "JSON_FORMAT")
        {
            throw CairnException.Invalid($"{at}.serialized_value.serialization_format", $"Unknown serialization format: {format}. Only JSON_FORMAT is supported.");
        }

        var text = RequestFields.RequiredText($"{at}.serialized_value.value", serialized.Member("value", $"{at}.serialized_value"));
        using var document = LenientJson.Parse(Encoding.UTF8.GetBytes(text))
            ?? throw CairnException.Invalid($"{at}.serialized_value.value", $"'{at}.serialized_value.value' is not JSON.");
        return PythonJson.Write(document.RootElement);
    }

    private static string SourceType(string at, FieldValue value)
    {
        var name = value.Element.ValueKind == JsonValueKind.Number ? Sources.ElementAtOrDefault((int)(value.Integer ?? -1)) : value.Text?.ToUpperInvariant();
        return name == "AI_JUDGE" ? "LLM_JUDGE"
            : name is not null && Sources.Contains(name, StringComparer.Ordinal) ? name
            : throw RequestFields.WrongType(at, value);
    }

    private static string? Text(FieldValue item, string at, string name) => RequestFields.OptionalText($"{at}.{name}", item.Member(name, at));

    private static long? Time(FieldValue item, string at, string name) =>
        Text(item, at, name) is { } text ? ProtoTime.ReadTime($"{at}.{name}", text) : null;
}
