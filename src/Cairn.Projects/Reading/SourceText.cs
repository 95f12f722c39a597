using System.Text;

namespace Cairn.Projects.Reading;

/// <summary>
/// Bytes of a project file as text. Real files come with a UTF-8 mark, as UTF-16 (Windows PowerShell's <c>&gt;</c>), with
/// CRLF, and now and then in an old 8-bit code page.
/// </summary>
internal static class SourceText
{
    /// <summary>Decodes and turns every line end into <c>\n</c>; <paramref name="note"/> tells what was unusual, or is null.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes, out string? note)
    {
        note = null;
        string text;
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            text = Utf8OrLatin(bytes[3..], ref note);
        }
        else if (Utf16(bytes) is { } encoding)
        {
            text = encoding.GetString(bytes).TrimStart('\uFEFF');
            note = "The file is UTF-16; MLflow reads only UTF-8.";
        }
        else
        {
            text = Utf8OrLatin(bytes, ref note);
        }

        return text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
    }

    private static UnicodeEncoding? Utf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 2)
        {
            return null;
        }

        // Without a mark, ASCII text in UTF-16 shows as a zero in every other byte.
        if (bytes is [0xFF, 0xFE, ..] or [not 0, 0, ..])
        {
            return new UnicodeEncoding(bigEndian: false, byteOrderMark: true);
        }

        return bytes is [0xFE, 0xFF, ..] or [0, not 0, ..]
            ? new UnicodeEncoding(bigEndian: true, byteOrderMark: true)
            : null;
    }

    private static string Utf8OrLatin(ReadOnlySpan<byte> bytes, ref string? note)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            note = "The file is not UTF-8; it was read as Latin-1.";
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
