using System.Collections;
using System.Text.Json;

namespace Cairn.Wandb.GraphQl;

/// <summary>Writes answers as JSON: <c>{"data": …}</c>, with <c>"errors"</c> where there are any.</summary>
internal static class ResultWriter
{
    public static void Write(Utf8JsonWriter writer, ResultNode? data, IReadOnlyList<FieldError> errors)
    {
        writer.WriteStartObject();
        if (errors.Count > 0)
        {
            writer.WriteStartArray("errors"u8);
            foreach (var error in errors)
            {
                WriteError(writer, error);
            }

            writer.WriteEndArray();
        }

        writer.WritePropertyName("data"u8);
        WriteValue(writer, data);
        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, FieldError error)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        if (error.Path.Count > 0)
        {
            writer.WriteStartArray("path"u8);
            foreach (var step in error.Path)
            {
                WriteValue(writer, step);
            }

            writer.WriteEndArray();
        }

        if (error.Code is not null)
        {
            writer.WriteStartObject("extensions"u8);
            writer.WriteString("code"u8, error.Code);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case ResultNode node:
                writer.WriteStartObject();
                foreach (var (key, member) in node.Members)
                {
                    writer.WritePropertyName(key);
                    WriteValue(writer, member);
                }

                writer.WriteEndObject();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
                break;
            case RawJson json:
                writer.WriteRawValue(json.Utf8.Span, skipInputValidation: true);
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    WriteValue(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                throw new InvalidOperationException($"A field answered a {value.GetType().Name}, which is no value of JSON.");
        }
    }
}
