namespace Cairn.Core;

/// <summary>Texts that can be stored and sent: a lone surrogate cannot be written as UTF-8.</summary>
public static class UnicodeText
{
    public static bool IsWellFormed(string text)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\ud800', '\udfff');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at]))
            {
                continue;
            }

            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1]))
            {
                return false;
            }

            at++;
        }

        return true;
    }
}
