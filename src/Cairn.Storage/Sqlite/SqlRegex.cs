using System.Text.RegularExpressions;

namespace Cairn.Storage.Sqlite;

/// <summary>Regular expressions of searches. Patterns are the clients', so they are of the kind that cannot be made slow.</summary>
internal static class SqlRegex
{
    [ThreadStatic]
    private static Regex? last;

    public static bool IsMatch(string? pattern, string? text)
    {
        if (pattern is null || text is null)
        {
            return false;
        }

        // A statement asks for one pattern, row after row.
        if (last?.ToString() != pattern)
        {
            last = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }

        return last.IsMatch(text);
    }
}
