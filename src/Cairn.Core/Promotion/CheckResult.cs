using System.Globalization;
using Cairn.Core.Runs;

namespace Cairn.Core.Promotion;

/// <summary>
/// The result of a check, as a run reported it. Any client can: a tag, a summary value or a metric named
/// <c>checks.NAME</c>. Of a text the first word says it ("passed", "failed: too many gaps"); of a number, whether it is
/// above zero.
/// </summary>
/// <param name="Name">Name of the check.</param>
/// <param name="Passed">It passed.</param>
/// <param name="Detail">What was found, or null.</param>
/// <param name="RunId">The run that reported it.</param>
/// <param name="At">When the run began, Unix milliseconds.</param>
public sealed record CheckResult(string Name, bool Passed, string? Detail, RunId RunId, long At)
{
    public const string Prefix = "checks.";

    private static readonly string[] GoodWords = ["passed", "pass", "ok", "true", "success", "warned", "warning", "noted"];
    private static readonly string[] BadWords = ["failed", "fail", "false", "error"];

    private static readonly System.Buffers.SearchValues<char> WordEnds = System.Buffers.SearchValues.Create(" :,;\t\n");

    /// <summary>The name of the check that a tag, summary value or metric tells of; null where it tells of none.</summary>
    public static string? NameOf(string key) => key.Length > Prefix.Length && key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : null;

    /// <summary>Reads a text; null where it does not say how the check ended.</summary>
    public static (bool Passed, string? Detail)? Read(string text)
    {
        var word = text.AsSpan().Trim();
        var end = word.IndexOfAny(WordEnds);
        var first = (end < 0 ? word : word[..end]).ToString();
        var detail = end < 0 ? null : text.Trim()[end..].TrimStart(' ', ':', ',', ';', '\t', '\n');
        if (GoodWords.Contains(first, StringComparer.OrdinalIgnoreCase))
        {
            return (true, detail);
        }

        if (BadWords.Contains(first, StringComparer.OrdinalIgnoreCase))
        {
            return (false, detail);
        }

        return double.TryParse(first, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (number > 0, detail) : null;
    }

    public static bool Read(double value) => value > 0;
}
