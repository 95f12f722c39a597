using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.Streams;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>The summary of a run: kept as the client wrote it; other doors read the flat values of it.</summary>
internal static class RunSummary
{
    public const string Document = "summary";

    /// <summary>The leaves that are numbers or short texts, as the house's summary values. Media and the client's own members are left out.</summary>
    public static IEnumerable<Param> Values(JsonElement summary)
    {
        if (summary.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        foreach (var member in summary.EnumerateObject())
        {
            if (!member.Name.StartsWith('_'))
            {
                foreach (var leaf in Leaves(member.Name, member.Value, depth: 0))
                {
                    yield return leaf;
                }
            }
        }
    }

    /// <summary>
    /// The points that numbers are which only the summary says: so that searches and charts, which look at series, find them.
    /// </summary>
    public static IEnumerable<SeriesPoint> Points(IEnumerable<Param> values, StreamState history, IReadOnlyList<LatestMetric> latest, long now)
    {
        var known = latest.ToDictionary(metric => metric.Key, metric => metric.Point.Value, StringComparer.Ordinal);
        foreach (var value in values)
        {
            if (value.Kind == ParamKind.Number && value.Number is { } number && history.Newest(value.Key) is null && !(known.TryGetValue(value.Key, out var newest) && newest.Equals(number)))
            {
                yield return new SeriesPoint(value.Key, new MetricPoint(Math.Max(history.LastStep, 0), now, number));
            }
        }
    }

    /// <summary>A summary for a run whose client sent none: its newest values and what was set in their place.</summary>
    public static string Write(RunSnapshot snapshot) => JsonText.Write(writer =>
    {
        var set = snapshot.Summary.ToDictionary(value => value.Key, StringComparer.Ordinal);
        long? step = null;
        writer.WriteStartObject();
        foreach (var (key, point) in snapshot.Latest)
        {
            step = Math.Max(step ?? point.Step, point.Step);
            if (!set.ContainsKey(key))
            {
                writer.WritePropertyName(key);
                JsonText.WriteDouble(writer, point.Value);
            }
        }

        foreach (var value in snapshot.Summary)
        {
            writer.WritePropertyName(value.Key);
            value.ToJson().WriteTo(writer);
        }

        if (step is { } last)
        {
            writer.WriteNumber("_step"u8, last);
        }

        writer.WriteEndObject();
    });

    private static IEnumerable<Param> Leaves(string key, JsonElement value, int depth)
    {
        if (key.Length is 0 or > RunRules.KeyLength || key.AsSpan().ContainsAnyInRange('\0', '\u001f') || !Core.UnicodeText.IsWellFormed(key))
        {
            yield break;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                yield return new Param(key, ParamKind.Number, value.GetRawText());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                yield return new Param(key, ParamKind.Boolean, value.GetRawText());
                break;
            case JsonValueKind.String when TextOf(value) is { Length: <= RunRules.ValueLength } text:
                yield return Param.Text(key, text);
                break;
            case JsonValueKind.Object when depth < 16 && !value.TryGetProperty("_type"u8, out _):
                foreach (var member in value.EnumerateObject())
                {
                    foreach (var leaf in Leaves($"{key}.{member.Name}", member.Value, depth + 1))
                    {
                        yield return leaf;
                    }
                }

                break;
        }
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString() is { } text && Core.UnicodeText.IsWellFormed(text) ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
