namespace Cairn.Storage.Sqlite;

/// <content>Who may use the server: see docs/decisions/0010-accounts.md.</content>
internal static partial class Schema
{
    private const string Accounts =
        """
        -- Numbers are never used twice: rights are kept by number.
        CREATE TABLE user_account (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL COLLATE NOCASE UNIQUE,
            is_admin INTEGER NOT NULL,
            is_active INTEGER NOT NULL,
            password TEXT,
            created_at INTEGER NOT NULL);
        CREATE TABLE user_key (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            hint TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER,
            used_at INTEGER,
            UNIQUE (user_id, name));
        CREATE TABLE user_session (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            user_id INTEGER NOT NULL,
            hash TEXT NOT NULL UNIQUE,
            agent TEXT,
            address TEXT,
            created_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL);
        CREATE INDEX user_session_by_user ON user_session (user_id);
        """;
}
