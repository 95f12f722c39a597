using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Cairn.Mlflow.Wire;

/// <summary>
/// How Python writes values: MLflow's messages quote what they got in these forms, and its tests and users look for them.
/// </summary>
internal static class PythonText
{
    /// <summary>The value as <c>json.dumps</c> writes it, keys sorted, without spaces.</summary>
    public static string Json(JsonElement value)
    {
        var text = new StringBuilder();
        AppendJson(text, value);
        return text.ToString();
    }

    /// <summary>A text as <c>json.dumps</c> writes it: quoted, and ASCII only.</summary>
    public static string Json(string value)
    {
        var text = new StringBuilder();
        AppendJson(text, value);
        return text.ToString();
    }

    /// <summary>The name of the Python type a JSON value becomes.</summary>
    public static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "str",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Object => "dict",
        JsonValueKind.Array => "list",
        JsonValueKind.Number => IsInteger(value) ? "int" : "float",
        _ => "NoneType",
    };

    /// <summary>A text as <c>repr</c> writes it.</summary>
    public static string Repr(string value)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var text = new StringBuilder().Append(quote);
        foreach (var character in value)
        {
            _ = character switch
            {
                '\\' => text.Append(@"\\"),
                '\n' => text.Append(@"\n"),
                '\r' => text.Append(@"\r"),
                '\t' => text.Append(@"\t"),
                _ when character == quote => text.Append('\\').Append(quote),
                _ when char.IsControl(character) => text.Append(@"\x").Append(((int)character).ToString("x2", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        return text.Append(quote).ToString();
    }

    /// <summary>A number as <c>repr(float)</c> writes it: 1.0, 0.001, 1e-05, 1e+16, nan, inf.</summary>
    public static string Float(double value)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }

        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        var exponent = int.Parse(shortest.AsSpan(shortest.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        if (value != 0 && exponent is < -4 or >= 16)
        {
            var mark = plain.IndexOf('E', StringComparison.Ordinal);
            var mantissa = mark >= 0 ? plain[..mark] : Mantissa(plain);
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        if (plain.Contains('E', StringComparison.Ordinal))
        {
            plain = ((decimal)value).ToString(CultureInfo.InvariantCulture);
        }

        return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
    }

    private static string Mantissa(string digits)
    {
        var sign = digits.StartsWith('-') ? "-" : "";
        var significant = digits.TrimStart('-').Replace(".", "", StringComparison.Ordinal).TrimStart('0').TrimEnd('0');
        return significant.Length == 1 ? sign + significant : $"{sign}{significant[0]}.{significant[1..]}";
    }

    private static bool IsInteger(JsonElement number) => number.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    private static void AppendJson(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                AppendJson(text, RequestText.Of(value) ?? "");
                break;
            case JsonValueKind.Number:
                text.Append(IsInteger(value) ? value.GetRawText() : Float(value.GetDouble()));
                break;
            case JsonValueKind.Array:
                AppendAll(text, '[', value.EnumerateArray(), AppendJson, ']');
                break;
            case JsonValueKind.Object:
                var members = value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal);
                AppendAll(text, '{', members, AppendMember, '}');
                break;
            default:
                text.Append(value.ValueKind == JsonValueKind.True ? "true" : value.ValueKind == JsonValueKind.False ? "false" : "null");
                break;
        }
    }

    private static void AppendMember(StringBuilder text, JsonProperty member)
    {
        AppendJson(text, member.Name);
        text.Append(':');
        AppendJson(text, member.Value);
    }

    private static void AppendAll<T>(StringBuilder text, char open, IEnumerable<T> items, Action<StringBuilder, T> append, char close)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            append(text, item);
        }

        text.Append(close);
    }

    private static void AppendJson(StringBuilder text, string value)
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
                < ' ' or > '~' => text.Append(@"\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }
}
