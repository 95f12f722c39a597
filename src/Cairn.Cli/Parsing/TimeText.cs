using System.Globalization;

namespace Cairn.Cli.Parsing;

/// <summary>Spans of time as people write them.</summary>
internal static class TimeText
{
    /// <summary>"90", "90s", "10m", "2h", "1.5d"; null for null.</summary>
    /// <exception cref="UsageException">It is none of these, or not above zero.</exception>
    public static TimeSpan? Parse(string? text, string option, int mostDays = 46)
    {
        if (text is null)
        {
            return null;
        }

        double factor = text.Length == 0 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => char.IsAsciiDigit(text[^1]) ? 1 : 0,
        };
        var number = factor > 0 && char.IsAsciiLetter(text[^1]) ? text[..^1] : text;
        return factor > 0 && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && amount > 0 && amount * factor <= mostDays * 86400d
            ? TimeSpan.FromSeconds(amount * factor)
            : throw new UsageException($"{option} '{text}' is not a span of time. Write 90s, 10m, 2h or 5d (at most {mostDays} days).");
    }
}
