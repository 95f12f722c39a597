namespace Cairn.Storage.Sqlite;

/// <summary>
/// The tables, as numbered migrations: a script once released is never edited, the next one follows it. The database
/// keeps the number of the last that ran in <c>user_version</c>.
/// </summary>
internal static partial class Schema
{
    public static readonly IReadOnlyList<string> Migrations =
    [
        """
        CREATE TABLE experiment (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            artifact_location TEXT,
            lifecycle INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL);
        CREATE TABLE experiment_tag (
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (experiment_id, name)) WITHOUT ROWID;

        CREATE TABLE run (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            status INTEGER NOT NULL,
            lifecycle INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            author TEXT,
            job_type TEXT,
            parent_id TEXT);
        CREATE INDEX run_by_experiment ON run (experiment_id, lifecycle, started_at DESC, id);
        CREATE INDEX run_by_parent ON run (parent_id) WHERE parent_id IS NOT NULL;
        CREATE TABLE param (
            run_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            kind INTEGER NOT NULL,
            value TEXT NOT NULL,
            number REAL,
            PRIMARY KEY (run_key, name)) WITHOUT ROWID;
        CREATE TABLE tag (
            run_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_key, name)) WITHOUT ROWID;
        CREATE TABLE summary (
            run_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            kind INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run_key, name)) WITHOUT ROWID;
        CREATE TABLE media (
            run_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            step INTEGER NOT NULL,
            path TEXT NOT NULL,
            time INTEGER NOT NULL,
            kind TEXT NOT NULL,
            caption TEXT,
            PRIMARY KEY (run_key, name, step, path)) WITHOUT ROWID;
        CREATE TABLE log_line (
            run_key INTEGER NOT NULL,
            line INTEGER NOT NULL,
            time INTEGER NOT NULL,
            is_error INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (run_key, line)) WITHOUT ROWID;

        -- Series: see docs/decisions/0002-series-storage.md. A series of one point is its row here and nothing else.
        CREATE TABLE metric (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE);
        CREATE TABLE series (
            run_key INTEGER NOT NULL,
            metric_id INTEGER NOT NULL,
            last_step INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            last_value REAL,
            points INTEGER NOT NULL,
            folded INTEGER NOT NULL,
            PRIMARY KEY (run_key, metric_id)) WITHOUT ROWID;
        CREATE TABLE chunk (
            id INTEGER PRIMARY KEY,
            run_key INTEGER NOT NULL,
            metric_id INTEGER NOT NULL,
            first_step INTEGER NOT NULL,
            first_time INTEGER NOT NULL,
            last_step INTEGER NOT NULL,
            last_time INTEGER NOT NULL,
            points INTEGER NOT NULL,
            data BLOB NOT NULL);
        CREATE INDEX chunk_by_series ON chunk (run_key, metric_id, first_step, first_time);
        CREATE TABLE tail (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            data BLOB NOT NULL);

        CREATE TABLE file (
            owner TEXT NOT NULL,
            path TEXT NOT NULL,
            digest TEXT NOT NULL,
            size INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (owner, path)) WITHOUT ROWID;

        CREATE TABLE artifact (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            description TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            next_version INTEGER NOT NULL,
            UNIQUE (experiment_id, name));
        CREATE TABLE version (
            id INTEGER PRIMARY KEY,
            artifact_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            digest TEXT NOT NULL,
            size INTEGER NOT NULL,
            file_count INTEGER NOT NULL,
            description TEXT,
            metadata TEXT,
            created_at INTEGER NOT NULL,
            author TEXT,
            run_id TEXT,
            deleted_at INTEGER,
            UNIQUE (artifact_id, number));
        CREATE INDEX version_by_digest ON version (artifact_id, digest);
        CREATE TABLE manifest (
            version_id INTEGER NOT NULL,
            path TEXT NOT NULL,
            digest TEXT NOT NULL,
            size INTEGER NOT NULL,
            PRIMARY KEY (version_id, path)) WITHOUT ROWID;
        CREATE TABLE alias (
            artifact_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (artifact_id, name)) WITHOUT ROWID;
        CREATE TABLE alias_change (
            id INTEGER PRIMARY KEY,
            artifact_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            from_number INTEGER,
            to_number INTEGER,
            who TEXT,
            why TEXT,
            run_id TEXT,
            at INTEGER NOT NULL);
        CREATE INDEX alias_change_by_artifact ON alias_change (artifact_id, id);
        CREATE TABLE lineage (
            run_id TEXT NOT NULL,
            version_id INTEGER NOT NULL,
            direction INTEGER NOT NULL,
            at INTEGER NOT NULL,
            used_as TEXT,
            PRIMARY KEY (run_id, version_id, direction)) WITHOUT ROWID;
        CREATE INDEX lineage_by_version ON lineage (version_id);

        INSERT INTO experiment (id, name, lifecycle, created_at, updated_at)
        VALUES (0, 'Default', 0, unixepoch() * 1000, unixepoch() * 1000);
        """,
        Registry,
        Drafts,
        Links,
        SearchIndexes,
        RunTexts,
        Traces,
        Lifecycles,
        Evaluation,
        Webhooks,
        Sweeps,
        Sketches,
        Promotion,
        Views,
        PortfolioHistory,
        Accounts,
        Permissions,
    ];
}
