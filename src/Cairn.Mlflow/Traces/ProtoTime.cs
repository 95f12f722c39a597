using System.Globalization;
using Cairn.Core;

namespace Cairn.Mlflow.Traces;

/// <summary>Times and durations as protobuf writes them in JSON: <c>2026-11-23T16:12:26.796Z</c> and <c>1.500s</c>.</summary>
internal static class ProtoTime
{
    public static string Time(long milliseconds)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;
        return time.ToString(time.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
    }

    public static string Duration(long milliseconds)
    {
        var (seconds, rest) = Math.DivRem(Math.Abs(milliseconds), 1000);
        var sign = milliseconds < 0 ? "-" : "";
        return rest == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}s")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{seconds}.{rest:000}s");
    }

    /// <summary>Unix milliseconds.</summary>
    public static long ReadTime(string field, string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw CairnException.Invalid(field, $"'{field}' is no time such as 2026-01-31T12:00:00.000Z: '{Shorten(text)}'");

    /// <summary>Milliseconds.</summary>
    public static long ReadDuration(string field, string text) =>
        text.EndsWith('s') && decimal.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && Math.Abs(seconds) < 315_576_000_001m
            ? (long)decimal.Floor(seconds * 1000)
            : throw CairnException.Invalid(field, $"'{field}' is no duration such as 1.5s: '{Shorten(text)}'");

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60];
}
