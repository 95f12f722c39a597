namespace Cairn.Wandb.GraphQl;

/// <summary>
/// Keeps long block strings from the parser, whose time grows with the square of their length: 90,000 characters take it
/// seconds. Clients write none at all; what is large comes in variables.
/// </summary>
internal static class BlockStrings
{
    private const int Longest = 4096;
    private const string Quotes = "\"\"\"";

    /// <exception cref="GraphQlException">A block string is longer than the parser should see, or has no end within that.</exception>
    public static void Check(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            var rest = text[at..];
            if (rest[0] == '#')
            {
                at += LengthOf(rest, "\r\n");
            }
            else if (rest.StartsWith(Quotes))
            {
                at += BlockLength(rest, at);
            }
            else
            {
                at += rest[0] == '"' ? StringLength(rest) : 1;
            }
        }
    }

    private static int BlockLength(ReadOnlySpan<char> rest, int at)
    {
        for (var i = Quotes.Length; i < rest.Length && i <= Longest; i++)
        {
            // An escaped triple quote is text.
            if (rest[i..].StartsWith(Quotes) && rest[i - 1] != '\\')
            {
                return i + Quotes.Length;
            }
        }

        throw new GraphQlException($"The block string at character {at + 1} has no end within {Longest} characters. Send long text as a variable.");
    }

    private static int StringLength(ReadOnlySpan<char> rest)
    {
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] is '"' or '\n' or '\r')
            {
                return i + 1;
            }

            i += rest[i] == '\\' ? 1 : 0;
        }

        return rest.Length;
    }

    private static int LengthOf(ReadOnlySpan<char> rest, ReadOnlySpan<char> ends) =>
        rest.IndexOfAny(ends) is >= 0 and var end ? end : rest.Length;
}
