using System.Globalization;
using System.Text;

namespace Cairn.Cli.Output;

/// <summary>How many cells a terminal gives a text.</summary>
internal static class TextWidth
{
    /// <summary>Escape sequences count nothing, wide characters two.</summary>
    public static int Of(string text)
    {
        var width = 0;
        var inEscape = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (inEscape)
            {
                inEscape = rune.Value != 'm';
            }
            else if (rune.Value == '\u001b')
            {
                inEscape = true;
            }
            else
            {
                width += Of(rune);
            }
        }

        return width;
    }

    /// <summary>The text without colours, no wider than <paramref name="width"/>; "…" stands for what is left out.</summary>
    public static string Cut(string text, int width)
    {
        if (Of(text) <= width)
        {
            return text;
        }

        var cut = new StringBuilder();
        var used = 1;
        foreach (var rune in text.EnumerateRunes())
        {
            used += Of(rune);
            if (used > width)
            {
                break;
            }

            cut.Append(rune.ToString());
        }

        return cut.Append('…').ToString();
    }

    /// <summary>Text from elsewhere (names, values) on one line and without what could steer the terminal.</summary>
    public static string Safe(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001f') && !text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            return text;
        }

        return string.Concat(text.Select(c => c switch
        {
            '\n' => '⏎',
            '\t' => ' ',
            _ when char.IsControl(c) => '\ufffd',
            _ => c,
        }));
    }

    private static int Of(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control ? 0
        : rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0x1F300 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD) ? 2
        : 1;
}
