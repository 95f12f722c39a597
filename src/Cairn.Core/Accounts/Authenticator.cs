using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Cairn.Core.Accounts;

/// <summary>
/// Whose a key, session or password is. A password that was right is remembered for a few minutes, as a hash under a key
/// of this process, because MLflow's clients send theirs with every request.
/// </summary>
public sealed class Authenticator(AccountBook book, PasswordHasher hasher, AttemptLimit attempts, TimeProvider clock)
{
    public static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(5);

    private const int MostRemembered = 4096;

    private readonly byte[] pepper = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, long> remembered = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<bool>> underWay = new(StringComparer.Ordinal);

    /// <summary>The active user of a key, by its <see cref="Secrets.Digest"/>; null where it is none.</summary>
    public User? ByKey(byte[] digest) => book.FindByKey(Convert.ToHexStringLower(digest));

    /// <summary>The active user of a session; null where it is none, or over.</summary>
    public (User User, UserSession Session)? BySession(string token) => book.FindBySession(Secrets.Hash(token));

    /// <summary>The active user of that name and password; null where there is none.</summary>
    /// <param name="name">As it was sent.</param>
    /// <param name="password">As it was sent.</param>
    /// <param name="address">Where from.</param>
    /// <param name="cancellationToken">While it waits for its turn.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.TooManyAttempts"/>; <see cref="ErrorCode.Unavailable"/> where very many wait.</exception>
    public async Task<User?> ByPasswordAsync(string name, string password, string address, CancellationToken cancellationToken)
    {
        // Nothing longer can be a password or a name, and hashing it would only cost.
        if (password.Length is 0 or > PasswordRules.Longest || name.Length is 0 or > UserNames.Longest)
        {
            attempts.Take(name.Length <= UserNames.Longest ? name : "", address);
            return null;
        }

        var user = book.Find(name);
        var kept = user is { IsActive: true } ? book.PasswordHash(user.Id) : null;
        var mark = Mark(name, password, kept ?? "");
        if (kept is not null && remembered.TryGetValue(mark, out var until) && until > Now)
        {
            return user;
        }

        if (await MatchesOnceAsync(mark, name, password, kept, address, cancellationToken))
        {
            // It may have been deactivated, or given another password, meanwhile.
            return book.Find(user!.Id) is { IsActive: true } still && book.PasswordHash(still.Id) == kept ? still : null;
        }

        return null;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Equal questions at the same time are answered by one computation, and count as one attempt.</summary>
    private async Task<bool> MatchesOnceAsync(string mark, string name, string password, string? kept, string address, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = underWay.GetOrAdd($"{mark}{address}", turn.Task);
        if (first != turn.Task)
        {
            return await first.WaitAsync(cancellationToken);
        }

        try
        {
            attempts.Take(name, address);
            var matches = await hasher.MatchesAsync(password, kept, CancellationToken.None);
            if (matches)
            {
                attempts.GiveBack(name, address);
                Remember(mark);
            }

            turn.SetResult(matches);
            return matches;
        }
        catch (CairnException refusal)
        {
            turn.SetException(refusal);
            _ = turn.Task.Exception;
            throw;
        }
        finally
        {
            underWay.TryRemove($"{mark}{address}", out _);
        }
    }

    private void Remember(string mark)
    {
        if (remembered.Count >= MostRemembered)
        {
            remembered.Clear();
        }

        remembered[mark] = Now + (long)RememberedFor.TotalMilliseconds;
    }

    // With the kept hash in it, a new password makes the old mark worthless.
    private string Mark(string name, string password, string kept) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(pepper, Encoding.UTF8.GetBytes($"{name.ToLowerInvariant()}\n{kept}\n{password}")));
}
