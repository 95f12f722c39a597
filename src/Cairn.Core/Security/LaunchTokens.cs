using System.Buffers.Binary;
using System.Numerics;
using Cairn.Core.Runs;

namespace Cairn.Core.Security;

/// <summary>
/// Keys that a launched run hands to what it starts. Whatever run is created with one becomes a child of the launched
/// run. A token is 40 letters and digits, the form in which W&amp;B's clients insist on keys: the run's id, the hour it ends
/// in, and ten bytes of the server's mark over both. Nothing is stored.
/// </summary>
public sealed class LaunchTokens(Seal seal, TimeProvider clock)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Purpose = "launch";
    private const int Length = 40;
    private const int IdBytes = 16;
    private const int HourBytes = 3;
    private const int MarkBytes = 10;

    /// <summary>Longest life of a token.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(90);

    /// <summary>A token for that run, good for at least <paramref name="life"/>.</summary>
    public (string Token, long ExpiresAt) Issue(RunId run, TimeSpan life)
    {
        var hours = Hour(clock.GetUtcNow() + (life > LongestLife ? LongestLife : life)) + 1;
        var bytes = new byte[IdBytes + HourBytes + MarkBytes];
        Convert.FromHexString(run.Value).CopyTo(bytes, 0);
        bytes[IdBytes] = (byte)(hours >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(IdBytes + 1), (ushort)hours);
        seal.Mark(Purpose, Signed(bytes)).AsSpan(0, MarkBytes).CopyTo(bytes.AsSpan(IdBytes + HourBytes));
        return (Write(bytes), hours * 3600L * 1000);
    }

    /// <summary>The run a token was issued for; null for anything else, and for one that is over.</summary>
    public RunId? Read(ReadOnlySpan<char> token)
    {
        if (token.Length != Length || Parse(token) is not { } bytes)
        {
            return null;
        }

        var hours = (bytes[IdBytes] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(IdBytes + 1));
        return seal.Holds(Purpose, Signed(bytes), bytes.AsSpan(IdBytes + HourBytes)) && Hour(clock.GetUtcNow()) < hours
            ? RunId.Parse(Convert.ToHexStringLower(bytes.AsSpan(0, IdBytes)))
            : null;
    }

    private static int Hour(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 3600);

    private static string Signed(byte[] bytes) => Convert.ToHexStringLower(bytes.AsSpan(0, IdBytes + HourBytes));

    private static string Write(byte[] bytes)
    {
        var number = new BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        return string.Create(Length, number, static (text, rest) =>
        {
            for (var i = text.Length - 1; i >= 0; i--)
            {
                rest = BigInteger.DivRem(rest, Digits.Length, out var digit);
                text[i] = Digits[(int)digit];
            }
        });
    }

    private static byte[]? Parse(ReadOnlySpan<char> token)
    {
        var number = BigInteger.Zero;
        foreach (var character in token)
        {
            var digit = Digits.IndexOf(character, StringComparison.Ordinal);
            if (digit < 0)
            {
                return null;
            }

            number = (number * Digits.Length) + digit;
        }

        var raw = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        const int all = IdBytes + HourBytes + MarkBytes;
        if (raw.Length > all)
        {
            return null;
        }

        var bytes = new byte[all];
        raw.CopyTo(bytes, all - raw.Length);
        return bytes;
    }
}

/// <summary>A feature of a request that came with a launch token: the run that everything it creates is a child of.</summary>
public sealed record LaunchedBy(RunId Run);
