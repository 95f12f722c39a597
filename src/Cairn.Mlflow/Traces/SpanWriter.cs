using System.Globalization;
using System.Text.Json;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Traces;

/// <summary>Spans, from the JSON that clients keep them in to OpenTelemetry's JSON, which answers have.</summary>
internal static class SpanWriter
{
    private static readonly string[] Texts = ["trace_id", "span_id", "parent_span_id", "name"];
    private static readonly string[] Times = ["start_time_unix_nano", "end_time_unix_nano"];

    public static void Write(Utf8JsonWriter writer, JsonElement span)
    {
        writer.WriteStartObject();
        if (span.ValueKind != JsonValueKind.Object)
        {
            writer.WriteEndObject();
            return;
        }

        foreach (var name in Texts)
        {
            if (span.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                writer.WriteString(name, value.GetString());
            }
        }

        foreach (var name in Times)
        {
            WriteTime(writer, span, name);
        }

        if (span.TryGetProperty("attributes"u8, out var attributes) && attributes.ValueKind == JsonValueKind.Object)
        {
            // Each is a text of JSON.
            WriteAttributes(writer, attributes, isJson: true);
        }

        if (span.TryGetProperty("events"u8, out var events) && events.ValueKind == JsonValueKind.Array && events.GetArrayLength() > 0)
        {
            writer.WriteStartArray("events"u8);
            foreach (var item in events.EnumerateArray())
            {
                WriteEvent(writer, item);
            }

            writer.WriteEndArray();
        }

        if (span.TryGetProperty("status"u8, out var status) && status.ValueKind == JsonValueKind.Object)
        {
            writer.WritePropertyName("status"u8);
            status.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter writer, JsonElement item)
    {
        writer.WriteStartObject();
        if (item.ValueKind == JsonValueKind.Object)
        {
            WriteTime(writer, item, "time_unix_nano");
            if (item.TryGetProperty("name"u8, out var name) && name.ValueKind == JsonValueKind.String)
            {
                writer.WriteString("name"u8, name.GetString());
            }

            if (item.TryGetProperty("attributes"u8, out var attributes) && attributes.ValueKind == JsonValueKind.Object)
            {
                WriteAttributes(writer, attributes, isJson: false);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter writer, JsonElement from, string name)
    {
        if (from.TryGetProperty(name, out var value) && new FieldValue(value).Integer is { } time)
        {
            writer.WriteString(name, time.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteAttributes(Utf8JsonWriter writer, JsonElement attributes, bool isJson)
    {
        writer.WriteStartArray("attributes"u8);
        foreach (var attribute in attributes.EnumerateObject())
        {
            writer.WriteStartObject();
            writer.WriteString("key"u8, attribute.Name);
            writer.WritePropertyName("value"u8);
            if (isJson && RequestText.Of(attribute.Value.ValueKind == JsonValueKind.String ? attribute.Value : default) is { } text
                && Parse(text) is { } document)
            {
                using (document)
                {
                    WriteValue(writer, document.RootElement);
                }
            }
            else
            {
                WriteValue(writer, attribute.Value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static JsonDocument? Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement value)
    {
        writer.WriteStartObject();
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                writer.WriteString("string_value"u8, RequestText.Of(value) ?? "");
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.WriteBoolean("bool_value"u8, value.GetBoolean());
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var whole) && value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0:
                writer.WriteString("int_value"u8, whole.ToString(CultureInfo.InvariantCulture));
                break;
            case JsonValueKind.Number:
                JsonAnswer.WriteDouble(writer, "double_value"u8, value.GetDouble());
                break;
            case JsonValueKind.Array:
                writer.WriteStartObject("array_value"u8);
                writer.WriteStartArray("values"u8);
                foreach (var item in value.EnumerateArray())
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject("kvlist_value"u8);
                writer.WriteStartArray("values"u8);
                foreach (var member in value.EnumerateObject())
                {
                    writer.WriteStartObject();
                    writer.WriteString("key"u8, member.Name);
                    writer.WritePropertyName("value"u8);
                    WriteValue(writer, member.Value);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }
}
