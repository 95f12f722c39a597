namespace Cairn.Storage.Sqlite;

/// <content>Evaluation sets and scorers.</content>
internal static partial class Schema
{
    private const string Evaluation =
        """
        CREATE TABLE evaluation_set (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            digest TEXT NOT NULL,
            schema TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            created_by TEXT,
            updated_by TEXT);
        CREATE TABLE evaluation_set_tag (
            set_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (set_key, name)) WITHOUT ROWID;
        CREATE TABLE evaluation_set_experiment (
            set_key INTEGER NOT NULL,
            experiment_id INTEGER NOT NULL,
            PRIMARY KEY (set_key, experiment_id)) WITHOUT ROWID;
        CREATE TABLE evaluation_record (
            key INTEGER PRIMARY KEY,
            set_key INTEGER NOT NULL,
            id TEXT NOT NULL UNIQUE,
            input_key TEXT NOT NULL,
            inputs TEXT NOT NULL,
            outputs TEXT,
            expectations TEXT,
            tags TEXT,
            source TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            created_by TEXT,
            updated_by TEXT,
            UNIQUE (set_key, input_key));
        CREATE INDEX evaluation_record_by_age ON evaluation_record (set_key, created_at, id);
        CREATE TABLE scorer (
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, name, version));
        """;
}
