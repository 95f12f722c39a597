using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Cairn.Core.Blobs;

/// <summary>SHA-256 of some bytes, 64 lower-case hexadecimal digits: the name under which content is kept.</summary>
public readonly record struct Digest
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private Digest(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        digest = default;
        if (text is not { Length: 64 } || text.AsSpan().ContainsAnyExcept(HexDigits))
        {
            return false;
        }

        digest = new Digest(text);
        return true;
    }

    public static Digest Parse(string? text, string field = "digest") =>
        TryParse(text, out var digest)
            ? digest
            : throw CairnException.Invalid(field, $"'{field}' must be a SHA-256 digest: 64 lower-case hexadecimal digits.");

    public static Digest FromHash(ReadOnlySpan<byte> sha256) => new(Convert.ToHexStringLower(sha256));

    public override string ToString() => Value;
}
