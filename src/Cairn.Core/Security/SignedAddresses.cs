using System.Globalization;

namespace Cairn.Core.Security;

/// <summary>
/// Addresses that carry their own authority, for clients that send no key with them: <c>{prefix}{verb}/{until}/{mark}/{rest}</c>.
/// They hold for one verb and one thing, for a while.
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

    /// <summary>An address, absolute where <paramref name="baseUrl"/> is.</summary>
    /// <param name="baseUrl">Of the request it is an answer to.</param>
    /// <param name="verb">"put" or "get".</param>
    /// <param name="rest">The thing, a path of any characters.</param>
    public string Make(string baseUrl, string verb, string rest)
    {
        var until = (clock.GetUtcNow() + Life).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var mark = Convert.ToHexStringLower(seal.Mark(purpose, Text(verb, until, rest)).AsSpan(0, MarkBytes));
        return $"{baseUrl}{prefix}{verb}/{until}/{mark}/{Escape(rest)}";
    }

    /// <summary>Refuses an address this server did not make, or made too long ago.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.Forbidden"/>.</exception>
    public void Check(string verb, string until, string mark, string rest)
    {
        var bytes = new byte[MarkBytes];
        var isMark = mark.Length == 2 * MarkBytes && Convert.FromHexString(mark, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        if (!isMark || !seal.Holds(purpose, Text(verb, until, rest), bytes))
        {
            throw new CairnException(ErrorCode.Forbidden, "This address was not made by this server. Ask it for a new one.");
        }

        if (!long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < clock.GetUtcNow().ToUnixTimeSeconds())
        {
            throw new CairnException(ErrorCode.Forbidden, "This address has expired. Ask for a new one.");
        }
    }

    /// <summary>A path with everything but its slashes percent-encoded where it must be.</summary>
    public static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));

    private static string Text(string verb, string until, string rest) => $"{verb}\n{until}\n{rest}";
}
