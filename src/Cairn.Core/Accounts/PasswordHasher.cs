using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Konscious.Security.Cryptography;

namespace Cairn.Core.Accounts;

/// <summary>
/// Passwords as Argon2id (RFC 9106) in the usual text form, which names its parameters: stronger ones may come later without
/// a new column. A hash takes 19 MiB and tens of milliseconds on purpose, so only a few are computed at once: nobody can
/// starve the server of either by sending passwords.
/// </summary>
public sealed partial class PasswordHasher : IDisposable
{
    private const int Kibibytes = 19 * 1024;
    private const int Passes = 2;
    private const int Lanes = 1;
    private const int SaltBytes = 16;
    private const int TagBytes = 32;
    private const int AtOnce = 2;
    private const int MostWaiting = 256;

    private readonly SemaphoreSlim slots = new(AtOnce);
    private int waiting;

    /// <summary>A new text to keep.</summary>
    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var tag = await ComputeAsync(password, salt, Kibibytes, Passes, Lanes, TagBytes, cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={Kibibytes},t={Passes},p={Lanes}${Write(salt)}${Write(tag)}");
    }

    /// <summary>
    /// True where the text was made of that password. With a null text it takes as long and is false: how long an answer
    /// takes must not tell which users there are.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Unavailable"/> where too many wait already.</exception>
    public async Task<bool> MatchesAsync(string password, string? kept, CancellationToken cancellationToken)
    {
        if (kept is null || Pattern().Match(kept) is not { Success: true } parts)
        {
            await ComputeAsync(password, new byte[SaltBytes], Kibibytes, Passes, Lanes, TagBytes, cancellationToken);
            return false;
        }

        var tag = Read(parts.Groups[5].Value);
        var found = await ComputeAsync(
            password, Read(parts.Groups[4].Value), Number(parts.Groups[1]), Number(parts.Groups[2]), Number(parts.Groups[3]), tag.Length, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(tag, found);
    }

    public void Dispose() => slots.Dispose();

    private async Task<byte[]> ComputeAsync(string password, byte[] salt, int memory, int passes, int lanes, int length, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref waiting);
            throw new CairnException(ErrorCode.Unavailable, "Too many passwords are being checked at this moment. Try again in a few seconds; an API key needs no such check.");
        }

        try
        {
            await slots.WaitAsync(cancellationToken);
            try
            {
                using var argon = new Argon2id(Encoding.UTF8.GetBytes(password)) { Salt = salt, MemorySize = memory, Iterations = passes, DegreeOfParallelism = lanes };
                return await Task.Run(() => argon.GetBytesAsync(length), CancellationToken.None);
            }
            finally
            {
                slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    // The text form leaves the padding out.
    private static string Write(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Read(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));

    [GeneratedRegex(@"^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})\z")]
    private static partial Regex Pattern();
}
