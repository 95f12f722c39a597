using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using GraphQLParser.AST;

namespace Cairn.Wandb.GraphQl;

/// <summary>
/// Brings values — written in the document, or sent beside it as variables — into the form the schema asks for: texts,
/// longs, doubles, flags, lists and dictionaries. What does not fit is refused by its name.
/// </summary>
internal sealed class InputReader(Schema schema, JsonElement variables, GraphQLVariablesDefinition? declared)
{
    private readonly Dictionary<string, GraphQLVariableDefinition> declarations =
        (declared?.Items ?? []).DistinctBy(variable => variable.Variable.Name.StringValue).ToDictionary(variable => variable.Variable.Name.StringValue, StringComparer.Ordinal);

    /// <summary>Required variables must be there, and all must fit their types, whether or not a field uses them.</summary>
    public void CheckVariables()
    {
        foreach (var (name, declaration) in declarations)
        {
            var type = TypeRef.Of(declaration.Type);
            if (schema.Find(type.Innermost) is not { } known)
            {
                throw new GraphQlException($"Unknown type \"{type.Innermost}\" of the variable \"${name}\".");
            }

            if (!known.IsInput)
            {
                throw new GraphQlException($"Variable \"${name}\" cannot be of the type \"{type}\": it is no input type.");
            }

            var isGiven = TryFind(name, out var value);
            if (type.IsRequired && declaration.DefaultValue is null && (!isGiven || value.ValueKind == JsonValueKind.Null))
            {
                throw new GraphQlException($"Variable \"${name}\" of required type \"{type}\" was not provided.");
            }

            if (isGiven)
            {
                Read($"${name}", type, value, depth: 0);
            }
        }
    }

