using System.Buffers.Text;
using System.Text.Json;
using Cairn.Core.Series;
using Cairn.Mlflow.Keys;

namespace Cairn.Mlflow.Metrics;

/// <summary>
/// The fields of a point, collected while a reader goes over a JSON object. It takes what clients send, fast, and gives
/// up on anything else; the slow way then finds out what is wrong with it, or that nothing is.
/// </summary>
internal struct MetricFields
{
    private string? key;
    private double value;
    private long time;
    private long step;
    private bool hasValue;
    private bool hasTime;

    /// <summary>The point, where all that it needs was there and good.</summary>
    public readonly bool TryGet(out SeriesPoint point)
    {
        point = key is null ? default : new SeriesPoint(key, new MetricPoint(step, time, value));
        return key is not null && hasValue && hasTime && time >= 0;
    }

    /// <summary>
    /// The reader stands on the name of a member: takes its value where it is one of a point, else leaves the reader there.
    /// </summary>
    public FieldResult Take(ref Utf8JsonReader reader, KeyCache keys)
    {
        if (reader.ValueTextEquals("key"u8))
        {
            reader.Read();
            key = reader.TokenType != JsonTokenType.String ? null
                : reader.ValueIsEscaped ? reader.GetString() is { } text && KeyRules.IsMetric(text) ? text : null
                : keys.Find(reader.ValueSpan);
            return key is null ? FieldResult.Odd : FieldResult.Taken;
        }

        if (reader.ValueTextEquals("value"u8))
        {
            reader.Read();
            return (hasValue = TryGetDouble(ref reader, out value)) ? FieldResult.Taken : FieldResult.Odd;
        }

        if (reader.ValueTextEquals("timestamp"u8))
        {
            reader.Read();
            return (hasTime = TryGetInteger(ref reader, out time)) ? FieldResult.Taken : FieldResult.Odd;
        }

        if (reader.ValueTextEquals("step"u8))
        {
            reader.Read();
            return TryGetInteger(ref reader, out step) ? FieldResult.Taken : FieldResult.Odd;
        }

        // A value of a logged model goes to two places, and the two names of its data go together.
        return reader.ValueTextEquals("model_id"u8) || reader.ValueTextEquals("dataset_name"u8) || reader.ValueTextEquals("dataset_digest"u8)
            || reader.ValueTextEquals("modelId"u8) || reader.ValueTextEquals("datasetName"u8) || reader.ValueTextEquals("datasetDigest"u8)
            ? FieldResult.Odd
            : FieldResult.Other;
    }

    private static bool TryGetDouble(ref Utf8JsonReader reader, out double value)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetDouble(out value);
        }

        value = double.NaN;
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        var text = reader.ValueSpan;
        if (text.SequenceEqual("NaN"u8))
        {
            return true;
        }

        if (text.SequenceEqual("Infinity"u8) || text.SequenceEqual("-Infinity"u8))
        {
            value = text[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }

        return Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && double.IsFinite(value);
    }

    // Protobuf's own JSON has 64-bit integers in quotes.
    private static bool TryGetInteger(ref Utf8JsonReader reader, out long value)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out value);
        }

        value = 0;
        return reader.TokenType == JsonTokenType.String && Utf8Parser.TryParse(reader.ValueSpan, out value, out var used) && used == reader.ValueSpan.Length;
    }
}

internal enum FieldResult
{
    /// <summary>It was a field of a point.</summary>
    Taken,

    /// <summary>It is none.</summary>
    Other,

    /// <summary>It is one, but its value needs a closer look.</summary>
    Odd,
}
