using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines.Values;

/// <summary>
/// A value of a pipeline: text, number, truth, nothing, a list, a mapping, or a version of an artifact. Numbers keep the
/// text they were written as, so that 0.10 reaches a command as 0.10.
/// </summary>
internal abstract record PlainValue
{
    public static PlainValue Null { get; } = new NullValue();

    /// <summary>The text a command gets; lists and mappings are JSON.</summary>
    public abstract string Text { get; }

    /// <summary>What an expression takes for true.</summary>
    public virtual bool IsTrue => true;

    public virtual string Kind => "text";

    /// <summary>The value of plain YAML.</summary>
    public static PlainValue Of(YamlNode node) => node switch
    {
        YamlScalar scalar => Of(scalar),
        YamlSequence sequence => new ListValue(sequence.Items.Select(Of).ToArray()),
        YamlMapping mapping => new MapValue(mapping.Pairs.Select(pair => new KeyValuePair<string, PlainValue>(pair.Key.Text, Of(pair.Value)))),
        _ => Null,
    };

    /// <summary>The value a person means on a command line or in a plain scalar.</summary>
    public static PlainValue OfText(string text) => Of(new YamlScalar(text, Plain: true, 0, 0));

    private static PlainValue Of(YamlScalar scalar)
    {
        if (scalar.IsNull)
        {
            return Null;
        }

        if (!scalar.Plain)
        {
            return new TextValue(scalar.Text);
        }

        return PythonText.Of(scalar, out _) switch
        {
            "True" => new TruthValue(true),
            "False" => new TruthValue(false),
            { } text when NumberValue.IsNumber(text) => new NumberValue(text),
            _ => new TextValue(scalar.Text),
        };
    }

    public JsonElement ToJson() => JsonElement.Parse(Json());

    /// <summary>As JSON text, keys in their order.</summary>
    public virtual string Json() => $"\"{JsonEncodedText.Encode(Text)}\"";

    public sealed override string ToString() => Text;
}

internal sealed record NullValue : PlainValue
{
    public override string Text => "";

    public override bool IsTrue => false;

    public override string Kind => "nothing";

    public override string Json() => "null";
}

internal sealed record TextValue(string Value) : PlainValue
{
    public override string Text => Value;

    public override bool IsTrue => Value.Length > 0;
}

internal sealed record TruthValue(bool Value) : PlainValue
{
    /// <summary>As Python and MLproject defaults have it.</summary>
    public override string Text => Value ? "True" : "False";

    public override bool IsTrue => Value;

    public override string Kind => "a truth value";

    public override string Json() => Value ? "true" : "false";
}

internal sealed record NumberValue(string Written) : PlainValue
{
    public NumberValue(double value)
        : this(value.ToString("R", CultureInfo.InvariantCulture))
    {
    }

    public double Value => double.Parse(Written, NumberStyles.Float, CultureInfo.InvariantCulture);

    public override string Text => Written;

    public override bool IsTrue => Value != 0;

    public override string Kind => "a number";

    public override string Json() => IsJson(Written) ? Written : Value.ToString("R", CultureInfo.InvariantCulture);

    public static bool IsNumber(string text) =>
        text.Length > 0 && (char.IsAsciiDigit(text[^1]) || text[^1] == '.') && text[0] is '+' or '-' or '.' or (>= '0' and <= '9')
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);

    private static bool IsJson(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        return char.IsAsciiDigit(digits[0]) && (digits.Length == 1 || digits[0] != '0' || !char.IsAsciiDigit(digits[1])) && digits[^1] != '.' && !text.Contains(".e", StringComparison.OrdinalIgnoreCase);
    }
}

internal sealed record ListValue(IReadOnlyList<PlainValue> Items) : PlainValue
{
    public override string Text => Json();

    public override bool IsTrue => Items.Count > 0;

    public override string Kind => "a list";

    public override string Json() => $"[{string.Join(',', Items.Select(item => item.Json()))}]";
}

/// <summary>Keys in the order they were written.</summary>
internal sealed record MapValue : PlainValue
{
    private readonly List<KeyValuePair<string, PlainValue>> _pairs;

    public MapValue(IEnumerable<KeyValuePair<string, PlainValue>> pairs) => _pairs = [.. pairs];

    public IReadOnlyList<KeyValuePair<string, PlainValue>> Pairs => _pairs;

    public override string Text => Json();

    public override bool IsTrue => _pairs.Count > 0;

    public override string Kind => "a mapping";

    public PlainValue? Find(string key) => _pairs.Where(pair => pair.Key == key).Select(pair => pair.Value).FirstOrDefault();

    /// <summary>With a key set, in its place or at the end.</summary>
    public MapValue With(string key, PlainValue value)
    {
        var at = _pairs.FindIndex(pair => pair.Key == key);
        var pairs = _pairs.ToList();
        if (at < 0)
        {
            pairs.Add(new(key, value));
        }
        else
        {
            pairs[at] = new(key, value);
        }

        return new MapValue(pairs);
    }

    public MapValue Without(string key) => new(_pairs.Where(pair => pair.Key != key));

    /// <summary>The other's keys laid over ours, mapping by mapping.</summary>
    public MapValue Merge(MapValue other) => other.Pairs.Aggregate(this, (map, pair) =>
        map.With(pair.Key, map.Find(pair.Key) is MapValue mine && pair.Value is MapValue theirs ? mine.Merge(theirs) : pair.Value));

    /// <summary>"a.b" to values that are no mappings.</summary>
    public IEnumerable<KeyValuePair<string, PlainValue>> Flat(string prefix = "") => _pairs.SelectMany(pair =>
        pair.Value is MapValue { Pairs.Count: > 0 } map ? map.Flat($"{prefix}{pair.Key}.") : [new($"{prefix}{pair.Key}", pair.Value)]);

    public override string Json()
    {
        var text = new StringBuilder("{");
        foreach (var (key, value) in _pairs)
        {
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(JsonEncodedText.Encode(key).ToString()).Append("\":").Append(value.Json());
        }

        return text.Append('}').ToString();
    }
}

/// <summary>A version of an artifact: a command gets its name, a key its content.</summary>
internal sealed record ArtifactValue(string Name, string Version, string Digest) : PlainValue
{
    public override string Text => $"{Name}:{Version}";

    public override string Kind => "an artifact";
}
