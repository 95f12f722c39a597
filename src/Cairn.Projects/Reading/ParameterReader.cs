namespace Cairn.Projects.Reading;

/// <summary>The <c>parameters</c> of an entry point, in the forms found in real files.</summary>
internal sealed class ParameterReader(ProjectFindings findings)
{
    private static readonly string[] Keys = ["type", "default", "description"];
    private static readonly string[] TypeNames = ["string", "float", "int", "path", "uri"];

    public IReadOnlyList<Parameter> Read(YamlNode? node, string field)
    {
        switch (node)
        {
            case null or YamlScalar { IsNull: true }:
                return [];
            case YamlMapping mapping:
                return mapping.Pairs.Select(pair => ReadOne(pair.Key, pair.Value, $"{field}.{pair.Key.Text}")).ToArray();
            default:
                findings.Fault(node, field, $"Parameters must be a mapping, this is {node.Kind}.",
                    "Write one per line: 'alpha: {type: float, default: 0.5}'.");
                return [];
        }
    }

    private Parameter ReadOne(YamlScalar key, YamlNode value, string field)
    {
        if (key.Text.Length == 0)
        {
            findings.Fault(key, field, "A parameter needs a name.");
        }

        switch (value)
        {
            case YamlScalar { IsNull: true }:
                findings.Note(value, field, "No type given; taken as a required string.", "Write 'string' or {type: …, default: …}.");
                return new Parameter(key.Text, ParameterType.Text, null, null);
            case YamlScalar type:
                return new Parameter(key.Text, ReadType(type, type.Text, field), null, null);
            case YamlMapping mapping:
                return ReadMapping(key.Text, mapping, field);
            default:
                findings.Fault(value, field, $"A parameter is a type or a mapping, this is {value.Kind}.",
                    $"Write '{key.Text}: {{type: string, default: …}}'.");
                return new Parameter(key.Text, ParameterType.Text, null, null);
        }
    }

    private Parameter ReadMapping(string name, YamlMapping mapping, string field)
    {
        var type = ParameterType.Text;
        string? text = null, description = null;
        foreach (var (key, value) in mapping.Pairs)
        {
            switch (key.Text)
            {
                case "type" when value is YamlScalar { IsNull: false } scalar:
                    type = ReadType(scalar, scalar.Text, field);
                    break;
                case "type":
                    findings.Note(value, field, $"The type must be a word, this is {value.Kind}; taken as string.");
                    break;
                case "default":
                    text = ReadDefault(value, field);
                    break;
                case "description" when value is YamlScalar scalar:
                    description = scalar.IsNull ? null : scalar.Text;
                    break;
                case "description":
                    findings.Note(value, field, $"The description must be text, this is {value.Kind}; it is ignored.");
                    break;
                default:
                    if (GluedType(key, value) is { } glued)
                    {
                        type = ReadType(key, glued, field);
                        findings.Note(key, field, $"'{key.Text}' was taken as 'type: {glued}'.", "YAML wants a colon and a blank between them.");
                    }
                    else
                    {
                        var near = Closest.To(key.Text, Keys);
                        findings.Note(key, field, $"The key '{key.Text}' is not known here and is ignored.",
                            near is null ? null : $"Did you mean '{near}'?");
                    }

                    break;
            }
        }

        return new Parameter(name, type, text, description);
    }

    private string? ReadDefault(YamlNode value, string field)
    {
        var text = PythonText.Of(value, out var changed);
        if (changed)
        {
            findings.Note(value, field, $"The default reaches the command as '{text}', as with MLflow.", "Quote it to keep it as written.");
        }

        return text;
    }

    /// <summary><c>{type:int}</c> and <c>{type str}</c>: one key without a value, because a blank or colon is missing.</summary>
    private static string? GluedType(YamlScalar key, YamlNode value) =>
        value is YamlScalar { IsNull: true } && key.Text.Length > 5 && key.Text.StartsWith("type", StringComparison.Ordinal)
        && key.Text[4] is ':' or ' '
            ? key.Text[5..].Trim(' ', ':')
            : null;

    private ParameterType ReadType(YamlNode at, string word, string field)
    {
        switch (word.Trim().ToLowerInvariant())
        {
            case "string" or "str" or "text":
                return ParameterType.Text;
            case "float" or "number" or "double":
                return ParameterType.Number;
            case "int" or "integer":
                return ParameterType.WholeNumber;
            case "path":
                return ParameterType.Path;
            case "uri" or "url":
                return ParameterType.Uri;
            case "bool" or "boolean" or "list" or "dict" or "any":
                findings.Note(at, field, $"'{word}' is passed on as plain text: the format has no such type.");
                return ParameterType.Text;
            default:
                var near = Closest.To(word, TypeNames);
                findings.Note(at, field, $"'{word}' is not a type; taken as string.",
                    near is not null ? $"Did you mean '{near}'?"
                    : PythonText.Of(at, out _) is { } text && double.TryParse(text, out _) ? $"A default is written {{type: float, default: {text}}}."
                    : "Types are string, float, int, path and uri.");
                return ParameterType.Text;
        }
    }
}
