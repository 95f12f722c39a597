using System.Text.Json;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Traces;

/// <summary>
/// Reads the spans of an OpenTelemetry export request in its JSON form: ids are hexadecimal there (not base64, as
/// protobuf's JSON would have it), 64-bit numbers come as texts or as numbers.
/// </summary>
internal static class OtlpJsonReader
{
    /// <exception cref="InvalidDataException">The bytes are none.</exception>
    public static List<OtlpSpan> Read(ReadOnlyMemory<byte> bytes)
    {
        using var document = LenientJson.Parse(bytes);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } request)
        {
            throw new InvalidDataException("The bytes are no JSON object.");
        }

        var spans = new List<OtlpSpan>();
        foreach (var resource in Items(request, "resourceSpans"))
        {
            foreach (var scope in Items(resource, "scopeSpans"))
            {
                spans.AddRange(Items(scope, "spans").Select(ReadSpan));
            }
        }

        return spans;
    }

    private static OtlpSpan ReadSpan(JsonElement json)
    {
        var span = new OtlpSpan
        {
            TraceId = ReadId(json, "traceId", 16),
            Id = ReadId(json, "spanId", 8),
            ParentId = Text(json, "parentSpanId").Length == 0 ? [] : ReadId(json, "parentSpanId", 8),
            Name = Text(json, "name"),
            StartedAt = ReadTime(json, "startTimeUnixNano"),
            EndedAt = ReadTime(json, "endTimeUnixNano"),
        };
        span.Attributes.AddRange(Pairs(json, "attributes"));
        span.Events.AddRange(Items(json, "events").Select(item => new OtlpEvent(ReadTime(item, "timeUnixNano"), Text(item, "name"), Pairs(item, "attributes"))));
        if (json.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Object)
        {
            span.StatusMessage = Text(status, "message");
            span.StatusCode = status.TryGetProperty("code", out var code) ? ReadStatus(code) : 0;
        }

        return span;
    }

    private static byte[] ReadId(JsonElement json, string name, int length)
    {
        var text = Text(json, name);
        try
        {
            return Convert.FromHexString(text) is { } id && id.Length == length ? id : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new InvalidDataException($"'{name}' must be {2 * length} hexadecimal digits.");
        }
    }

    private static ulong ReadTime(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? 0
        : new FieldValue(value).Integer is { } time and >= 0 ? (ulong)time
        : throw new InvalidDataException($"'{name}' must be nanoseconds since 1970.");

    private static int ReadStatus(JsonElement code) => new FieldValue(code).Integer is { } number
        ? (int)Math.Clamp(number, 0, 2)
        : new FieldValue(code).Text switch
        {
            "STATUS_CODE_OK" => 1,
            "STATUS_CODE_ERROR" => 2,
            _ => 0,
        };

    private static List<KeyValuePair<string, object?>> Pairs(JsonElement json, string name) =>
        [.. Items(json, name).Select(pair => new KeyValuePair<string, object?>(
            Text(pair, "key"),
            pair.TryGetProperty("value", out var value) ? ReadValue(value) : null))];

    /// <summary>A text, bool, long, double, byte[], list or list of pairs; null for nothing.</summary>
    private static object? ReadValue(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || json.EnumerateObject().FirstOrDefault() is not { Value.ValueKind: not JsonValueKind.Undefined } member)
        {
            return null;
        }

        var value = new FieldValue(member.Value);
        return member.Name switch
        {
            "stringValue" => value.Text ?? throw Wrong(member),
            "boolValue" => value.Flag ?? throw Wrong(member),
            "intValue" => value.Integer ?? throw Wrong(member),
            "doubleValue" => value.Number ?? throw Wrong(member),
            "arrayValue" => member.Value.ValueKind == JsonValueKind.Object ? Items(member.Value, "values").ConvertAll(ReadValue) : throw Wrong(member),
            "kvlistValue" => member.Value.ValueKind == JsonValueKind.Object ? Pairs(member.Value, "values") : throw Wrong(member),
            "bytesValue" => member.Value.ValueKind == JsonValueKind.String && member.Value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Wrong(member),
            _ => null,
        };
    }

    private static string Text(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? ""
        : new FieldValue(value).Text ?? throw new InvalidDataException($"'{name}' must be a text.");

    private static List<JsonElement> Items(JsonElement json, string name)
    {
        if (!json.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array && list.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
            ? [.. list.EnumerateArray()]
            : throw new InvalidDataException($"'{name}' must be a list of objects.");
    }

    private static InvalidDataException Wrong(JsonProperty member) => new($"The value of an attribute's '{member.Name}' has the wrong type.");
}
