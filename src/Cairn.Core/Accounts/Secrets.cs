using System.Security.Cryptography;
using System.Text;

namespace Cairn.Core.Accounts;

/// <summary>Keys and tokens: made by chance, handed out once, kept as their hash.</summary>
internal static class Secrets
{
    /// <summary>W&amp;B's clients insist on this length.</summary>
    public const int KeyLength = 40;

    private const int TokenLength = 43;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    public static string MakeKey() => RandomNumberGenerator.GetString(Letters, KeyLength);

    public static string MakeToken() => RandomNumberGenerator.GetString(Letters, TokenLength);

    /// <summary>Plain SHA-256: what is random and this long needs no slow hash.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
