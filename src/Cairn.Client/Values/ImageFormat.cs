using System.Globalization;
using System.Text;
using Cairn.Client.Transfer;

namespace Cairn.Client.Values;

/// <summary>Recognises pictures by their first bytes and names the run files that hold them.</summary>
internal static class ImageFormat
{
    /// <summary>The file extension of the format, or null where it is none a browser shows.</summary>
    public static string? Of(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "png",
        [0xFF, 0xD8, 0xFF, ..] => "jpg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "webp",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "bmp",
        _ => IsSvg(bytes) ? "svg" : null,
    };

    /// <summary>
    /// A name without extension: the key made harmless, the step, and the first digits of the content's digest, so that a
    /// picture that is logged again under the same key and step does not replace the bytes of the one before.
    /// </summary>
    public static string FileName(string key, long step, ReadOnlySpan<byte> bytes)
    {
        var name = new StringBuilder(key.Length);
        foreach (var c in key.AsSpan(0, Math.Min(key.Length, 80)))
        {
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_');
        }

        return string.Create(CultureInfo.InvariantCulture, $"{name}_{step}_{ContentDigest.Of(bytes).Sha256.AsSpan(0, 12)}");
    }

    private static bool IsSvg(ReadOnlySpan<byte> bytes)
    {
        var head = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 1024)]).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        return head.StartsWith('<') && head.Contains("<svg", StringComparison.OrdinalIgnoreCase);
    }
}
