namespace Cairn.Projects.Binding;

/// <summary>
/// Why a place cannot take every value: its text is read a second time by something (an inner shell, an interpreter,
/// arithmetic), or stands where no quoting is exact. Such a place takes values of harmless characters only.
/// </summary>
/// <param name="Where">Completes "{name} stands …".</param>
/// <param name="Allowed">The characters such a place takes.</param>
internal sealed record Hazard(string Where, Harmless Allowed)
{
    public bool Allows(string value) => value.AsSpan().IndexOfAnyExcept(Allowed) < 0;

    /// <summary>The stricter of two.</summary>
    public static Hazard? Stricter(Hazard? a, Hazard? b) =>
        a is null ? b : b is null ? a : a.Allowed >= b.Allowed ? a : b;
}

/// <summary>Sets of harmless characters, from wide to narrow.</summary>
internal enum Harmless
{
    /// <summary>Letters, digits, <c>_@%+=:,./-</c>, brackets and blanks: words even for an inner shell.</summary>
    Words,

    /// <summary>The same without brackets and blanks: one word wherever it stands, quoted or not.</summary>
    Word,

    /// <summary>Digits and signs.</summary>
    Number,
}

internal static class HarmlessCharacters
{
    public static int IndexOfAnyExcept(this ReadOnlySpan<char> value, Harmless allowed)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (!Includes(allowed, value[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public static string Name(this Harmless allowed) => allowed switch
    {
        Harmless.Number => "digits and signs",
        Harmless.Word => "letters, digits and _@%+=:,./-",
        _ => "letters, digits, blanks and _@%+=:,./-[]",
    };

    private static bool Includes(Harmless allowed, char c) => allowed switch
    {
        Harmless.Number => char.IsAsciiDigit(c) || c is '+' or '-',
        Harmless.Word => char.IsLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal),
        _ => char.IsLetterOrDigit(c) || "_@%+=:,./-[] ".Contains(c, StringComparison.Ordinal),
    };
}
