using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>
/// The config of a run: kept as the client wrote it, and as flat params for everybody else. Each of its members is
/// <c>{"desc": …, "value": …}</c>, or the bare value (the JavaScript client).
/// </summary>
internal static class RunConfig
{
    public const string Document = "config";

    /// <summary>The client's own member: versions, telemetry, metric definitions.</summary>
    private const string Own = "_wandb";

    /// <summary>The params of a config. What no param can hold (very long texts, odd keys) is left to the document.</summary>
    public static List<Param> Params(JsonElement config)
    {
        if (config.ValueKind != JsonValueKind.Object)
        {
            throw CairnException.Invalid("config", "'config' is no JSON object.");
        }

        var found = new Dictionary<string, Param>(StringComparer.Ordinal);
        foreach (var member in config.EnumerateObject())
        {
            if (member.Name is not (Own or "wandb_version"))
            {
                Add(found, member.Name, ValueOf(member.Value), depth: 0);
            }
        }

        return [.. found.Values];
    }

    /// <summary>The document with those params that it lacks: logged by another client of the same run.</summary>
    public static string Write(string? document, IReadOnlyList<Param> all)
    {
        using var config = LenientJson.Parse(document ?? "{}", "config");
        var known = config.RootElement.ValueKind == JsonValueKind.Object ? Params(config.RootElement).Select(param => param.Key).ToHashSet(StringComparer.Ordinal) : [];
        var missing = all.Where(param => !known.Contains(param.Key)).ToList();
        if (missing.Count == 0)
        {
            return document ?? "{}";
        }

        return JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var member in config.RootElement.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }

            foreach (var param in missing)
            {
                writer.WriteStartObject(param.Key);
                writer.WriteNull("desc"u8);
                writer.WritePropertyName("value"u8);
                param.ToJson().WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        });
    }

    private static JsonElement ValueOf(JsonElement member) =>
        member.ValueKind == JsonValueKind.Object
        && member.TryGetProperty("value", out var value)
        && member.EnumerateObject().All(part => part.Name is "value" or "desc")
            ? value
            : member;

    private static void Add(Dictionary<string, Param> found, string key, JsonElement value, int depth)
    {
        const int greatestDepth = 24;
        if (key.Length is 0 or > RunRules.KeyLength || key.AsSpan().ContainsAnyInRange('\0', '\u001f'))
        {
            return;
        }

        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().Any() && depth < greatestDepth)
        {
            foreach (var member in value.EnumerateObject())
            {
                Add(found, $"{key}.{member.Name}", member.Value, depth + 1);
            }

            return;
        }

        var param = value.ValueKind switch
        {
            JsonValueKind.String => Text(key, value),
            JsonValueKind.Number => new Param(key, ParamKind.Number, value.GetRawText()),
            JsonValueKind.True => new Param(key, ParamKind.Boolean, "true"),
            JsonValueKind.False => new Param(key, ParamKind.Boolean, "false"),
            JsonValueKind.Null => new Param(key, ParamKind.Null, "null"),
            _ => new Param(key, ParamKind.Json, value.GetRawText()),
        };
        if (param.Value.Length <= RunRules.ValueLength && UnicodeText.IsWellFormed(param.Key) && UnicodeText.IsWellFormed(param.Value))
        {
            found[key] = param;
        }
    }

    private static Param Text(string key, JsonElement value)
    {
        try
        {
            return Param.Text(key, value.GetString()!);
        }
        catch (InvalidOperationException)
        {
            throw CairnException.Invalid("config", $"The value of '{key}' in 'config' is not valid Unicode (it has half of a surrogate pair).");
        }
    }
}
