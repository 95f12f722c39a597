using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Streams;

/// <summary>
/// Reads rows of a run's history or of its machine's load: every number in a row is a point, those in nested objects under
/// dotted keys; what can be shown is media. What is neither stays in the row, which is kept whole. A row that says no time has the
/// run's start, so that it comes out the same when it is sent again.
/// </summary>
internal sealed class RowReader(StreamState state, string file, bool isHistory, long startedAt)
{
    private const int GreatestDepth = 16;

    private readonly List<(KeyState Key, double Value)> numbers = [];
    private readonly List<(KeyState? Key, string Type)> others = [];
    private readonly List<(string Key, JsonElement Value)> shown = [];
    private char[] path = new char[1024];
    private long? step;
    private double? timestamp;

    public List<Media> Media { get; } = [];

    /// <summary>The step that the row read last says, or null.</summary>
    public long? Step => step;

    public long LeastStep { get; private set; } = long.MaxValue;

    public long GreatestStep { get; private set; } = long.MinValue;

    /// <summary>Reads a row.</summary>
    /// <param name="line">Its number.</param>
    /// <param name="utf8">The row.</param>
    /// <param name="isCounted">True where its values count into the state of the keys: once for each row.</param>
    public void Read(long line, ReadOnlySpan<byte> utf8, bool isCounted)
    {
        numbers.Clear();
        others.Clear();
        shown.Clear();
        step = null;
        timestamp = null;
        try
        {
            ReadObject(LenientJson.MayHaveBareWords(utf8) ? LenientJson.QuoteBareWords(utf8) : utf8);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw CairnException.Invalid(file, $"Line {line} of '{file}' is no JSON object: {fault.Message}");
        }

        Emit(line, isCounted);
    }

    private void ReadObject(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("it begins with something else.");
        }

        ReadMembers(ref reader, prefix: 0, depth: 0);
        if (reader.Read())
        {
            throw new JsonException("something follows the object.");
        }
    }

    private void ReadMembers(ref Utf8JsonReader reader, int prefix, int depth)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (depth == 0 && ReadOwn(ref reader))
            {
                continue;
            }

            var end = Append(ref reader, prefix);
            reader.Read();
            ReadValue(ref reader, end, depth);
        }
    }

    // The client's own members of a row: where it stands.
    private bool ReadOwn(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("_step"u8))
        {
            reader.Read();
            step = reader.TokenType == JsonTokenType.Number ? (reader.TryGetInt64(out var whole) ? whole : (long)Math.Clamp(reader.GetDouble(), -9e15, 9e15)) : null;
            SkipRest(ref reader);
            return true;
        }

        if (reader.ValueTextEquals("_timestamp"u8))
        {
            reader.Read();
            timestamp = reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : null;
            SkipRest(ref reader);
            return true;
        }

        if (reader.ValueTextEquals("_wandb"u8))
        {
            reader.Read();
            SkipRest(ref reader);
            return true;
        }

        return false;
    }

    private static void SkipRest(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            reader.Skip();
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, int end, int depth)
    {
        var key = path.AsSpan(0, end);
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                AddNumber(key, reader.GetDouble());
                break;
            case JsonTokenType.String when reader.ValueTextEquals("NaN"u8):
                AddNumber(key, double.NaN);
                break;
            case JsonTokenType.String when reader.ValueTextEquals("Infinity"u8):
                AddNumber(key, double.PositiveInfinity);
                break;
            case JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8):
                AddNumber(key, double.NegativeInfinity);
                break;
            case JsonTokenType.String:
                others.Add((state.Key(key), "string"));
                break;
            case JsonTokenType.True or JsonTokenType.False:
                others.Add((state.Key(key), "boolean"));
                break;
            case JsonTokenType.Null:
                others.Add((state.Key(key), "nil"));
                break;
            case JsonTokenType.StartArray:
                others.Add((state.Key(key), "list"));
                reader.Skip();
                break;
            case JsonTokenType.StartObject:
                ReadNested(ref reader, end, depth);
                break;
        }
    }

    private void ReadNested(ref Utf8JsonReader reader, int end, int depth)
    {
        var type = TypeOf(reader);
        if (type is null && depth < GreatestDepth)
        {
            if (end == path.Length)
            {
                Array.Resize(ref path, path.Length * 2);
            }

            path[end] = '.';
            ReadMembers(ref reader, end + 1, depth + 1);
            return;
        }

        var key = path.AsSpan(0, end);
        others.Add((state.Key(key), type ?? "map"));
        if (isHistory && RowMedia.KindOf(type) is not null && key.Length <= RunRules.KeyLength)
        {
            shown.Add((key.ToString(), JsonElement.ParseValue(ref reader)));
        }
        else
        {
            reader.Skip();
        }
    }

    // A copy of the reader looks ahead: the type may be the last member.
    private static string? TypeOf(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isType = ahead.ValueTextEquals("_type"u8);
            ahead.Read();
            if (isType)
            {
                return ahead.TokenType == JsonTokenType.String && ahead.GetString() is { Length: <= 100 } type ? type : "map";
            }

            ahead.Skip();
        }

        return null;
    }

    private void AddNumber(ReadOnlySpan<char> key, double value)
    {
        if (state.Key(key) is { } known)
        {
            numbers.Add((known, value));
        }
    }

    private int Append(ref Utf8JsonReader reader, int prefix)
    {
        var longest = reader.HasValueSequence ? (int)reader.ValueSequence.Length : reader.ValueSpan.Length;
        while (path.Length < prefix + longest + 1)
        {
            Array.Resize(ref path, path.Length * 2);
        }

        return prefix + reader.CopyString(path.AsSpan(prefix));
    }

    private void Emit(long line, bool isCounted)
    {
        var at = step ?? line;
        var time = timestamp is { } seconds && seconds is > 0 and < 253402300799 ? (long)(seconds * 1000) : startedAt;
        LeastStep = Math.Min(LeastStep, at);
        GreatestStep = Math.Max(GreatestStep, at);
        foreach (var (key, value) in numbers)
        {
            // Each row has the time since the start; as a curve it says nothing.
            if (key.Name != "_runtime")
            {
                key.Points.Add(new MetricPoint(at, time, value));
            }

            if (isCounted && isHistory)
            {
                key.Add(value);
            }
        }

        if (!isHistory)
        {
            return;
        }

        state.LastStep = Math.Max(state.LastStep, at);
        if (isCounted)
        {
            foreach (var (key, type) in others)
            {
                key?.Count(type);
            }

            CountOwn(at, timestamp);
        }

        foreach (var (key, value) in shown)
        {
            Media.AddRange(RowMedia.Of(key, value, at, time));
        }
    }

    private void CountOwn(long at, double? seconds)
    {
        if (step is not null)
        {
            state.Key("_step")?.Add(at);
        }

        if (seconds is { } known)
        {
            state.Key("_timestamp")?.Add(known);
        }
    }
}
