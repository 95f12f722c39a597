using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cairn.Mlflow.Wire;

/// <summary>
/// JSON as Python's <c>json.dumps</c> writes it, with its spaces: what MLflow keeps inside of texts is compared there by
/// the character.
/// </summary>
internal static class PythonJson
{
    public static string Write(JsonElement value, bool sortKeys = false)
    {
        var text = new StringBuilder();
        Append(text, value, sortKeys);
        return text.ToString();
    }

    public static void Append(StringBuilder text, JsonElement value, bool sortKeys = false)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var members = value.EnumerateObject();
                AppendAll<JsonProperty>(
                    text,
                    '{',
                    sortKeys ? members.OrderBy(member => member.Name, StringComparer.Ordinal) : members.AsEnumerable(),
                    member =>
                    {
                        AppendText(text, member.Name);
                        text.Append(": ");
                        Append(text, member.Value, sortKeys);
                    },
                    '}');
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', value.EnumerateArray(), item => Append(text, item, sortKeys), ']');
                break;
            case JsonValueKind.String:
                AppendText(text, RequestText.Of(value) ?? "");
                break;
            case JsonValueKind.Number:
                AppendNumber(text, value);
                break;
            default:
                text.Append(value.ValueKind switch { JsonValueKind.True => "true", JsonValueKind.False => "false", _ => "null" });
                break;
        }
    }

    /// <summary>A quoted text. Letters beyond ASCII stay readable, as for spans there.</summary>
    public static void AppendText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var character in value)
        {
            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                '\b' => text.Append(@"\b"),
                '\f' => text.Append(@"\f"),
                < ' ' => text.Append(@"\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    public static void AppendAll<T>(StringBuilder text, char open, IEnumerable<T> items, Action<T> append, char close)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : ", ");
            first = false;
            append(item);
        }

        text.Append(close);
    }

    private static void AppendNumber(StringBuilder text, JsonElement value)
    {
        var raw = value.GetRawText();
        text.Append(raw.AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? raw : PythonText.Float(value.GetDouble()));
    }
}
