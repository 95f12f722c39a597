using System.Security.Cryptography;
using System.Text;

namespace Cairn.Core.Security;

/// <summary>Marks texts as written by this server: whoever lacks its key cannot make the mark. The key outlives restarts.</summary>
public sealed class Seal(byte[] key)
{
    /// <summary>Bytes of the key.</summary>
    public const int KeyLength = 32;

    /// <summary>The mark of a text used for a purpose; marks of one purpose do not hold for another.</summary>
    public byte[] Mark(string purpose, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    /// <summary>True where <paramref name="mark"/> begins as the mark of the text does. Takes the same time for every wrong one.</summary>
    public bool Holds(string purpose, string text, ReadOnlySpan<byte> mark) =>
        mark.Length >= 8 && mark.Length <= 32 && CryptographicOperations.FixedTimeEquals(Mark(purpose, text).AsSpan(0, mark.Length), mark);
}
