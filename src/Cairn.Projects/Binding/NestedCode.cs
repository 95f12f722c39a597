using System.Text.RegularExpressions;

namespace Cairn.Projects.Binding;

/// <summary>
/// Knows the programs that read an argument as code (<c>sh -c '…'</c>, <c>eval …</c>, <c>python -c "…"</c>, <c>ssh host …</c>):
/// a value inside such an argument is quoted for the outer shell and still code for the inner one.
/// </summary>
internal static partial class NestedCode
{
    private static readonly HashSet<string> ReadAllArguments =
        new(["eval", "let", "trap", "alias", "ssh", "watch", "parallel", "declare", "typeset", "make", "gmake"], StringComparer.Ordinal);

    private static readonly HashSet<string> Shells =
        new(["sh", "bash", "dash", "ash", "ksh", "mksh", "zsh", "fish", "rbash", "$SHELL", "${SHELL}", "$0"], StringComparer.Ordinal);

    private static readonly HashSet<string> TakeACommandOption =
        new(["su", "runuser", "script", "flock", "sg", "newgrp"], StringComparer.Ordinal);

    private static readonly string[] Interpreters = ["python", "perl", "ruby", "node", "Rscript", "R", "php", "lua", "julia", "pwsh"];

    private static readonly HashSet<string> ReadProgramText = new(["awk", "gawk", "mawk", "sed", "gsed"], StringComparer.Ordinal);

    /// <summary>
    /// What would read the next word (of which <paramref name="current"/> is there already, null at its beginning) of a
    /// simple command that has these words; null where it stays data.
    /// </summary>
    public static string? Reader(List<string> words, string? current)
    {
        // An expansion may come to nothing: "eval$x" is then "eval", and what follows "sh -c $x" is the code.
        words = [.. words.Select(WithoutExpansions).Where(word => word.Length > 0)];
        current = current is null ? null : WithoutExpansions(current);
        for (var i = 0; i < words.Count; i++)
        {
            var program = BaseName(words[i]);
            var reads = ReadAllArguments.Contains(program)
                || (Shells.Contains(program) && IsCode(words, i, current, IsShellOption))
                || (IsInterpreter(program) && IsCode(words, i, current, IsCodeOption))
                || (ReadProgramText.Contains(program) && IsProgramText(words, i))
                || (TakeACommandOption.Contains(program) && (IsShellOption(words[^1]) || StartsAsOption(current)));
            if (reads)
            {
                return program;
            }
        }

        return null;
    }

    /// <summary>What is left of a word if the shell's variables in it are empty; a word that names a shell stays.</summary>
    private static string WithoutExpansions(string word) =>
        Shells.Contains(word) || !word.Contains('$', StringComparison.Ordinal) ? word : Expansion().Replace(word, "");

    [GeneratedRegex(@"\$(\{[^}]*\}?|[A-Za-z_][A-Za-z0-9_]*|[0-9#$?!*@-])")]
    private static partial Regex Expansion();

    private static string BaseName(string word) => word[(word.LastIndexOf('/') + 1)..];

    private static bool IsInterpreter(string program) =>
        Array.Exists(Interpreters, name => program.StartsWith(name, StringComparison.Ordinal)
            && program.AsSpan(name.Length).Trim("0123456789.").IsEmpty);

    private static bool IsShellOption(string word) =>
        word is "--command" || (word.Length > 1 && word[0] == '-' && word[1] != '-' && word.Contains('c', StringComparison.Ordinal));

    private static bool IsCodeOption(string word) =>
        word is "--eval" or "--print" || (word.Length is 2 or 3 && word[0] == '-' && word[^1] is 'c' or 'e' or 'E' or 'r' or 'p');

    /// <summary>The word after the code option, where no script or module was named before it; or <c>-c'…'</c> glued to it.</summary>
    private static bool IsCode(List<string> words, int program, string? current, Func<string, bool> isOption)
    {
        var seen = false;
        for (var i = program + 1; i < words.Count; i++)
        {
            if (words[i] is "-m" || (!words[i].StartsWith('-') && !words[i].StartsWith('+')))
            {
                return false;
            }

            seen |= isOption(words[i]);
        }

        return StartsAsOption(current) || (seen && current?.StartsWith('-') != true);
    }

    private static bool StartsAsOption(string? current) =>
        current is not null && (current.StartsWith("-c", StringComparison.Ordinal) || current.StartsWith("-e", StringComparison.Ordinal)
            || current.StartsWith("--command=", StringComparison.Ordinal) || current.StartsWith("--eval=", StringComparison.Ordinal));

    /// <summary>The program text of sed and awk: what follows -e, or the first word that is no option (nor an option's own word).</summary>
    private static bool IsProgramText(List<string> words, int program)
    {
        if (words[^1] is "-e" or "--expression" or "--source")
        {
            return true;
        }

        for (var i = program + 1; i < words.Count; i++)
        {
            if (words[i] is "-e" or "-f" || (!words[i].StartsWith('-') && words[i - 1] is not ("-F" or "-v" or "-i")))
            {
                return false;
            }
        }

        return words[^1] is not ("-v" or "-F" or "-f");
    }
}
