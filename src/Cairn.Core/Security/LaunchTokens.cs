using System.Buffers.Binary;
using System.Numerics;
using Cairn.Core.Accounts;
using Cairn.Core.Runs;

namespace Cairn.Core.Security;

/// <summary>
/// Keys that a launched run hands to what it starts. Whatever run is created with one becomes a child of the launched
/// run, in the name of the user who asked for the key. A token is 40 letters and digits, the form in which W&amp;B's clients
/// insist on keys: the hour it ends in, the user, the run's id, and eight bytes of the server's mark over them. Nothing
/// is stored.
/// </summary>
public sealed class LaunchTokens(Seal seal, TimeProvider clock)
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const string Purpose = "launch";
    private const int Length = 40;

    // 40 of 62 digits hold 29 bytes and six bits: the hour's first four bits are zero until 2089.
    private const int HourBytes = 3;
    private const int UserBytes = 3;
    private const int IdBytes = 16;
    private const int MarkBytes = 8;
    private const int SignedBytes = HourBytes + UserBytes + IdBytes;
    private const int AllBytes = SignedBytes + MarkBytes;

    /// <summary>Longest life of a token.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(90);

    /// <summary>A token for that run, good for at least <paramref name="life"/>.</summary>
    /// <param name="run">What is created with it becomes a child of this.</param>
    /// <param name="life">How long it is needed.</param>
    /// <param name="user">In whose name; null for the operator.</param>
    public (string Token, long ExpiresAt) Issue(RunId run, TimeSpan life, UserId? user)
    {
        const int mostUsers = 1 << (8 * UserBytes);
        if (user is { Value: <= 0 or >= mostUsers })
        {
            throw new CairnException(ErrorCode.FailedPrecondition, "Users of such high numbers cannot launch runs.");
        }

        var hours = Hour(clock.GetUtcNow() + (life > LongestLife ? LongestLife : life)) + 1;
        var bytes = new byte[AllBytes];
        WriteNumber(bytes, hours);
        WriteNumber(bytes.AsSpan(HourBytes), (int)(user?.Value ?? 0));
        Convert.FromHexString(run.Value).CopyTo(bytes, HourBytes + UserBytes);
        seal.Mark(Purpose, Signed(bytes)).AsSpan(0, MarkBytes).CopyTo(bytes.AsSpan(SignedBytes));
        return (Write(bytes), hours * 3600L * 1000);
    }

    /// <summary>What a token was issued for; null for anything else, and for one that is over.</summary>
    public LaunchGrant? Read(ReadOnlySpan<char> token)
    {
        if (token.Length != Length || Parse(token) is not { } bytes)
        {
            return null;
        }

        if (!seal.Holds(Purpose, Signed(bytes), bytes.AsSpan(SignedBytes)) || Hour(clock.GetUtcNow()) >= ReadNumber(bytes))
        {
            return null;
        }

        var user = ReadNumber(bytes.AsSpan(HourBytes));
        return new LaunchGrant(RunId.Parse(Convert.ToHexStringLower(bytes.AsSpan(HourBytes + UserBytes, IdBytes))), user == 0 ? null : new UserId(user));
    }

    private static int Hour(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 3600);

    private static void WriteNumber(Span<byte> bytes, int number)
    {
        bytes[0] = (byte)(number >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], (ushort)number);
    }

    private static int ReadNumber(ReadOnlySpan<byte> bytes) => (bytes[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);

    private static string Signed(byte[] bytes) => Convert.ToHexStringLower(bytes.AsSpan(0, SignedBytes));

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
        if (raw.Length > AllBytes)
        {
            return null;
        }

        var bytes = new byte[AllBytes];
        raw.CopyTo(bytes, AllBytes - raw.Length);
        return bytes;
    }
}

/// <summary>What a launch token allows.</summary>
/// <param name="Run">Everything that is created is a child of it.</param>
/// <param name="User">In whose name; null for the operator.</param>
public sealed record LaunchGrant(RunId Run, UserId? User);

/// <summary>A feature of a request that came with a launch token: the run that everything it creates is a child of.</summary>
public sealed record LaunchedBy(RunId Run);
