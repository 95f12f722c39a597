using System.Text;
using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Streams;

/// <summary>
/// Where the streams of a run stand: how many lines each has, its last line, and the keys of its history. It is a document
/// of the run, written in the same transaction as the lines it speaks of.
/// </summary>
internal sealed class StreamState
{
    private const string Document = "streams";

    /// <summary>A client that makes up endless keys must not fill the memory: more are kept in the lines only.</summary>
    private const int MostKeys = 20_000;

    private readonly Dictionary<string, KeyState> keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeyState>.AlternateLookup<ReadOnlySpan<char>> keysByText;

    public StreamState() => keysByText = keys.GetAlternateLookup<ReadOnlySpan<char>>();

    public long HistoryLines { get; set; }

    public string? HistoryTail { get; set; }

    /// <summary>The step that the last line of the history says.</summary>
    public long? HistoryTailStep { get; set; }

    /// <summary>Set while rows come once more, after those that are there.</summary>
    public ResentMark? Resent { get; set; }

    public long LastStep { get; set; } = -1;

    /// <summary>The number of lines whose values are counted in the keys.</summary>
    public long CountedLines { get; set; }

    public long SystemLines { get; set; }

    public string? SystemTail { get; set; }

    public long LogLines { get; set; }

    public IEnumerable<KeyState> Keys => keys.Values;

    /// <summary>Summary values as this process last wrote them; what it has not written is not here.</summary>
    public Dictionary<string, Param> Shown { get; } = new(StringComparer.Ordinal);

    /// <summary>True where <see cref="Shown"/> is all there is.</summary>
    public bool KnowsShown { get; private set; }

    /// <summary>The newest number of a key of the history; null where the history has none.</summary>
    public double? Newest(string name) => keys.TryGetValue(name, out var known) ? known.Last : null;

    /// <summary>The state of a key; null for a key that is not kept.</summary>
    public KeyState? Key(ReadOnlySpan<char> name)
    {
        if (keysByText.TryGetValue(name, out var known))
        {
            return known;
        }

        if (keys.Count >= MostKeys || name.Length is 0 or > RunRules.KeyLength || name.ContainsAnyInRange('\0', '\u001f'))
        {
            return null;
        }

        var created = new KeyState(name.ToString());
        keys.Add(created.Name, created);
        return created;
    }

    public static async ValueTask<StreamState> LoadAsync(IRunStore runs, RunId run, CancellationToken cancellationToken) =>
        await runs.FindDocumentAsync(run, Document, cancellationToken) is { } json ? Read(json) : new StreamState { KnowsShown = true };

    public RunDocument ToDocument() => new(Document, JsonText.Write(Write));

    /// <summary>The answer to <c>historyKeys</c>.</summary>
    public ReadOnlyMemory<byte> ToHistoryKeys() => JsonText.WriteBytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("sets"u8);
        writer.WriteEndArray();
        writer.WriteStartObject("keys"u8);
        foreach (var key in keys.Values)
        {
            writer.WriteStartObject(key.Name);
            writer.WriteStartArray("typeCounts"u8);
            foreach (var (type, count) in key.Counts)
            {
                writer.WriteStartObject();
                writer.WriteString("type"u8, type);
                writer.WriteNumber("count"u8, count);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteBoolean("monotonic"u8, key.IsMonotonic);

            // What W&B's server says of keys that never held a number.
            const double none = -9999999999;
            writer.WritePropertyName("previousValue"u8);
            JsonText.WriteDouble(writer, key.Last ?? none);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteNumber("lastStep"u8, LastStep);
        writer.WriteEndObject();
    });

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteNumber("historyLines"u8, HistoryLines);
        writer.WriteString("historyTail"u8, HistoryTail);
        writer.WriteNumber("lastStep"u8, LastStep);
        writer.WriteNumber("countedLines"u8, CountedLines);
        writer.WriteNumber("systemLines"u8, SystemLines);
        writer.WriteString("systemTail"u8, SystemTail);
        writer.WriteNumber("logLines"u8, LogLines);
        if (Resent is { } mark)
        {
            writer.WriteNumber("resentLine"u8, mark.Line);
            writer.WriteNumber("resentStep"u8, mark.Step);
        }

        writer.WriteStartObject("keys"u8);
        foreach (var key in keys.Values)
        {
            writer.WriteStartArray(key.Name);
            writer.WriteBooleanValue(key.IsMonotonic);
            if (key.Last is { } last)
            {
                JsonText.WriteDouble(writer, last);
            }
            else
            {
                writer.WriteNullValue();
            }

            foreach (var (type, count) in key.Counts)
            {
                writer.WriteStringValue(type);
                writer.WriteNumberValue(count);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static StreamState Read(string json)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(json));
        var root = document.RootElement;
        var state = new StreamState
        {
            HistoryLines = root.GetProperty("historyLines"u8).GetInt64(),
            HistoryTail = root.GetProperty("historyTail"u8).GetString(),
            LastStep = root.GetProperty("lastStep"u8).GetInt64(),
            CountedLines = root.GetProperty("countedLines"u8).GetInt64(),
            SystemLines = root.GetProperty("systemLines"u8).GetInt64(),
            SystemTail = root.GetProperty("systemTail"u8).GetString(),
            LogLines = root.GetProperty("logLines"u8).GetInt64(),
            Resent = root.TryGetProperty("resentLine"u8, out var line) ? new ResentMark(line.GetInt64(), root.GetProperty("resentStep"u8).GetInt64()) : null,
        };
        state.HistoryTailStep = state.HistoryTail is { } tail ? ResentRows.StepOf(tail) : null;
        foreach (var member in root.GetProperty("keys"u8).EnumerateObject())
        {
            var key = new KeyState(member.Name) { IsMonotonic = member.Value[0].GetBoolean(), Last = NumberOf(member.Value[1]) };
            for (var i = 2; i + 1 < member.Value.GetArrayLength(); i += 2)
            {
                key.Counts[member.Value[i].GetString()!] = member.Value[i + 1].GetInt64();
            }

            state.keys[key.Name] = key;
        }

        return state;
    }

    private static double? NumberOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.String => value.GetString() switch { "Infinity" => double.PositiveInfinity, "-Infinity" => double.NegativeInfinity, _ => double.NaN },
        _ => null,
    };
}
