using System.Globalization;
using Cairn.Core.Accounts;

namespace Cairn.Core.Security;

/// <summary>
/// Addresses that carry their own authority, for clients that send no key with them: <c>{prefix}{verb}/{until}/{mark}/{rest}</c>.
/// They hold for one verb and one thing, for a while. Whoever uses one is the user it was made for, and may do what that
/// user may when it is used.
/// </summary>
/// <param name="seal">What marks them.</param>
/// <param name="clock">What they expire by.</param>
/// <param name="prefix">What every such address begins with, between slashes.</param>
/// <param name="purpose">Marks of one purpose do not hold for another.</param>
public sealed class SignedAddresses(Seal seal, TimeProvider clock, string prefix, string purpose)
{
    /// <summary>Long enough for a large upload after a long wait, short enough for a leaked log.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    private const int MarkBytes = 16;
    private const char ForUser = '-';

    /// <summary>An address, absolute where <paramref name="baseUrl"/> is.</summary>
    /// <param name="baseUrl">Of the request it is an answer to.</param>
    /// <param name="verb">"put" or "get".</param>
    /// <param name="rest">The thing, a path of any characters.</param>
    public string Make(string baseUrl, string verb, string rest)
    {
        var until = (clock.GetUtcNow() + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        if (Caller.Current.UserId is { } user)
        {
            until += $"{ForUser}{user}";
        }

        var mark = Convert.ToHexStringLower(seal.Mark(purpose, Text(verb, until, rest)).AsSpan(0, MarkBytes));
        return $"{baseUrl}{prefix}{verb}/{until}/{mark}/{Escape(rest)}";
    }

    /// <summary>
    /// Refuses an address this server did not make, or made too long ago. On return the caller is whom it was made for; so this
    /// must be called from the method that does what is asked.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Forbidden"/>.</exception>
    public void Check(string verb, string until, string mark, string rest)
    {
        var bytes = new byte[MarkBytes];
        var isMark = mark.Length == 2 * MarkBytes && Convert.FromHexString(mark, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        if (!isMark || !seal.Holds(purpose, Text(verb, until, rest), bytes))
        {
            throw new CairnException(ErrorCode.Forbidden, "This address was not made by this server. Ask it for a new one.");
        }

        var parts = until.Split(ForUser);
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < clock.GetUtcNow().ToUnixTimeSeconds())
        {
            throw new CairnException(ErrorCode.Forbidden, "This address has expired. Ask for a new one.");
        }

        // The mark says that this server wrote the number. What the user may do is looked up when it is asked.
        Caller.Current = parts.Length > 1 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            ? new Caller(new UserId(user), $"user {user}", IsAdmin: false)
            : Caller.Operator;
    }

    /// <summary>A path with everything but its slashes percent-encoded where it must be.</summary>
    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Text(string verb, string until, string rest) => $"{verb}\n{until}\n{rest}";
}
