using Cairn.Core;
using Cairn.Core.Accounts;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Accounts;

/// <summary>Users, their keys and sessions in SQL.</summary>
internal sealed class SqlAccountStore(SqliteDatabase database) : IAccountStore
{
    private const string UserColumns = "id, name, is_admin, is_active, created_at";
    private const string LastAdmin = "This is the last active admin, and there must be one. Make somebody else an admin first.";

    public Task<AccountRecords> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => new AccountRecords(
                session.Query($"SELECT {UserColumns} FROM user_account ORDER BY name", ReadUser),
                session.Query("SELECT id, password FROM user_account WHERE password IS NOT NULL", row => (Id: new UserId(row.GetInt64(0)), Hash: row.GetString(1)))
                    .ToDictionary(row => row.Id, row => row.Hash),
                session.Query("SELECT id, user_id, name, hash, hint, created_at, expires_at, used_at FROM user_key ORDER BY id", ReadKey),
                session.Query("SELECT id, user_id, hash, agent, address, created_at, seen_at FROM user_session ORDER BY id", ReadSession)),
            cancellationToken);

    public Task<User> AddUserAsync(string name, bool isAdmin, string? passwordHash, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Number("SELECT COUNT(*) FROM user_account WHERE name = @1", name) > 0)
                {
                    throw new CairnException(ErrorCode.AlreadyExists, $"There is a user '{name}' already.", "name");
                }

                session.Execute(
                    "INSERT INTO user_account (name, is_admin, is_active, password, created_at) VALUES (@1, @2, 1, @3, @4)", name, isAdmin ? 1 : 0, passwordHash, at);
                var id = new UserId(session.Number("SELECT last_insert_rowid()"));
                RequireAdmin(session, "The first user must be an admin: somebody has to manage the others.");
                return new User(id, name, isAdmin, IsActive: true, at);
            },
            cancellationToken);

    public Task<User?> ChangeUserAsync(UserId user, UserChange change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var changed = session.Execute(
                    """
                    UPDATE user_account SET is_admin = COALESCE(@2, is_admin), is_active = COALESCE(@3, is_active), password = COALESCE(@4, password)
                    WHERE id = @1
                    """,
                    user.Value,
                    Flag(change.IsAdmin),
                    Flag(change.IsActive),
                    change.PasswordHash);
                if (changed == 0)
                {
                    return null;
                }

                if (change.IsAdmin == false || change.IsActive == false)
                {
                    RequireAdmin(session, LastAdmin);
                }

                if (change.IsActive == false || change.PasswordHash is not null)
                {
                    session.Execute("DELETE FROM user_session WHERE user_id = @1", user.Value);
                }

                return session.First($"SELECT {UserColumns} FROM user_account WHERE id = @1", ReadUser, user.Value);
            },
            cancellationToken);

    public Task<bool> RemoveUserAsync(UserId user, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Execute("DELETE FROM user_account WHERE id = @1", user.Value) == 0)
                {
                    return false;
                }

                // The last user of all may not go either: a server that needed credentials would need none afterwards.
                RequireAdmin(session, LastAdmin);

                session.Execute("DELETE FROM user_key WHERE user_id = @1", user.Value);
                session.Execute("DELETE FROM user_session WHERE user_id = @1", user.Value);
                return true;
            },
            cancellationToken);

    public Task<UserKey> AddKeyAsync(UserKey key, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Number("SELECT COUNT(*) FROM user_account WHERE id = @1", key.User.Value) == 0)
                {
                    throw CairnException.NotFound("The user of this key is gone.");
                }

                if (session.Number("SELECT COUNT(*) FROM user_key WHERE user_id = @1 AND name = @2", key.User.Value, key.Name) > 0)
                {
                    throw new CairnException(ErrorCode.AlreadyExists, $"There is a key '{key.Name}' already. Revoke it, or choose another name.", "name");
                }

                session.Execute(
                    "INSERT INTO user_key (user_id, name, hash, hint, created_at, expires_at, used_at) VALUES (@1, @2, @3, @4, @5, @6, @7)",
                    key.User.Value,
                    key.Name,
                    key.Hash,
                    key.Hint,
                    key.CreatedAt,
                    key.ExpiresAt,
                    key.LastUsedAt);
                return key with { Id = session.Number("SELECT last_insert_rowid()") };
            },
            cancellationToken);

    public Task<bool> RemoveKeyAsync(long key, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Execute("DELETE FROM user_key WHERE id = @1", key) > 0, cancellationToken);

    public Task<UserSession> AddSessionAsync(UserSession session, CancellationToken cancellationToken) =>
        database.WriteAsync(
            sql =>
            {
                if (sql.Number("SELECT COUNT(*) FROM user_account WHERE id = @1 AND is_active = 1", session.User.Value) == 0)
                {
                    throw CairnException.NotFound("This user is gone, or not active.");
                }

                sql.Execute(
                    "INSERT INTO user_session (user_id, hash, agent, address, created_at, seen_at) VALUES (@1, @2, @3, @4, @5, @6)",
                    session.User.Value,
                    session.Hash,
                    session.Agent,
                    session.Address,
                    session.CreatedAt,
                    session.SeenAt);
                return session with { Id = sql.Number("SELECT last_insert_rowid()") };
            },
            cancellationToken);

    public Task RemoveSessionsAsync(IReadOnlyCollection<long> sessions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => sessions.Sum(id => session.Execute("DELETE FROM user_session WHERE id = @1", id)),
            cancellationToken);

    public Task NoteUsesAsync(IReadOnlyDictionary<long, long> keys, IReadOnlyDictionary<long, long> sessions, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
                keys.Sum(use => session.Execute("UPDATE user_key SET used_at = MAX(COALESCE(used_at, 0), @2) WHERE id = @1", use.Key, use.Value))
                + sessions.Sum(use => session.Execute("UPDATE user_session SET seen_at = MAX(seen_at, @2) WHERE id = @1", use.Key, use.Value)),
            cancellationToken);

    /// <summary>Checked after the change, within its transaction: of two admins who remove each other at once, one is refused.</summary>
    private static void RequireAdmin(SqlSession session, string otherwise)
    {
        if (session.Number("SELECT COUNT(*) FROM user_account WHERE is_admin = 1 AND is_active = 1") == 0)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, otherwise);
        }
    }

    private static int? Flag(bool? value) => value is { } set ? (set ? 1 : 0) : null;

    private static User ReadUser(SqliteDataReader row) =>
        new(new UserId(row.GetInt64(0)), row.GetString(1), row.GetInt64(2) != 0, row.GetInt64(3) != 0, row.GetInt64(4));

    private static UserKey ReadKey(SqliteDataReader row) =>
        new(row.GetInt64(0), new UserId(row.GetInt64(1)), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.Long(6), row.Long(7));

    private static UserSession ReadSession(SqliteDataReader row) =>
        new(row.GetInt64(0), new UserId(row.GetInt64(1)), row.GetString(2), row.Text(3), row.Text(4), row.GetInt64(5), row.GetInt64(6));
}
