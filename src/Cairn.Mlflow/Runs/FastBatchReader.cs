using System.Buffers;
using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Metrics;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// Reads a batch in one pass over its bytes, without a document in between: this is where the throughput of logging is
/// decided. It knows only batches as clients send them; for anything else it answers null and <see cref="BatchReader"/>
/// takes its time to say what is wrong.
/// </summary>
internal static class FastBatchReader
{
    public static Batch? Read(ReadOnlySpan<byte> json, KeyCache keys)
    {
        var points = ArrayPool<SeriesPoint>.Shared.Rent(Batch.MostMetrics);
        try
        {
            return Read(new Utf8JsonReader(json), keys, points);
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException)
        {
            return null;
        }
        finally
        {
            ArrayPool<SeriesPoint>.Shared.Return(points, clearArray: true);
        }
    }

    private static Batch? Read(Utf8JsonReader reader, KeyCache keys, SeriesPoint[] points)
    {
        string? id = null;
        var count = 0;
        List<Param> parameters = [];
        List<KeyValuePair<string, string>> tags = [];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metrics"u8))
            {
                count = ReadPoints(ref reader, keys, points);
                if (count < 0)
                {
                    return null;
                }
            }
            else if (reader.ValueTextEquals("params"u8))
            {
                parameters.Clear();
                if (!ReadParams(ref reader, parameters))
                {
                    return null;
                }
            }
            else if (reader.ValueTextEquals("tags"u8))
            {
                tags.Clear();
                if (!ReadTags(ref reader, tags))
                {
                    return null;
                }
            }
            else if (reader.ValueTextEquals("run_id"u8))
            {
                id = RunIdReader.Text(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return RunId.TryParse(id, out var run) && !reader.Read() && count + parameters.Count + tags.Count <= Batch.MostTogether
            ? new Batch(run, points.AsSpan(0, count).ToArray(), parameters, tags)
            : null;
    }

    private static int ReadPoints(ref Utf8JsonReader reader, KeyCache keys, SeriesPoint[] points)
    {
        var count = 0;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return -1;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var fields = default(MetricFields);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                switch (fields.Take(ref reader, keys))
                {
                    case FieldResult.Odd:
                        return -1;
                    case FieldResult.Other:
                        reader.Skip();
                        break;
                }
            }

            if (count == Batch.MostMetrics || !fields.TryGet(out points[count]))
            {
                return -1;
            }

            count++;
        }

        return reader.TokenType == JsonTokenType.EndArray ? count : -1;
    }

    private static bool ReadParams(ref Utf8JsonReader reader, List<Param> parameters)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (parameters.Count == Batch.MostParams || ReadPair(ref reader) is not { } pair || !KeyRules.IsMetric(pair.Key) || pair.Value.Length > RunRules.ValueLength)
            {
                return false;
            }

            parameters.Add(Param.Text(pair.Key, pair.Value));
        }

        return reader.TokenType == JsonTokenType.EndArray && !HasTwins(parameters);
    }

    private static bool ReadTags(ref Utf8JsonReader reader, List<KeyValuePair<string, string>> tags)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (tags.Count == Batch.MostTags || ReadPair(ref reader) is not { } pair || !KeyRules.IsMetric(pair.Key) || pair.Value.Length > RunRules.ValueLength)
            {
                return false;
            }

            tags.Add(pair);
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static KeyValuePair<string, string>? ReadPair(ref Utf8JsonReader reader)
    {
        string? key = null;
        var value = "";
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKey = reader.ValueTextEquals("key"u8);
            if (!isKey && !reader.ValueTextEquals("value"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                return null;
            }

            if (isKey)
            {
                key = reader.GetString();
            }
            else
            {
                value = reader.GetString()!;
            }
        }

        return key is null ? null : new(key, value);
    }

    private static bool HasTwins(List<Param> parameters)
    {
        if (parameters.Count < 2)
        {
            return false;
        }

        var seen = new HashSet<string>(parameters.Count, StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            if (!seen.Add(parameter.Key))
            {
                return true;
            }
        }

        return false;
    }
}
