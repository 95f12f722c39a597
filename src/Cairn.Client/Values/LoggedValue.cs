using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cairn.Client.Values;

/// <summary>
/// Turns values as programs hold them into JSON without reflection, so that it works in trimmed and native programs: the
/// simple types, dictionaries with text keys, lists, and JSON itself.
/// </summary>
internal static class LoggedValue
{
    // As deep as the JSON readers on both sides go; also what ends a structure that holds itself.
    private const int MaxDepth = 60;

    /// <param name="name">Name of the value, for the message of the error.</param>
    /// <param name="value">The value, or null.</param>
    /// <exception cref="CairnClientException">The value, or one inside it, is of a type that is not JSON.</exception>
    public static JsonElement From(string name, object? value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, name, value, 0);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, string name, object? value, int depth)
    {
        if (depth > MaxDepth)
        {
            throw CairnClientException.Invalid(name, $"\"{name}\" is nested deeper than {MaxDepth} levels, or holds itself.");
        }

        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case double number:
                WriteNumber(writer, number);
                break;
            case float number:
                WriteNumber(writer, number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case sbyte or byte or short or ushort or int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case uint or ulong:
                writer.WriteNumberValue(Convert.ToUInt64(value, CultureInfo.InvariantCulture));
                break;
            case JsonElement { ValueKind: JsonValueKind.Undefined }:
                writer.WriteNullValue();
                break;
            case JsonElement element:
                element.WriteTo(writer);
                break;
            case JsonNode node:
                node.WriteTo(writer);
                break;
            case char or Enum or Guid or Uri or Version:
                writer.WriteStringValue(value.ToString());
                break;
            case DateTime or DateTimeOffset or DateOnly or TimeOnly:
                writer.WriteStringValue(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture));
                break;
            case TimeSpan or Half or Int128 or UInt128 or System.Numerics.BigInteger:
                writer.WriteStringValue(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case IEnumerable<KeyValuePair<string, object?>> map:
                WriteObject(writer, name, map, depth);
                break;
            case IDictionary map:
                WriteObject(writer, name, Entries(name, map), depth);
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list)
                {
                    Write(writer, name, item, depth + 1);
                }

                writer.WriteEndArray();
                break;
            default:
                throw CairnClientException.Invalid(
                    name,
                    $"\"{name}\" holds a {value.GetType()}, which has no form in JSON. Use text, numbers, true/false, null, " +
                    "dictionaries with text keys, lists or a JsonElement.");
        }
    }

    private static void WriteObject(
        Utf8JsonWriter writer, string name, IEnumerable<KeyValuePair<string, object?>> entries, int depth)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in entries)
        {
            writer.WritePropertyName(key);
            Write(writer, $"{name}.{key}", value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(string name, IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return entry.Key is string key
                ? new KeyValuePair<string, object?>(key, entry.Value)
                : throw CairnClientException.Invalid(name, $"\"{name}\" is a dictionary whose keys are not text.");
        }
    }

    // JSON has no NaN and no infinities; the native API takes them as text.
    private static void WriteNumber(Utf8JsonWriter writer, double number)
    {
        if (double.IsFinite(number))
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, float number)
    {
        if (float.IsFinite(number))
        {
            writer.WriteNumberValue(number); // as float: 0.1f is 0.1, not 0.10000000149
        }
        else
        {
            WriteNumber(writer, (double)number);
        }
    }
}
