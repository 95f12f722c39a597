using System.Collections.Concurrent;

namespace Cairn.Core.Accounts;

/// <summary>
/// How often wrong passwords may be sent: a few for a user from an address, more from an address for all users together,
/// and more for a user from everywhere, so that neither guessing from one place nor from many gets far, and nobody is
/// locked out by somebody else's guesses alone at once. While the limit holds, the right password is refused too.
/// </summary>
public sealed class AttemptLimit(TimeProvider clock)
{
    public const int PerUserAndAddress = 10;
    public const int PerAddress = 200;
    public const int PerUser = 300;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(15);

    private const int MostKept = 20_000;

    private readonly ConcurrentDictionary<string, Count> counts = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes one try off what is left, before the password is looked at: of many that come at once, no more than the
    /// limit are looked at.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.TooManyAttempts"/> saying when to come again.</exception>
    public void Take(string name, string address)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        Tidy(now);
        foreach (var (key, most) in Keys(name, address))
        {
            var count = counts.AddOrUpdate(key, _ => new Count(now, 1), (_, old) => IsOver(old, now) ? new Count(now, 1) : old with { Tries = old.Tries + 1 });
            if (count.Tries > most)
            {
                var seconds = (count.Since + (long)Window.TotalMilliseconds - now + 999) / 1000;
                throw new CairnException(ErrorCode.TooManyAttempts, $"There were too many wrong passwords. Try again in {seconds} seconds.");
            }
        }
    }

    /// <summary>Gives a try back: the password was right.</summary>
    public void GiveBack(string name, string address)
    {
        foreach (var (key, _) in Keys(name, address))
        {
            counts.AddOrUpdate(key, _ => new Count(0, 0), (_, old) => old with { Tries = Math.Max(0, old.Tries - 1) });
        }
    }

    private static (string Key, int Most)[] Keys(string name, string address)
    {
        var user = name.ToLowerInvariant();
        return [($"{user}\n{address}", PerUserAndAddress), ($"\n{address}", PerAddress), ($"{user}\n", PerUser)];
    }

    private static bool IsOver(Count count, long now) => now - count.Since >= Window.TotalMilliseconds;

    private void Tidy(long now)
    {
        if (counts.Count < MostKept)
        {
            return;
        }

        foreach (var (key, _) in counts.Where(count => IsOver(count.Value, now)))
        {
            counts.TryRemove(key, out _);
        }

        // Names that nobody has, from thousands of addresses: forgetting all is kinder to memory than to the guesser,
        // who had to send so many.
        if (counts.Count >= MostKept)
        {
            counts.Clear();
        }
    }

    private sealed record Count(long Since, int Tries);
}
