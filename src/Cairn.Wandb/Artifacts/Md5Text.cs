using Cairn.Core;

namespace Cairn.Wandb.Artifacts;

/// <summary>MD5 as the wire writes it (base64) and as the house keeps it (hexadecimal).</summary>
internal static class Md5Text
{
    private const int Length = 16;

    public static string ToHex(string base64, string field)
    {
        Span<byte> bytes = stackalloc byte[Length + 8];
        return Convert.TryFromBase64String(base64, bytes, out var length) && length == Length
            ? Convert.ToHexStringLower(bytes[..Length])
            : throw CairnException.Invalid(field, $"'{field}' must be an MD5 in base64: 24 characters.");
    }

    public static string ToBase64(string hex) => Convert.ToBase64String(Convert.FromHexString(hex));

    public static bool IsHex(string text) => text.Length == 2 * Length && text.All(char.IsAsciiHexDigitLower);
}
