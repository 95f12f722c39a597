using System.Collections.Concurrent;

namespace Cairn.Core.Accounts;

/// <summary>
/// All users, keys and sessions in memory, as the store has them: who asks is found without touching the disk. Changes
/// go one after the other through <see cref="ChangeAsync"/> and are seen by the next request. When something was used
/// last is written down once a minute, not with each request.
/// </summary>
public sealed class AccountBook : IAsyncDisposable
{
    /// <summary>A browser that was not used for so long has to log in again.</summary>
    public static readonly TimeSpan SessionIdle = TimeSpan.FromDays(3);

    /// <summary>After so long it has to in any case.</summary>
    public static readonly TimeSpan SessionLife = TimeSpan.FromDays(30);

    private const int UsePrecision = 60_000;

    private readonly IAccountStore store;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim gate = new(1);
    private readonly ConcurrentDictionary<long, long> keyUses = new();
    private readonly ConcurrentDictionary<long, long> sessionUses = new();
    private readonly ITimer timer;
    private volatile Page page;

    private AccountBook(IAccountStore store, TimeProvider clock, Page page)
    {
        this.store = store;
        this.clock = clock;
        this.page = page;
        timer = clock.CreateTimer(_ => _ = NoteUsesAsync(), null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
    }

    public bool HasUsers => page.Users.Count > 0;

    /// <summary>By name.</summary>
    public IReadOnlyList<User> Users => page.Records.Users;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<AccountBook> OpenAsync(IAccountStore store, TimeProvider clock, CancellationToken cancellationToken) =>
        new(store, clock, new Page(await store.ReadAsync(cancellationToken)));

    public User? Find(UserId id) => page.Users.GetValueOrDefault(id);

    public User? Find(string name) => page.Names.GetValueOrDefault(name);

    public string? PasswordHash(UserId id) => page.Records.PasswordHashes.GetValueOrDefault(id);

    /// <summary>The active user of a key that holds.</summary>
    public User? FindByKey(string hash)
    {
        if (!page.Keys.TryGetValue(hash, out var key) || page.Users.GetValueOrDefault(key.User) is not { IsActive: true } user)
        {
            return null;
        }

        var now = Now;
        if (key.ExpiresAt <= now)
        {
            return null;
        }

        NoteUse(keyUses, key.Id, now);
        return user;
    }

    /// <summary>The active user of a session that holds.</summary>
    public (User User, UserSession Session)? FindBySession(string hash)
    {
        if (!page.Sessions.TryGetValue(hash, out var session) || page.Users.GetValueOrDefault(session.User) is not { IsActive: true } user || IsOver(session, Now))
        {
            return null;
        }

        NoteUse(sessionUses, session.Id, Now);
        return (user, session);
    }

    public IReadOnlyList<UserKey> KeysOf(UserId user) =>
        [.. page.Records.Keys.Where(key => key.User == user).Select(key => keyUses.TryGetValue(key.Id, out var at) ? key with { LastUsedAt = at } : key)];

    /// <summary>Those that hold.</summary>
    public IReadOnlyList<UserSession> SessionsOf(UserId user) =>
        [.. page.Records.Sessions.Where(session => session.User == user && !IsOver(session, Now)).Select(session => session with { SeenAt = Seen(session) })];

    /// <summary>Makes a change; when it returns, every request sees it. What may be changed by whom is looked at within.</summary>
    public async Task<T> ChangeAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await write();
        }
        finally
        {
            // Also after a fault: the change may have happened.
            page = new Page(await store.ReadAsync(CancellationToken.None));
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        await NoteUsesAsync();
        gate.Dispose();
    }

    private static void NoteUse(ConcurrentDictionary<long, long> uses, long id, long now)
    {
        if (!uses.TryGetValue(id, out var noted) || now - noted >= UsePrecision)
        {
            uses[id] = now;
        }
    }

    private long Seen(UserSession session) => Math.Max(session.SeenAt, sessionUses.GetValueOrDefault(session.Id));

    private bool IsOver(UserSession session, long now) =>
        now - Seen(session) >= SessionIdle.TotalMilliseconds || now - session.CreatedAt >= SessionLife.TotalMilliseconds;

    /// <summary>Writes down what was used, and forgets sessions that are over.</summary>
    private async Task NoteUsesAsync()
    {
        try
        {
            var at = page;
            var keys = at.Records.Keys.Where(key => keyUses.GetValueOrDefault(key.Id) > (key.LastUsedAt ?? 0)).ToDictionary(key => key.Id, key => keyUses[key.Id]);
            var sessions = at.Records.Sessions.Where(session => sessionUses.GetValueOrDefault(session.Id) > session.SeenAt)
                .ToDictionary(session => session.Id, session => sessionUses[session.Id]);
            var over = at.Records.Sessions.Where(session => IsOver(session, Now)).Select(session => session.Id).ToList();
            if (keys.Count + sessions.Count + over.Count == 0)
            {
                return;
            }

            await ChangeAsync(
                async () =>
                {
                    await store.NoteUsesAsync(keys, sessions, CancellationToken.None);
                    await store.RemoveSessionsAsync(over, CancellationToken.None);
                    return true;
                },
                CancellationToken.None);
        }
        catch (Exception fault) when (fault is CairnException or ObjectDisposedException)
        {
            // A full disk, or the end of the server: when a key was used last is not worth more than the next try.
        }
    }

    private sealed class Page(AccountRecords records)
    {
        public AccountRecords Records { get; } = records;

        public Dictionary<UserId, User> Users { get; } = records.Users.ToDictionary(user => user.Id);

        public Dictionary<string, User> Names { get; } = records.Users.ToDictionary(user => user.Name, StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, UserKey> Keys { get; } = records.Keys.ToDictionary(key => key.Hash, StringComparer.Ordinal);

        public Dictionary<string, UserSession> Sessions { get; } = records.Sessions.ToDictionary(session => session.Hash, StringComparer.Ordinal);
    }
}
