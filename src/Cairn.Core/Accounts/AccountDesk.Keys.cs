namespace Cairn.Core.Accounts;

/// <content>Keys for programs.</content>
public sealed partial class AccountDesk
{
    private const int LongestKeyName = 100;
    private const int MostKeys = 200;

    public IReadOnlyList<UserKey> ListKeys(string user)
    {
        RequireSelfOrAdmin(user, "see the keys of others");
        return book.KeysOf(Get(user).Id);
    }

    /// <summary>The keys of all users, by user; for admins.</summary>
    public IReadOnlyList<(User Owner, UserKey Key)> ListAllKeys()
    {
        RequireAdmin("see the keys of others");
        return [.. book.Users.SelectMany(user => book.KeysOf(user.Id).Select(key => (user, key)))];
    }

    /// <summary>Makes a key; the key itself is told this once.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="name">What it is for; unique among the user's keys.</param>
    /// <param name="expiresAt">Unix milliseconds; null for never.</param>
    /// <param name="cancellationToken">Before the write begins.</param>
    public async Task<(UserKey Record, string Key)> AddKeyAsync(string user, string name, long? expiresAt, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestKeyName || name.Any(char.IsControl))
        {
            throw CairnException.Invalid("name", $"The name of a key is 1 to {LongestKeyName} characters in one line, such as 'laptop'.");
        }

        if (expiresAt <= Now)
        {
            throw CairnException.Invalid("expiresAt", "'expiresAt' is in the past: the key would never be good. It is in Unix milliseconds.");
        }

        var key = Secrets.MakeKey();
        var record = await book.ChangeAsync(
            () =>
            {
                RequireSelfOrAdmin(user, "make keys for others");
                var owner = Get(user);
                return book.KeysOf(owner.Id).Count < MostKeys
                    ? store.AddKeyAsync(new UserKey(0, owner.Id, name.Trim(), Secrets.Hash(key), key[^4..], Now, expiresAt, null), CancellationToken.None)
                    : throw new CairnException(ErrorCode.FailedPrecondition, $"'{owner.Name}' has {MostKeys} keys. Revoke those that nobody uses.");
            },
            cancellationToken);
        return (record, key);
    }

    /// <summary>Ends a key: the next request with it is refused.</summary>
    public Task RevokeKeyAsync(string user, long key, CancellationToken cancellationToken) =>
        book.ChangeAsync(
            async () =>
            {
                RequireSelfOrAdmin(user, "revoke keys of others");
                return book.KeysOf(Get(user).Id).Any(known => known.Id == key) && await store.RemoveKeyAsync(key, CancellationToken.None)
                    ? true
                    : throw CairnException.NotFound($"'{user}' has no key {key}.");
            },
            cancellationToken);
}
