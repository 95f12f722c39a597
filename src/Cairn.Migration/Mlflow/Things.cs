using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cairn.Migration.Mlflow;

/// <summary>Small parts of things.</summary>
internal static class Things
{
    public static JsonElement Element(JsonObject thing) => JsonElement.Parse(thing.ToJsonString());

    public static JsonArray Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        [.. pairs.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (JsonNode)new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value })];

    /// <summary>A number as JSON has it; "not a number" is null, and the infinities are words.</summary>
    public static JsonNode? Number(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value)
        : double.IsNaN(value) ? null
        : JsonValue.Create(value > 0 ? "Infinity" : "-Infinity");
}