    /// <summary>The arguments of a field, of a directive, or the members of an input object.</summary>
    public Dictionary<string, object?> ReadAll(string where, IReadOnlyDictionary<string, SchemaInput> inputs, IEnumerable<(string Name, GraphQLValue Value)> given)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            var input = inputs.TryGetValue(name, out var known) ? known : throw new GraphQlException($"Unknown argument \"{name}\" on {where}.");
            if (IsGiven(value))
            {
                values[name] = Read($"{where}.{name}", input.Type, value);
            }
        }

        AddDefaults(where, inputs, values);
        return values;
    }

    private void AddDefaults(string where, IReadOnlyDictionary<string, SchemaInput> inputs, Dictionary<string, object?> values)
    {
        foreach (var input in inputs.Values)
        {
            if (input.Default is { } missing && !values.ContainsKey(input.Name))
            {
                values[input.Name] = Read(input.Name, input.Type, missing);
            }

            if (input.Type.IsRequired && values.GetValueOrDefault(input.Name) is null)
            {
                throw new GraphQlException($"Argument \"{input.Name}\" of required type \"{input.Type}\" on {where} was not provided.");
            }
        }
    }

    /// <summary>A value written as it stands in a document; for introspection.</summary>
    public static string Show(GraphQLValue value) => value switch
    {
        GraphQLStringValue text => JsonEncodedText.Encode(text.Value.Span) is var encoded ? $"\"{encoded}\"" : "",
        GraphQLIntValue number => number.Value.ToString(),
        GraphQLFloatValue number => number.Value.ToString(),
        GraphQLBooleanValue flag => flag.Value.ToString(),
        GraphQLEnumValue word => word.Name.StringValue,
        GraphQLListValue list => $"[{string.Join(", ", (list.Values ?? []).Select(Show))}]",
        _ => "null",
    };

    private bool IsGiven(GraphQLValue value) =>
        value is not GraphQLVariable variable
        || TryFind(variable.Name.StringValue, out _)
        || !declarations.ContainsKey(variable.Name.StringValue)
        || (declarations.TryGetValue(variable.Name.StringValue, out var declaration) && declaration.DefaultValue is not null);

    private object? Read(string where, TypeRef type, GraphQLValue value)
    {
        if (value is GraphQLVariable variable)
        {
            var name = variable.Name.StringValue;
            var declaration = declarations.TryGetValue(name, out var known) ? known : throw new GraphQlException($"Variable \"${name}\" is not defined.");
            return TryFind(name, out var given) ? Read($"${name}", type, given, depth: 0)
                : declaration.DefaultValue is { } missing ? Read(where, type, missing)
                : null;
        }

        if (value is GraphQLNullValue)
        {
            return type.IsRequired ? throw Misfit(where, type, "null") : null;
        }

        if (type.Item is { } item)
        {
            return value is GraphQLListValue list
                ? (list.Values ?? []).Select(one => Read(where, item, one)).ToList()
                : new List<object?> { Read(where, item, value) };
        }

        var named = schema.Types[type.Name!];
        return named.Kind switch
        {
            TypeKind.InputObject => value is GraphQLObjectValue members
                ? ReadAll(where, named.Inputs, (members.Fields ?? []).Select(member => (member.Name.StringValue, member.Value)))
                : throw Misfit(where, type, Show(value)),
            TypeKind.Enum => value is GraphQLEnumValue word && named.EnumValues.Contains(word.Name.StringValue)
                ? word.Name.StringValue
                : throw Misfit(where, type, Show(value)),
            _ => value switch
            {
                GraphQLStringValue text => Scalar(where, type, text.Value.ToString()),
                GraphQLIntValue number => Number(where, type, number.Value.ToString()),
                GraphQLFloatValue number => Number(where, type, number.Value.ToString()),
                GraphQLBooleanValue flag => Flag(where, type, flag.BoolValue),
                _ => throw Misfit(where, type, Show(value)),
            },
        };
    }

    private object? Read(string where, TypeRef type, JsonElement value, int depth)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return type.IsRequired ? throw Misfit(where, type, "null") : null;
        }

        if (type.Item is { } item)
        {
            return value.ValueKind == JsonValueKind.Array
                ? value.EnumerateArray().Select(one => Read(where, item, one, depth)).ToList()
                : new List<object?> { Read(where, item, value, depth) };
        }

        var named = schema.Types[type.Name!];
        switch (named.Kind)
        {
            case TypeKind.InputObject when value.ValueKind == JsonValueKind.Object && depth < 16:
                var members = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach (var member in value.EnumerateObject())
                {
                    var input = named.Inputs.TryGetValue(member.Name, out var known)
                        ? known
                        : throw new GraphQlException($"Field \"{Shorten(member.Name)}\" is not defined by the type \"{named.Name}\" (in {where}).");
                    members[member.Name] = Read($"{where}.{member.Name}", input.Type, member.Value, depth + 1);
                }

                AddDefaults(where, named.Inputs, members);
                return members;
            case TypeKind.Enum when value.ValueKind == JsonValueKind.String && named.EnumValues.Contains(Text(where, value)):
                return value.GetString();
            case TypeKind.Scalar:
                return value.ValueKind switch
                {
                    JsonValueKind.String => Scalar(where, type, Text(where, value)),
                    JsonValueKind.Number => Number(where, type, value.GetRawText()),
                    JsonValueKind.True or JsonValueKind.False => Flag(where, type, value.GetBoolean()),
                    _ when type.Name is "JSON" => value.GetRawText(),
                    _ => throw Misfit(where, type, value.GetRawText()),
                };
            default:
                throw Misfit(where, type, value.GetRawText());
        }
    }

    private static string Text(string where, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new GraphQlException($"The text of {where} is not valid Unicode (it has half of a surrogate pair).");
        }
    }

    // Clients send 64-bit numbers as texts now and then.
    private static object Scalar(string where, TypeRef type, string text) => type.Name switch
    {
        _ when !UnicodeText.IsWellFormed(text) => throw new GraphQlException($"The text of {where} is not valid Unicode (it has half of a surrogate pair)."),
        "String" or "ID" or "JSONString" or "JSON" or "DateTime" => text,
        "Int64" or "Duration" => Number(where, type, text),
        _ => throw Misfit(where, type, $"\"{text}\""),
    };

    private static object Number(string where, TypeRef type, string text)
    {
        switch (type.Name)
        {
            case "ID" or "JSON":
                return text;
            case "Float" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number):
                return number;
            case "Int" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole is >= int.MinValue and <= int.MaxValue:
                return whole;
            case "Int64" or "Duration" when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole):
                return whole;
            // Python's floats of whole numbers: 1000.0, 1e9.
            case "Int64" or "Duration" when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < long.MaxValue:
                return (long)number;
            default:
                throw Misfit(where, type, text);
        }
    }

    private static object Flag(string where, TypeRef type, bool flag) =>
        type.Name == "Boolean" ? flag : type.Name == "JSON" ? (flag ? "true" : "false") : throw Misfit(where, type, flag ? "true" : "false");

    private bool TryFind(string name, out JsonElement value)
    {
        value = default;
        return variables.ValueKind == JsonValueKind.Object && declarations.ContainsKey(name) && variables.TryGetProperty(name, out value);
    }

    private static GraphQlException Misfit(string where, TypeRef type, string value) =>
        new($"The value {Shorten(value)} of {where} does not fit its type \"{type}\".");

    private static string Shorten(string text)
    {
        if (text.Length <= 60)
        {
            return UnicodeText.IsWellFormed(text) ? text : "(not valid Unicode)";
        }

        var cut = new StringBuilder(text, 0, 57, 64).Append("...").ToString();
        return UnicodeText.IsWellFormed(cut) ? cut : "(long)";
    }
}
