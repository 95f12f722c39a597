namespace Cairn.Core.Accounts;

/// <summary>
/// The rules of users: who may add, change and remove whom. Who asks is <see cref="Caller.Current"/>, looked up anew
/// within each change, so that an admin who was removed a moment ago does nothing more.
/// </summary>
public sealed partial class AccountDesk(AccountBook book, IAccountStore store, PasswordHasher hasher, Authenticator authenticator, TimeProvider clock)
{
    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>All users, by name; every user may know them, to name them in permissions and approvals.</summary>
    public IReadOnlyList<User> List() => book.Users;

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public User Get(string name) => book.Find(name) ?? throw CairnException.NotFound($"There is no user '{Shown(name)}'.");

    /// <summary>A user who asks for itself, or an admin for anybody.</summary>
    public User GetOwn(string name)
    {
        RequireSelfOrAdmin(name, "see others here");
        return Get(name);
    }

    /// <summary>Adds a user. The first one must be an admin.</summary>
    /// <param name="name">See <see cref="UserNames"/>.</param>
    /// <param name="password">Null to have one made.</param>
    /// <param name="isAdmin">See <see cref="User"/>.</param>
    /// <param name="cancellationToken">Before the write begins.</param>
    /// <returns>The user, and the password where it was made here: it is told this once.</returns>
    public async Task<(User User, string? MadePassword)> AddAsync(string name, string? password, bool isAdmin, CancellationToken cancellationToken)
    {
        RequireAdmin("add users");
        UserNames.Check(name);
        var made = password is null ? PasswordRules.Make() : null;
        PasswordRules.Check(password ?? made, name);
        if (book.Find(name) is not null)
        {
            throw Taken(name);
        }

        var hash = await hasher.HashAsync(password ?? made!, cancellationToken);
        var user = await book.ChangeAsync(
            () =>
            {
                RequireAdmin("add users");
                return store.AddUserAsync(name, isAdmin, hash, Now, CancellationToken.None);
            },
            cancellationToken);
        return (user, made);
    }

    /// <summary>Makes a user an admin or not, active or not; null leaves it.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.FailedPrecondition"/> where no active admin would be left.</exception>
    public Task<User> ChangeAsync(string name, bool? isAdmin, bool? isActive, CancellationToken cancellationToken) =>
        book.ChangeAsync(
            async () =>
            {
                RequireAdmin("change users");
                return await store.ChangeUserAsync(Get(name).Id, new UserChange(isAdmin, isActive), CancellationToken.None) ?? throw Missing(name);
            },
            cancellationToken);

    /// <summary>Removes a user with all keys and sessions. What the user made stays, and keeps the name.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        book.ChangeAsync(
            async () =>
            {
                RequireAdmin("remove users");
                return await store.RemoveUserAsync(Get(name).Id, CancellationToken.None) ? true : throw Missing(name);
            },
            cancellationToken);

    /// <summary>
    /// Gives a user another password and ends the user's sessions. An admin may do it for others; oneself proves the old
    /// password, with the request or in <paramref name="current"/>, because a key that leaked must not be good for it.
    /// </summary>
    /// <param name="name">Whose.</param>
    /// <param name="password">Null to have one made.</param>
    /// <param name="current">The old one, or null.</param>
    /// <param name="address">Where the request is from: wrong old ones are counted.</param>
    /// <param name="cancellationToken">Before the write begins.</param>
    /// <returns>The password where it was made here.</returns>
    public async Task<string?> SetPasswordAsync(string name, string? password, string? current, string address, CancellationToken cancellationToken)
    {
        var caller = Caller.Current;
        RequireSelfOrAdmin(name, "change the password of others");
        var user = Get(name);
        if (caller.UserId == user.Id && caller.Proof != CallerProof.Password)
        {
            var proven = current is not null && await authenticator.ByPasswordAsync(user.Name, current, address, cancellationToken) is not null;
            if (!proven)
            {
                throw new CairnException(ErrorCode.Forbidden, "The current password is missing or wrong; it is needed to set another.", "current");
            }
        }

        var made = password is null ? PasswordRules.Make() : null;
        PasswordRules.Check(password ?? made, user.Name);
        var hash = await hasher.HashAsync(password ?? made!, cancellationToken);
        await book.ChangeAsync(
            async () =>
            {
                RequireSelfOrAdmin(name, "change the password of others");
                return await store.ChangeUserAsync(user.Id, new UserChange(PasswordHash: hash), CancellationToken.None) ?? throw Missing(name);
            },
            cancellationToken);
        return made;
    }

    /// <exception cref="CairnException"><see cref="ErrorCode.Forbidden"/>.</exception>
    private void RequireAdmin(string what)
    {
        var caller = Caller.Current;
        RequireNoLaunch(caller);
        if (!caller.IsOperator && (book.Find(caller.UserId!.Value) is not { IsActive: true, IsAdmin: true }))
        {
            throw new CairnException(ErrorCode.Forbidden, $"Only admins may {what}.");
        }
    }

    private void RequireSelfOrAdmin(string name, string what)
    {
        var caller = Caller.Current;
        RequireNoLaunch(caller);
        if (caller.UserId is { } id && book.Find(id) is { IsActive: true } self && book.Find(name)?.Id == self.Id)
        {
            return;
        }

        RequireAdmin(what);
    }

    /// <summary>What runs started with a launch token must not make itself rights that outlive the run.</summary>
    private static void RequireNoLaunch(Caller caller)
    {
        if (caller.LaunchedBy is not null)
        {
            throw new CairnException(ErrorCode.Forbidden, "The key of a launched run is good for its work, not for users, keys and passwords.");
        }
    }

    private static CairnException Missing(string name) => CairnException.NotFound($"There is no user '{Shown(name)}'.");

    private static CairnException Taken(string name) => new(ErrorCode.AlreadyExists, $"There is a user '{name}' already.", "name");

    private static string Shown(string name) => name.Length <= UserNames.Longest ? name : string.Concat(name.AsSpan(0, UserNames.Longest), "…");
}
