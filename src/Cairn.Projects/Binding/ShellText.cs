using System.Buffers;
using System.Text;

namespace Cairn.Projects.Binding;

/// <summary>Plain text as words of a POSIX shell.</summary>
internal static class ShellText
{
    private static readonly SearchValues<char> PlainChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-");

    /// <summary>True where the shell leaves the text as it is, in any place.</summary>
    public static bool IsPlain(string text) => text.Length > 0 && !text.AsSpan().ContainsAnyExcept(PlainChars);

    /// <summary>The text as one word: as it is where it is plain, else in single quotes.</summary>
    public static string Word(string text) => IsPlain(text) ? text : $"'{InSingleQuotes(text)}'";

    /// <summary>The text inside single quotes that are open already: each quote leaves them, is escaped, and opens them again.</summary>
    public static string InSingleQuotes(string text) => text.Replace("'", "'\\''", StringComparison.Ordinal);

    /// <summary>
    /// The text inside double quotes that are open already. They are closed around it, so that nothing before it
    /// (<c>"$name…"</c>) runs into it.
    /// </summary>
    public static string InDoubleQuotes(string text) => $"\"'{InSingleQuotes(text)}'\"";

    /// <summary>An argument vector as a line that a person can paste into a shell.</summary>
    public static string Line(IEnumerable<string> words) =>
        words.Aggregate(new StringBuilder(), (line, word) => line.Append(line.Length > 0 ? " " : "").Append(Word(word))).ToString();
}
