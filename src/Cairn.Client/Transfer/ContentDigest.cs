using System.Buffers;
using System.Security.Cryptography;

namespace Cairn.Client.Transfer;

/// <summary>What identifies content: its SHA-256 as 64 lower-case hexadecimal digits, and its length in bytes.</summary>
internal readonly record struct ContentDigest(string Sha256, long Length)
{
    public static ContentDigest Of(ReadOnlySpan<byte> bytes) =>
        new(Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes.Length);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>Whether a text has the form of a digest: it becomes part of a path in the cache.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: 64 } && !text.AsSpan().ContainsAnyExcept(HexDigits);
}
