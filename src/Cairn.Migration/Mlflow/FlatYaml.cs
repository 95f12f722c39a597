using System.Text;

namespace Cairn.Migration.Mlflow;

/// <summary>The flat YAML of MLflow's <c>meta.yaml</c>: a scalar for each key, as its writer makes them.</summary>
internal static class FlatYaml
{
    public static Dictionary<string, string?> Read(string file)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        string? key = null;
        foreach (var line in File.ReadLines(file))
        {
            if (line.Length == 0 || line[0] is '#' or '-')
            {
                continue;
            }

            if (char.IsWhiteSpace(line[0]))
            {
                // A long text goes on in the next lines.
                if (key is not null && values[key] is { } begun)
                {
                    values[key] = $"{begun} {line.Trim()}";
                }

                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
            {
                throw new MigrationException($"{file} has a line that is no 'key: value': '{(line.Length <= 80 ? line : line[..80])}'.");
            }

            key = line[..colon];
            values[key] = line[(colon + 1)..].Trim();
        }

        return values.ToDictionary(pair => pair.Key, pair => Scalar(pair.Value!), StringComparer.Ordinal);
    }

    /// <summary>The pairs of one key whose value is such a map itself.</summary>
    public static Dictionary<string, string> ReadNested(string file, string key)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var isInside = false;
        foreach (var line in File.ReadLines(file))
        {
            if (line.Length == 0 || !char.IsWhiteSpace(line[0]))
            {
                isInside = line.StartsWith(key + ":", StringComparison.Ordinal);
            }
            else if (isInside && line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
            {
                values[Scalar(line[..colon].Trim()) ?? ""] = Scalar(line[(colon + 2)..].Trim()) ?? "";
            }
        }

        return values;
    }

    private static string? Scalar(string text) => text switch
    {
        "" or "null" or "~" => null,
        ['\'', .. var inner, '\''] => inner.Replace("''", "'", StringComparison.Ordinal),
        ['"', .. var inner, '"'] => Unescape(inner),
        _ => text,
    };

    private static string Unescape(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            var escape = text[++i];
            var digits = escape switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits > 0 && i + digits < text.Length && int.TryParse(text.AsSpan(i + 1, digits), System.Globalization.NumberStyles.HexNumber, null, out var code))
            {
                result.Append(code <= char.MaxValue ? ((char)code).ToString() : char.ConvertFromUtf32(code));
                i += digits;
            }
            else
            {
                result.Append(escape switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '0' => '\0', var other => other });
            }
        }

        return result.ToString();
    }
}
