using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Traces;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Traces;

/// <summary>
/// Turns an OpenTelemetry span into the house's. Its content is the JSON in which MLflow's clients keep and read spans:
/// ids in base64, and each attribute a text of JSON.
/// </summary>
internal static class SpanContent
{
    private const string TraceAttribute = "mlflow.traceRequestId";
    private const int PreviewLength = 1000;

    private static readonly string[] StatusNames = ["STATUS_CODE_UNSET", "STATUS_CODE_OK", "STATUS_CODE_ERROR"];

    /// <summary>The trace's id as MLflow knows it.</summary>
    public static string TraceIdOf(OtlpSpan span) =>
        Attribute(span, TraceAttribute) is string { Length: > 0 } id ? Unquote(id) : $"tr-{Convert.ToHexStringLower(span.TraceId)}";

    public static Span Of(OtlpSpan span, string traceId)
    {
        if (span.StartedAt > long.MaxValue || span.EndedAt > long.MaxValue)
        {
            throw CairnException.Invalid("spans", $"The span '{span.Name}' has a time beyond all calendars.");
        }

        var attributes = Dump(span, traceId);
        var isWhole = span.ParentId.Length == 0;
        return new Span(
            Convert.ToHexStringLower(span.Id),
            isWhole ? null : Convert.ToHexStringLower(span.ParentId),
            span.Name,
            Attribute(span, "mlflow.spanType") is string type ? Unquote(type) : "UNKNOWN",
            span.StatusCode switch { 1 => "OK", 2 => "ERROR", _ => "UNSET" },
            (long)span.StartedAt,
            span.EndedAt == 0 ? null : (long)span.EndedAt,
            Write(span, attributes),
            Tokens(attributes),
            isWhole ? Preview(attributes, "mlflow.spanInputs") : null,
            isWhole ? Preview(attributes, "mlflow.spanOutputs") : null);
    }

    private static object? Attribute(OtlpSpan span, string key) => span.Attributes.Find(pair => pair.Key == key).Value;

    // Some clients send the JSON of a text in place of the text.
    private static string Unquote(string text) => text.Length >= 2 && text[0] == '"' && text[^1] == '"' ? text[1..^1] : text;

    private static List<KeyValuePair<string, string>> Dump(OtlpSpan span, string traceId)
    {
        var dumped = new List<KeyValuePair<string, string>>(span.Attributes.Count + 1);
        if (span.Attributes.TrueForAll(pair => pair.Key != TraceAttribute))
        {
            dumped.Add(new(TraceAttribute, Json(traceId)));
        }

        foreach (var (key, value) in span.Attributes)
        {
            dumped.RemoveAll(pair => pair.Key == key);
            dumped.Add(new(key, Json(value)));
        }

        return dumped;
    }

    private static string Write(OtlpSpan span, List<KeyValuePair<string, string>> attributes)
    {
        var text = new StringBuilder();
        text.Append("{\"trace_id\": \"").Append(Convert.ToBase64String(span.TraceId));
        text.Append("\", \"span_id\": \"").Append(Convert.ToBase64String(span.Id));
        text.Append("\", \"parent_span_id\": ").Append(span.ParentId.Length == 0 ? "null" : $"\"{Convert.ToBase64String(span.ParentId)}\"");
        text.Append(", \"name\": ");
        PythonJson.AppendText(text, span.Name);
        text.Append(CultureInfo.InvariantCulture, $", \"start_time_unix_nano\": {span.StartedAt}, \"end_time_unix_nano\": ");
        text.Append(span.EndedAt == 0 ? "null" : span.EndedAt.ToString(CultureInfo.InvariantCulture));
        text.Append(", \"events\": ");
        PythonJson.AppendAll(text, '[', span.Events, item => AppendEvent(text, item), ']');
        text.Append(", \"status\": {\"code\": \"").Append(StatusNames[span.StatusCode is 1 or 2 ? span.StatusCode : 0]).Append("\", \"message\": ");
        PythonJson.AppendText(text, span.StatusMessage);
        text.Append("}, \"attributes\": ");
        PythonJson.AppendAll(
            text,
            '{',
            attributes,
            pair =>
            {
                PythonJson.AppendText(text, pair.Key);
                text.Append(": ");
                PythonJson.AppendText(text, pair.Value);
            },
            '}');
        return text.Append('}').ToString();
    }

    private static void AppendEvent(StringBuilder text, OtlpEvent item)
    {
        text.Append("{\"name\": ");
        PythonJson.AppendText(text, item.Name);
        text.Append(CultureInfo.InvariantCulture, $", \"time_unix_nano\": {item.Time}, \"attributes\": ");
        AppendValue(text, item.Attributes);
        text.Append('}');
    }

    private static string Json(object? value)
    {
        var text = new StringBuilder();
        AppendValue(text, value);
        return text.ToString();
    }

    private static void AppendValue(StringBuilder text, object? value)
    {
        switch (value)
        {
            case string word:
                PythonJson.AppendText(text, word);
                break;
            case bool truth:
                text.Append(truth ? "true" : "false");
                break;
            case long number:
                text.Append(CultureInfo.InvariantCulture, $"{number}");
                break;
            case double number:
                text.Append(double.IsFinite(number) ? PythonText.Float(number) : "null");
                break;
            case byte[] bytes:
                PythonJson.AppendText(text, Convert.ToBase64String(bytes));
                break;
            case List<object?> items:
                PythonJson.AppendAll(text, '[', items, item => AppendValue(text, item), ']');
                break;
            case List<KeyValuePair<string, object?>> pairs:
                PythonJson.AppendAll(
                    text,
                    '{',
                    pairs,
                    pair =>
                    {
                        PythonJson.AppendText(text, pair.Key);
                        text.Append(": ");
                        AppendValue(text, pair.Value);
                    },
                    '}');
                break;
            default:
                text.Append("null");
                break;
        }
    }

    private static TokenUsage? Tokens(List<KeyValuePair<string, string>> attributes)
    {
        if (attributes.Find(pair => pair.Key == "mlflow.chat.tokenUsage").Value is not { } json)
        {
            return null;
        }

        using var document = LenientJson.Parse(Encoding.UTF8.GetBytes(json));
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } usage)
        {
            return null;
        }

        long Count(string name) => usage.TryGetProperty(name, out var value) ? new FieldValue(value).Integer ?? 0 : 0;
        return new TokenUsage(Count("input_tokens"), Count("output_tokens"), Count("total_tokens"));
    }

    private static string? Preview(List<KeyValuePair<string, string>> attributes, string key) =>
        attributes.Find(pair => pair.Key == key).Value is not { } text ? null
        : text.Length <= PreviewLength ? text
        : string.Concat(text.AsSpan(0, PreviewLength - 3), "...");
}
