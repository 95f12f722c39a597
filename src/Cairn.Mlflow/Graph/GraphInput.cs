using System.Text;
using System.Text.Json.Nodes;
using GraphQLParser.AST;

namespace Cairn.Mlflow.Graph;

/// <summary>Arguments of a field as the JSON that the same call takes over REST: names there have underscores.</summary>
internal static class GraphInput
{
    public static JsonObject Read(GraphQLField field, JsonObject variables)
    {
        var input = new JsonObject();
        foreach (var argument in field.Arguments?.Items ?? [])
        {
            var value = Value(argument.Value, variables);
            if (argument.Name.StringValue == "input" && value is JsonObject members)
            {
                foreach (var (name, member) in members)
                {
                    input[name] = member?.DeepClone();
                }
            }
            else
            {
                input[Underscored(argument.Name.StringValue)] = value;
            }
        }

        return input;
    }

    /// <summary>runId → run_id.</summary>
    public static string Underscored(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var character in name)
        {
            _ = char.IsAsciiLetterUpper(character) ? text.Append('_').Append(char.ToLowerInvariant(character)) : text.Append(character);
        }

        return text.ToString();
    }

    private static JsonNode? Value(GraphQLValue value, JsonObject variables) => value switch
    {
        GraphQLStringValue text => JsonValue.Create(text.Value.ToString()),
        GraphQLIntValue number => JsonNode.Parse(number.Value.ToString()),
        GraphQLFloatValue number => JsonNode.Parse(number.Value.ToString()),
        GraphQLBooleanValue truth => JsonValue.Create(truth.BoolValue),
        GraphQLEnumValue word => JsonValue.Create(word.Name.StringValue),
        GraphQLListValue list => new JsonArray([.. (list.Values ?? []).Select(item => Value(item, variables))]),
        GraphQLObjectValue members => Members((members.Fields ?? []).Select(member => new KeyValuePair<string, JsonNode?>(member.Name.StringValue, Value(member.Value, variables)))),
        GraphQLVariable variable => Given(variables[variable.Name.StringValue]),
        _ => null,
    };

    private static JsonNode? Given(JsonNode? value) => value switch
    {
        JsonObject members => Members(members.Select(member => new KeyValuePair<string, JsonNode?>(member.Key, Given(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Given)]),
        _ => value?.DeepClone(),
    };

    private static JsonObject Members(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var read = new JsonObject();
        foreach (var (name, value) in members)
        {
            read[Underscored(name)] = value;
        }

        return read;
    }
}
