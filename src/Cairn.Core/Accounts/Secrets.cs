using System.Security.Cryptography;
using System.Text;

namespace Cairn.Core.Accounts;

/// <summary>Keys and tokens: made by chance, handed out once, kept as their hash.</summary>
public static class Secrets
{
    /// <summary>W&amp;B's clients insist on this length.</summary>
    internal const int KeyLength = 40;

    private const int TokenLength = 43;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    internal static string MakeKey() => RandomNumberGenerator.GetString(Letters, KeyLength);

    internal static string MakeToken() => RandomNumberGenerator.GetString(Letters, TokenLength);

    /// <summary>Plain SHA-256: what is random and this long needs no slow hash.</summary>
    public static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>The digest as it is kept.</summary>
    internal static string Hash(string secret) => Convert.ToHexStringLower(Digest(secret));
}
