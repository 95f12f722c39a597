using System.Text.RegularExpressions;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>Fields of a pipeline file by kind, with a fault for each that is of another.</summary>
internal sealed partial class FieldReader(ProjectFindings findings)
{
    /// <summary>A misspelt key would silently change what is run, so unknown ones are faults here.</summary>
    public void RefuseUnknown(YamlMapping mapping, string[] known, string? field)
    {
        foreach (var key in mapping.Pairs.Select(pair => pair.Key).Where(key => !known.Contains(key.Text) && !key.Text.StartsWith("x-", StringComparison.Ordinal)))
        {
            var near = Closest.To(key.Text, known);
            findings.Fault(key, Dotted(field, key.Text), "The key is not known.",
                near is null ? $"Known are {string.Join(", ", known)}." : $"Did you mean '{near}'?");
        }
    }

    public IReadOnlyList<YamlPair> Pairs(YamlMapping mapping, string key, string? field)
    {
        switch (mapping.Find(key)?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return [];
            case YamlMapping found:
                return found.Pairs;
            case var other:
                findings.Fault(other, Dotted(field, key), $"This must be a mapping, it is {other.Kind}.");
                return [];
        }
    }

    public string? Text(YamlMapping mapping, string key, string? field)
    {
        switch (mapping.Find(key)?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return null;
            case YamlScalar scalar:
                return scalar.Text;
            case var other:
                findings.Fault(other, Dotted(field, key), $"This must be text, it is {other.Kind}.");
                return null;
        }
    }

    public IReadOnlyList<string> Texts(YamlMapping mapping, string key, string? field)
    {
        switch (mapping.Find(key)?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return [];
            case YamlScalar scalar:
                return [scalar.Text];
            case YamlSequence sequence when sequence.Items.All(item => item is YamlScalar { IsNull: false }):
                return sequence.Items.Select(item => ((YamlScalar)item).Text).ToArray();
            case var other:
                findings.Fault(other, Dotted(field, key), $"This must be a list of texts, it is {other.Kind}.");
                return [];
        }
    }

    public bool? Truth(YamlMapping mapping, string key, string? field)
    {
        switch (mapping.Find(key)?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return null;
            case var value when PlainValue.Of(value) is TruthValue truth:
                return truth.Value;
            case var other:
                findings.Fault(other, Dotted(field, key), "This must be true or false.");
                return null;
        }
    }

    public int? Whole(YamlMapping mapping, string key, string? field, int least, int most)
    {
        switch (mapping.Find(key)?.Value)
        {
            case null or YamlScalar { IsNull: true }:
                return null;
            case YamlScalar scalar when int.TryParse(scalar.Text, out var number) && number >= least && number <= most:
                return number;
            case var other:
                findings.Fault(other, Dotted(field, key), $"This must be a whole number from {least} to {most}.");
                return null;
        }
    }

    /// <summary>"90", "90s", "10m", "2h"; above zero, unless zero makes sense there.</summary>
    public TimeSpan? Time(YamlMapping mapping, string key, string? field, bool mayBeZero = false)
    {
        var node = mapping.Find(key)?.Value;
        if (node is null or YamlScalar { IsNull: true })
        {
            return null;
        }

        var text = (node as YamlScalar)?.Text ?? "";
        double factor = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => char.IsAsciiDigit(text[^1]) ? 1 : 0 };
        if (factor > 0 && double.TryParse(text.TrimEnd('s', 'm', 'h', 'd'), System.Globalization.CultureInfo.InvariantCulture, out var amount) && (amount > 0 || (mayBeZero && amount == 0)) && amount * factor < 4e6)
        {
            return TimeSpan.FromSeconds(amount * factor);
        }

        findings.Fault(node, Dotted(field, key), $"This must be a span of time{(mayBeZero ? "" : " above zero")}.", "Write 90s, 10m, 2h or 1d (at most 46 days).");
        return null;
    }

    public Template? Template(YamlNode node, string field)
    {
        try
        {
            return new Template(node);
        }
        catch (ExpressionException fault)
        {
            findings.Fault(node, field, fault.Message, "Expressions are described in docs/pipelines.md.");
            return null;
        }
    }

    public IReadOnlyList<KeyValuePair<string, Template>> Templates(YamlMapping mapping, string key, string? field) =>
        Pairs(mapping, key, field)
            .Select(pair => (pair.Key.Text, Template: Template(pair.Value, Dotted(Dotted(field, key), pair.Key.Text))))
            .Where(pair => pair.Template is not null)
            .Select(pair => new KeyValuePair<string, Template>(pair.Text, pair.Template!)).ToArray();

    /// <summary>The variables under <c>env</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, Template>> Variables(YamlMapping mapping, string? field)
    {
        foreach (var key in Pairs(mapping, "env", field).Select(pair => pair.Key).Where(key => !VariableName().IsMatch(key.Text)))
        {
            findings.Fault(key, Dotted(field, "env"), $"'{key.Text}' cannot be the name of a variable.", "Names are made of letters, digits and underscores, and do not begin with a digit.");
        }

        return Templates(mapping, "env", field);
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex VariableName();

    public static string Dotted(string? field, string key) => field is null ? key : $"{field}.{key}";
}
