namespace Cairn.Core.Accounts;

/// <summary>
/// Remembers who may use the server. A port of its own: users belong to no run, experiment or version. Every write is
/// one transaction and durable on return.
/// </summary>
public interface IAccountStore
{
    /// <summary>Everything, as of one moment. There are few users; who asks is answered from memory.</summary>
    Task<AccountRecords> ReadAsync(CancellationToken cancellationToken);

    /// <param name="name">Unique without regard to letter case.</param>
    /// <param name="isAdmin">See <see cref="User"/>.</param>
    /// <param name="passwordHash">Null for a user without a password, who has keys only.</param>
    /// <param name="at">Unix milliseconds.</param>
    /// <param name="cancellationToken">Before the write begins.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/>; <see cref="ErrorCode.FailedPrecondition"/> where there would be users and no active admin.</exception>
    Task<User> AddUserAsync(string name, bool isAdmin, string? passwordHash, long at, CancellationToken cancellationToken);

    /// <summary>The user as changed; null where there is none of that number.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.FailedPrecondition"/> where no active admin would be left.</exception>
    Task<User?> ChangeUserAsync(UserId user, UserChange change, CancellationToken cancellationToken);

    /// <summary>Removes the user with all keys and sessions. False where there is none of that number.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.FailedPrecondition"/> where no active admin would be left.</exception>
    Task<bool> RemoveUserAsync(UserId user, CancellationToken cancellationToken);

    /// <summary>Keeps a key; its <see cref="UserKey.Id"/> is given here.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/> where the user has one of that name; <see cref="ErrorCode.NotFound"/> where the user is gone.</exception>
    Task<UserKey> AddKeyAsync(UserKey key, CancellationToken cancellationToken);

    /// <summary>False where there is none of that number.</summary>
    Task<bool> RemoveKeyAsync(long key, CancellationToken cancellationToken);

    /// <summary>Keeps a session; its <see cref="UserSession.Id"/> is given here.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> where the user is gone or not active.</exception>
    Task<UserSession> AddSessionAsync(UserSession session, CancellationToken cancellationToken);

    Task RemoveSessionsAsync(IReadOnlyCollection<long> sessions, CancellationToken cancellationToken);

    /// <summary>Notes when keys and sessions were last used; those that are gone are left out.</summary>
    Task NoteUsesAsync(IReadOnlyDictionary<long, long> keys, IReadOnlyDictionary<long, long> sessions, CancellationToken cancellationToken);
}
