namespace Cairn.Projects.Binding;

/// <summary>The outer layer of a command: <c>{name}</c> is a place, <c>{{</c> and <c>}}</c> are braces, as in Python's <c>format</c>.</summary>
internal static class TemplateText
{
    /// <exception cref="ProjectException">A brace does not belong to a place.</exception>
    public static List<TemplateAtom> Parse(string command)
    {
        var atoms = new List<TemplateAtom>(command.Length);
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            var doubled = i + 1 < command.Length && command[i + 1] == c;
            switch (c)
            {
                case '{' or '}' when doubled:
                    atoms.Add(new TemplateAtom(c, null));
                    i++;
                    break;
                case '{':
                    var end = command.IndexOfAny(['{', '}', '\n'], i + 1);
                    if (end < 0 || command[end] != '}')
                    {
                        throw new ProjectException($"The '{{' before '{After(command, i)}' is not closed. A brace that is meant for the shell is written '{{{{' and '}}}}'.");
                    }

                    atoms.Add(new TemplateAtom('\0', command[(i + 1)..end]));
                    i = end;
                    break;
                case '}':
                    throw new ProjectException($"There is a '}}' without '{{' before '{After(command, i)}'. A brace that is meant for the shell is written '{{{{' and '}}}}'.");
                case '\0':
                    throw new ProjectException("The command holds a NUL character.");
                default:
                    atoms.Add(new TemplateAtom(c, null));
                    break;
            }
        }

        return atoms;
    }

    private static string After(string command, int index) =>
        index + 1 >= command.Length ? "the end" : command.Substring(index + 1, Math.Min(20, command.Length - index - 1)).Split('\n')[0];
}
