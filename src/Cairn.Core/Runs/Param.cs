using System.Globalization;
using System.Text.Json;

namespace Cairn.Core.Runs;

/// <summary>The JSON kind a parameter's value had when it was logged. MLflow's parameters are all <see cref="Text"/>.</summary>
public enum ParamKind
{
    Text = 0,
    Number = 1,
    Boolean = 2,
    Null = 3,

    /// <summary>A JSON array, or an empty object.</summary>
    Json = 4,
}

/// <summary>A flat, typed parameter (or summary value).</summary>
/// <param name="Key">Dotted path; never empty.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Value">For <see cref="ParamKind.Text"/> the text itself, else its JSON.</param>
public readonly record struct Param(string Key, ParamKind Kind, string Value)
{
    public static Param Text(string key, string value) => new(key, ParamKind.Text, value);

    /// <summary>
    /// The value as a number where it is one or reads as one; null else. What numeric search compares with, so NaN, which
    /// many a library logs for "missing", is none: nothing compares with it, and SQLite does not hold it.
    /// </summary>
    public double? Number =>
        Kind is ParamKind.Number or ParamKind.Text
        && double.TryParse(Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && !double.IsNaN(number)
            ? number
            : null;

    /// <summary>
    /// The leaves of a JSON value under <paramref name="key"/>: objects become dotted keys, arrays stay whole.
    /// Depth is limited so that a hostile document cannot exhaust the stack.
    /// </summary>
    public static IEnumerable<Param> Flatten(string key, JsonElement value, int depth = 0)
    {
        const int greatestDepth = 32;
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any())
        {
            if (depth >= greatestDepth)
            {
                throw CairnException.Invalid(key, $"'{key}' is nested deeper than {greatestDepth} levels. Log it as a file instead.");
            }

            foreach (var member in value.EnumerateObject())
            {
                if (member.Name.Length == 0)
                {
                    throw CairnException.Invalid($"params.{key}", $"'{key}' has a member without a name.");
                }

                foreach (var leaf in Flatten($"{key}.{member.Name}", member.Value, depth + 1))
                {
                    yield return leaf;
                }
            }

            yield break;
        }

        yield return value.ValueKind switch
        {
            JsonValueKind.String => new Param(key, ParamKind.Text, value.GetString()!),
            JsonValueKind.Number => new Param(key, ParamKind.Number, value.GetRawText()),
            JsonValueKind.True => new Param(key, ParamKind.Boolean, "true"),
            JsonValueKind.False => new Param(key, ParamKind.Boolean, "false"),
            JsonValueKind.Null or JsonValueKind.Undefined => new Param(key, ParamKind.Null, "null"),
            _ => new Param(key, ParamKind.Json, value.GetRawText()),
        };
    }

    /// <summary>The value as JSON, the inverse of <see cref="Flatten"/> for one leaf.</summary>
    public JsonElement ToJson()
    {
        if (Kind != ParamKind.Text)
        {
            using var document = JsonDocument.Parse(Value);
            return document.RootElement.Clone();
        }

        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStringValue(Value);
        }

        using var text = JsonDocument.Parse(buffer.WrittenMemory);
        return text.RootElement.Clone();
    }
}

/// <summary>A tag to set, or, where <paramref name="Value"/> is null, to remove.</summary>
public readonly record struct TagChange(string Key, string? Value);
