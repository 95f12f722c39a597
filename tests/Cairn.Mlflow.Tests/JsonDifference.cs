using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Compares an answer with a golden one.</summary>
internal static class JsonDifference
{
    private const string Any = "<any>";
    private const string More = "<more>";

    /// <summary>Where and how they differ; null where they agree.</summary>
    public static string? Find(JsonNode? expected, JsonNode? actual, string at = "$")
    {
        if (expected is JsonValue wish && wish.TryGetValue(out string? text))
        {
            if (text == Any)
            {
                return actual is null ? $"{at} is missing" : null;
            }

            if (text.EndsWith(More, StringComparison.Ordinal))
            {
                return actual is JsonValue value && value.TryGetValue(out string? found) && found.StartsWith(text[..^More.Length], StringComparison.Ordinal)
                    ? null
                    : $"{at} is {Show(actual)}, not {text}";
            }
        }

        return (expected, actual) switch
        {
            (JsonObject left, JsonObject right) => Objects(left, right, at),
            (JsonArray left, JsonArray right) => Arrays(left, right, at),
            _ => Same(expected, actual) ? null : $"{at} is {Show(actual)}, not {Show(expected)}",
        };
    }

    private static string? Objects(JsonObject expected, JsonObject actual, string at)
    {
        foreach (var (name, value) in expected)
        {
            if (!actual.ContainsKey(name))
            {
                return $"{at}.{name} is missing";
            }

            if (Find(value, actual[name], $"{at}.{name}") is { } difference)
            {
                return difference;
            }
        }

        return actual.Select(member => member.Key).FirstOrDefault(name => !expected.ContainsKey(name)) is { } extra
            ? $"{at}.{extra} is too much: {Show(actual[extra])}"
            : null;
    }

    private static string? Arrays(JsonArray expected, JsonArray actual, string at)
    {
        if (expected.Count != actual.Count)
        {
            return $"{at} has {actual.Count} items, not {expected.Count}: {Show(actual)}";
        }

        var (left, right) = (Sorted(expected), Sorted(actual));
        for (var i = 0; i < left.Count; i++)
        {
            if (Find(left[i], right[i], $"{at}[{i}]") is { } difference)
            {
                return difference;
            }
        }

        return null;
    }

    // Keys and values have no order.
    private static List<JsonNode?> Sorted(JsonArray items) =>
        items.All(item => item is JsonObject pair && pair.ContainsKey("key") && pair.ContainsKey("value") && !pair.ContainsKey("run_id"))
            ? [.. items.OrderBy(item => (string)item!["key"]!, StringComparer.Ordinal)]
            : [.. items];

    private static bool Same(JsonNode? expected, JsonNode? actual)
    {
        if (expected is null || actual is null || expected.GetValueKind() != actual.GetValueKind())
        {
            return expected is null && actual is null;
        }

        return expected.GetValueKind() == JsonValueKind.Number
            ? (double)expected == (double)actual
            : JsonNode.DeepEquals(expected, actual);
    }

    private static string Show(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 300 ? text : $"{text[..300]}...";
    }
}
