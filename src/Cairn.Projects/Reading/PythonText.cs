using System.Text;
using System.Text.RegularExpressions;

namespace Cairn.Projects.Reading;

/// <summary>
/// A YAML value as the text MLflow hands to a command, which is Python's <c>str()</c> of what PyYAML made of it: a plain
/// <c>yes</c> becomes "True". Numbers stay as written (3.10 does not become 3.1), only without digit separators.
/// </summary>
internal static partial class PythonText
{
    private const int MaxLength = 64 * 1024;

    /// <summary>The text; null for YAML's null. <paramref name="changed"/> tells that it is not what stands in the file.</summary>
    public static string? Of(YamlNode node, out bool changed)
    {
        changed = true;
        if (node is YamlScalar scalar)
        {
            var text = Scalar(scalar);
            changed = text is not null && text != scalar.Text;
            return text;
        }

        var builder = new StringBuilder();
        Append(builder, node);
        return builder.ToString();
    }

    private static string? Scalar(YamlScalar scalar)
    {
        if (scalar.IsNull)
        {
            return null;
        }

        return !scalar.Plain ? scalar.Text
            : Truth(scalar.Text) is { } truth ? (truth ? "True" : "False")
            : SeparatedNumber().IsMatch(scalar.Text) ? scalar.Text.Replace("_", "", StringComparison.Ordinal)
            : scalar.Text;
    }

    /// <summary>YAML 1.1's truth values in their three spellings.</summary>
    private static bool? Truth(string text) => text switch
    {
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => false,
        _ => null,
    };

    private static void Append(StringBuilder text, YamlNode node)
    {
        if (text.Length > MaxLength)
        {
            return;
        }

        switch (node)
        {
            case YamlSequence sequence:
                AppendAll(text, '[', sequence.Items, (t, item) => Append(t, item), ']');
                break;
            case YamlMapping mapping:
                AppendAll(text, '{', mapping.Pairs, (t, pair) =>
                {
                    Append(t, pair.Key);
                    t.Append(": ");
                    Append(t, pair.Value);
                }, '}');
                break;
            case YamlScalar scalar:
                var value = Scalar(scalar) ?? "None";
                var bare = scalar.Plain && (scalar.IsNull || Truth(scalar.Text) is not null || Number().IsMatch(value));
                text.Append(bare ? value : Quoted(value));
                break;
        }
    }

    private static void AppendAll<T>(StringBuilder text, char open, IReadOnlyList<T> items, Action<StringBuilder, T> append, char close)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            append(text, items[i]);
        }

        text.Append(close);
    }

    private static string Quoted(string value)
    {
        var quote = value.Contains('\'', StringComparison.Ordinal) && !value.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        var inner = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal)
            .Replace("\t", "\\t", StringComparison.Ordinal);
        return quote + (quote == '\'' ? inner.Replace("'", "\\'", StringComparison.Ordinal) : inner) + quote;
    }

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*_[0-9_]*(\.[0-9_]*)?$")]
    private static partial Regex SeparatedNumber();

    [GeneratedRegex(@"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+][0-9]+)?$")]
    private static partial Regex Number();
}
