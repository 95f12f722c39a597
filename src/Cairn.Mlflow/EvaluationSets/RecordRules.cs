using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Core.EvaluationSets;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.EvaluationSets;

/// <summary>How records of an evaluation set are told apart, merged and described.</summary>
internal static class RecordRules
{
    private const string UserTag = "mlflow.user";
    private const string NoMembers = "{}";

    /// <summary>Records with the same inputs, in whatever order of their members, are the same record; none are as empty ones.</summary>
    public static string InputKey(JsonElement record) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Member(record, "inputs") is { } inputs ? PythonJson.Write(inputs, sortKeys: true) : NoMembers)));

    public static string Digest(string name, long at) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{name}:{at}"))))[..8];

    /// <summary>Who sends a record, where it says so.</summary>
    public static string? UserOf(JsonElement record) =>
        Member(record, "tags") is { } labels && labels.TryGetProperty(UserTag, out var name) && name.ValueKind == JsonValueKind.String ? RequestText.Of(name) : null;

    /// <summary>Outputs are replaced, expectations and tags are added to.</summary>
    public static EvaluationRecord Merge(EvaluationRecord? old, JsonElement record, long now)
    {
        var user = UserOf(record);
        return old is null
            ? new EvaluationRecord(
                $"dr-{Guid.NewGuid():N}",
                Member(record, "inputs") is { } inputs ? PythonJson.Write(inputs) : NoMembers,
                record.TryGetProperty("outputs"u8, out _) ? Any(record, "outputs") : NoMembers,
                Member(record, "expectations") is { } expected ? PythonJson.Write(expected) : null,
                Member(record, "tags") is { } tags ? PythonJson.Write(tags) : NoMembers,
                RecordSource.Read(record, "")?.Write(),
                now,
                now,
                user,
                user)
            : old with
            {
                Outputs = record.TryGetProperty("outputs", out _) ? Any(record, "outputs") : old.Outputs,
                Expectations = Add(old.Expectations, Member(record, "expectations")),
                Tags = Add(old.Tags, Member(record, "tags")),
                UpdatedAt = now,
                UpdatedBy = user ?? old.UpdatedBy,
            };
    }

    /// <summary>The fields of all records and the kind of the first value of each, as JSON.</summary>
    public static string Describe(string? schema, IEnumerable<JsonElement> records)
    {
        var fields = (schema is null ? null : JsonNode.Parse(schema) as JsonObject)
            ?? new JsonObject { ["inputs"] = new JsonObject(), ["outputs"] = new JsonObject(), ["expectations"] = new JsonObject(), ["version"] = "1.0" };
        foreach (var record in records)
        {
            foreach (var part in new[] { "inputs", "outputs", "expectations" })
            {
                if (Member(record, part) is { } members && fields[part] is JsonObject known)
                {
                    foreach (var member in members.EnumerateObject().Where(member => !known.ContainsKey(member.Name)))
                    {
                        known[member.Name] = Kind(member.Value);
                    }
                }
                else if (part == "outputs" && Any(record, part) is not null && fields[part] is JsonObject { Count: 0 })
                {
                    fields[part] = Kind(record.GetProperty(part));
                }
            }
        }

        using var document = JsonDocument.Parse(fields.ToJsonString());
        return PythonJson.Write(document.RootElement);
    }

    private static string? Add(string? old, JsonElement? more)
    {
        if (more is not { } members)
        {
            return old;
        }

        var all = (old is null ? null : JsonNode.Parse(old) as JsonObject) ?? [];
        foreach (var member in members.EnumerateObject())
        {
            all[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        using var document = JsonDocument.Parse(all.ToJsonString());
        return PythonJson.Write(document.RootElement);
    }

    private static JsonElement? Member(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Any(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? PythonJson.Write(value) : null;

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "integer" : "float",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };
}
