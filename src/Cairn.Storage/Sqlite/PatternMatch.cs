using System.Text.RegularExpressions;

namespace Cairn.Storage.Sqlite;

/// <summary>
/// What <c>RLIKE</c> does: whether a regular expression is found in a text, without backtracking, so that no pattern takes
/// longer than the text is long.
/// </summary>
internal sealed class PatternMatch
{
    private string? pattern;
    private Regex? regex;

    /// <summary>A pattern that is none is found nowhere; searches refuse it before.</summary>
    public bool IsMatch(string pattern, string text)
    {
        if (this.pattern != pattern)
        {
            this.pattern = pattern;
            regex = Parse(pattern);
        }

        return regex?.IsMatch(text) == true;
    }

    private static Regex? Parse(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
