using System.Text;

namespace Cairn.Projects.Binding;

/// <summary>
/// The command of an entry point. MLflow's format makes it a shell line, so a shell runs it; every value that is put
/// into it is quoted for the very place it stands in, so that it arrives as plain text:
/// <list type="bullet">
/// <item><c>--x {p}</c>: the value becomes one word, quoted where that is needed;</item>
/// <item><c>"{p}"</c> and <c>'{p}'</c>: it is fitted into the quotes that are open;</item>
/// <item><c>$(echo {p})</c>: quoted for the inner command; the shell then splits what that command prints;</item>
/// <item>text that is read as code once more (<c>sh -c '… {p}'</c>, <c>eval</c>, backticks, arithmetic, here-documents)
/// takes only values of harmless characters, and others are refused with a message.</item>
/// </list>
/// </summary>
internal sealed class CommandTemplate
{
    private readonly List<TemplateAtom> _atoms;
    private readonly ShellScanner.Result _scan;

    private CommandTemplate(List<TemplateAtom> atoms, ShellScanner.Result scan) => (_atoms, _scan) = (atoms, scan);

    /// <summary>Reads a command whose places must all be among <paramref name="names"/>.</summary>
    /// <exception cref="ProjectException">The command cannot be used.</exception>
    public static CommandTemplate Parse(string command, IReadOnlyCollection<string> names)
    {
        var atoms = TemplateText.Parse(WithoutOpenEnd(command));
        foreach (var name in atoms.Select(atom => atom.Name).OfType<string>())
        {
            if (!names.Contains(name))
            {
                throw new ProjectException(Unknown(name, names));
            }
        }

        return new CommandTemplate(atoms, ShellScanner.Scan(atoms));
    }

    /// <summary>What is wrong with a command, or null.</summary>
    public static string? Check(string command, IEnumerable<string> names)
    {
        try
        {
            Parse(command, names.ToArray());
            return null;
        }
        catch (ProjectException e)
        {
            return e.Message;
        }
    }

    /// <summary>The shell line, with <paramref name="extra"/> appended as <c>--name value</c>.</summary>
    /// <exception cref="ProjectException">A value cannot be carried where it stands.</exception>
    public string Render(IReadOnlyDictionary<string, string> values, IEnumerable<KeyValuePair<string, string>> extra)
    {
        var line = new StringBuilder();
        for (var i = 0; i < _atoms.Count; i++)
        {
            var atom = _atoms[i];
            _ = atom.Name is { } name
                ? line.Append(_scan.Places[i].Render(name, values[name]))
                : line.Append(atom.Char);
        }

        foreach (var (name, value) in extra)
        {
            if (_scan.Tail is not { } tail)
            {
                throw new ProjectException(
                    $"Parameter '{name}' is not declared, and it cannot be appended to the command because that does not end in the arguments of a program. Declare it in the entry point's parameters.");
            }

            line.Append(' ').Append(tail.Render(name, "--" + name)).Append(' ').Append(tail.Render(name, value));
        }

        return line.ToString();
    }

    /// <summary>Without blanks and line ends after the last word, nor a backslash that continues to nothing.</summary>
    private static string WithoutOpenEnd(string command)
    {
        var text = command.TrimEnd();
        while (text.EndsWith('\\') && (text.Length == 1 || text[^2] is ' ' or '\t' or '\n'))
        {
            text = text[..^1].TrimEnd();
        }

        return text;
    }

    private static string Unknown(string name, IReadOnlyCollection<string> names)
    {
        if (name.Length == 0)
        {
            return "The command holds '{}'. Name a parameter in it, or write '{{}}' for a pair of braces.";
        }

        var plain = name.Split(':', '!', '.', '[')[0];
        if (plain != name && names.Contains(plain))
        {
            return $"'{{{name}}}' asks for a format; only '{{{plain}}}' is possible.";
        }

        var hint = Closest.To(name, names) is { } near
            ? $"Did you mean '{{{near}}}'?"
            : $"Declare it, or write '{{{{{name}}}}}' if the braces are meant for the shell.";
        return $"The command uses '{{{name}}}', which is not among the declared parameters. {hint}";
    }
}
