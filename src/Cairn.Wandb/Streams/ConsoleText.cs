using System.Globalization;
using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;

namespace Cairn.Wandb.Streams;

/// <summary>
/// Lines of the console as clients send them: <c>[ERROR ]2026-11-23T15:37:42.778 text</c>, or a JSON object with "level",
/// "ts" and "content". A carriage return goes back to the start of the line, as on a terminal.
/// </summary>
internal static class ConsoleText
{
    private const string ErrorWord = "ERROR ";

    public static LogLine Read(long number, string line, long now)
    {
        line = line.TrimEnd('\n');
        if (line.EndsWith('\r'))
        {
            line = line[..^1];
        }

        if (line.StartsWith('{') && ReadStructured(number, line, now) is { } structured)
        {
            return structured;
        }

        var isError = line.StartsWith(ErrorWord, StringComparison.Ordinal);
        var rest = isError ? line.AsSpan(ErrorWord.Length) : line;
        var space = rest.IndexOf(' ');
        var stamp = space < 0 ? rest : rest[..space];
        if (TryReadTime(stamp, out var time))
        {
            return new LogLine(number, time, isError, Shown(space < 0 ? "" : rest[(space + 1)..].ToString()));
        }

        return new LogLine(number, now, IsError: false, Shown(line));
    }

    private static LogLine? ReadStructured(long number, string line, long now)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            if (!root.TryGetProperty("content"u8, out var content) || content.ValueKind != JsonValueKind.String || !root.TryGetProperty("ts"u8, out var at))
            {
                return null;
            }

            var isError = root.TryGetProperty("level"u8, out var level) && level.ValueKind == JsonValueKind.String && level.ValueEquals("error"u8);
            var time = at.ValueKind == JsonValueKind.String && TryReadTime(at.GetString(), out var read) ? read : now;
            return new LogLine(number, time, isError, Shown(content.GetString()!));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // A line that only looks like one.
            return null;
        }
    }

    private static bool TryReadTime(ReadOnlySpan<char> text, out long time)
    {
        const int shortest = 19;
        time = 0;
        if (text.Length < shortest || text[10] != 'T'
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
        {
            return false;
        }

        time = read.ToUnixTimeMilliseconds();
        return true;
    }

    /// <summary>What a terminal shows of a line: text after a carriage return overwrites what stood there.</summary>
    private static string Shown(string text)
    {
        if (text.Contains('\r', StringComparison.Ordinal))
        {
            var shown = new StringBuilder();
            foreach (var part in text.Split('\r'))
            {
                shown.Remove(0, Math.Min(part.Length, shown.Length)).Insert(0, part);
            }

            text = shown.ToString();
        }

        if (text.Length > RunRules.LogLineLength)
        {
            text = text[..RunRules.LogLineLength];
        }

        // Half of a pair may be what a cut left, or what the program wrote.
        return UnicodeText.IsWellFormed(text) ? text : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
    }
}
