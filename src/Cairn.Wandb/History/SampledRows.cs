using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.History;

/// <summary>
/// <c>sampledHistory(specs)</c>: for each spec <c>{"keys": […], "samples": n, "minStep", "maxStep"}</c> the rows that have all
/// its keys, with nothing but them. Real JSON, where NaN can only be a word in quotes.
/// </summary>
internal static class SampledRows
{
    private const int DefaultSamples = 500;

    public static async ValueTask<RawJson> ReadAsync(RunNode run, string spec, CancellationToken cancellationToken)
    {
        using var document = LenientJson.Parse(spec, "specs");
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && !root.EnumerateObject().Any())
        {
            // Clients that must say something, but want nothing, send an empty spec.
            return new RawJson("[]"u8.ToArray());
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys"u8, out var given) || given.ValueKind != JsonValueKind.Array)
        {
            throw CairnException.Invalid("specs", "A spec must be an object with \"keys\", a list of names.");
        }

        var keys = given.EnumerateArray().Where(key => key.ValueKind == JsonValueKind.String).Select(key => key.GetString()!).Distinct(StringComparer.Ordinal).ToList();
        var samples = (int)Math.Clamp(Number(root, "samples") ?? DefaultSamples, 1, 1_000_000);
        var found = new List<string>();
        foreach (var row in await RowList.ReadAsync(run, LineStream.History, Range(root, samples), int.MaxValue, cancellationToken))
        {
            if (Choose(row, keys) is { } chosen)
            {
                found.Add(chosen);
            }
        }

        var picker = Picker.For(found.Count, samples);
        var taken = picker is null ? found : found.Where((_, index) => picker.Takes(index));
        return new RawJson(Encoding.UTF8.GetBytes($"[{string.Join(',', taken)}]"));
    }

    // New clients count maxStep in, old ones do not, and each page of either spans as many steps as it wants samples.
    private static StepRange Range(JsonElement spec, int samples)
    {
        var least = Number(spec, "minStep");
        var greatest = Number(spec, "maxStep");
        if (least is null && greatest is null)
        {
            return StepRange.All;
        }

        var last = greatest ?? long.MaxValue;
        return new StepRange(least ?? long.MinValue, least is { } first && greatest is not null ? Math.Min(last, first + samples - 1) : last);
    }

    private static long? Number(JsonElement spec, string name) =>
        spec.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? (value.TryGetInt64(out var whole) ? whole : (long)Math.Clamp(value.GetDouble(), -9e15, 9e15)) : null;

    private static string? Choose(string row, List<string> keys)
    {
        using var document = LenientJson.Parse(row, "history");
        var values = new List<JsonElement>(keys.Count);
        foreach (var key in keys)
        {
            if (!TryFind(document.RootElement, key, out var value))
            {
                return null;
            }

            values.Add(value);
        }

        return JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            for (var i = 0; i < keys.Count; i++)
            {
                writer.WritePropertyName(keys[i]);
                writer.WriteRawValue(values[i].GetRawText(), skipInputValidation: true);
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>A member by its name, or by its path through nested objects.</summary>
    private static bool TryFind(JsonElement row, string key, out JsonElement value)
    {
        if (row.ValueKind != JsonValueKind.Object)
        {
            value = default;
            return false;
        }

        if (row.TryGetProperty(key, out value))
        {
            return true;
        }

        for (var dot = key.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = key.IndexOf('.', dot + 1))
        {
            if (row.TryGetProperty(key[..dot], out var inner) && TryFind(inner, key[(dot + 1)..], out value))
            {
                return true;
            }
        }

        return false;
    }
}
