using System.Text;

namespace Cairn.Projects.Chains;

/// <summary>
/// A finished shell line as words without their quotes, operators as words of their own. Only for comparing lines:
/// nothing is expanded, and what it makes is never run.
/// </summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            switch (c)
            {
                case '\'' when line.IndexOf('\'', i + 1) is > 0 and var end:
                    word.Append(line, i + 1, end - i - 1);
                    (i, inWord) = (end, true);
                    break;
                case '"':
                    (i, inWord) = (DoubleQuoted(line, i + 1, word), true);
                    break;
                case '\\' when i + 1 < line.Length:
                    if (line[++i] != '\n')
                    {
                        word.Append(line[i]);
                        inWord = true;
                    }

                    break;
                case ' ' or '\t' or '\n' or '\r':
                    End();
                    break;
                case '&' or '|' or ';' or '<' or '>' or '(' or ')':
                    End();
                    words.Add(c.ToString());
                    break;
                default:
                    word.Append(c);
                    inWord = true;
                    break;
            }
        }

        End();
        return words;

        void End()
        {
            if (inWord)
            {
                words.Add(word.ToString());
                word.Clear();
                inWord = false;
            }
        }
    }

    /// <summary>Answers where the closing quote is, or the end of the line.</summary>
    private static int DoubleQuoted(string line, int at, StringBuilder word)
    {
        for (; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length && line[at + 1] is '"' or '\\' or '$' or '`')
            {
                at++;
            }

            word.Append(line[at]);
        }

        return at;
    }
}
