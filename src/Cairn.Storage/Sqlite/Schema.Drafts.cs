namespace Cairn.Storage.Sqlite;

/// <summary>Versions that are uploaded in pieces, MD5s, references, labels, portfolios.</summary>
internal static partial class Schema
{
    private const string Drafts =
        """
        CREATE TABLE blob_md5 (
            digest TEXT PRIMARY KEY,
            md5 TEXT NOT NULL,
            size INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX blob_md5_by_md5 ON blob_md5 (md5);

        -- Ids are never used twice: a client may hold one for days.
        CREATE TABLE draft (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            wire_digest TEXT NOT NULL,
            aliases TEXT NOT NULL,
            labels TEXT NOT NULL,
            description TEXT,
            metadata TEXT,
            client_id TEXT,
            sequence_client_id TEXT,
            distributed_id TEXT,
            ttl_seconds INTEGER,
            step INTEGER,
            author TEXT,
            run_id TEXT,
            created_at INTEGER NOT NULL,
            touched_at INTEGER NOT NULL,
            version_id INTEGER);
        CREATE UNIQUE INDEX draft_by_client ON draft (client_id) WHERE client_id IS NOT NULL;
        CREATE INDEX draft_by_version ON draft (version_id, id) WHERE version_id IS NOT NULL;
        CREATE INDEX draft_pending ON draft (touched_at) WHERE version_id IS NULL;
        CREATE TABLE draft_manifest (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            draft_id INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            base_id TEXT,
            md5 TEXT,
            content TEXT);
        CREATE INDEX draft_manifest_by_draft ON draft_manifest (draft_id);
        CREATE TABLE draft_file (
            draft_id INTEGER NOT NULL,
            path TEXT NOT NULL,
            digest TEXT NOT NULL,
            md5 TEXT NOT NULL,
            size INTEGER NOT NULL,
            PRIMARY KEY (draft_id, path)) WITHOUT ROWID;

        CREATE TABLE version_reference (
            version_id INTEGER NOT NULL,
            path TEXT NOT NULL,
            uri TEXT NOT NULL,
            digest TEXT NOT NULL,
            size INTEGER,
            PRIMARY KEY (version_id, path)) WITHOUT ROWID;
        CREATE TABLE version_card (
            version_id INTEGER PRIMARY KEY,
            wire_digest TEXT,
            manifest TEXT,
            ttl_seconds INTEGER,
            step INTEGER,
            updated_at INTEGER NOT NULL);
        CREATE INDEX version_card_by_digest ON version_card (wire_digest);
        CREATE TABLE label (
            kind INTEGER NOT NULL,
            owner_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            PRIMARY KEY (kind, owner_id, name)) WITHOUT ROWID;

        CREATE TABLE portfolio (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            type TEXT NOT NULL,
            description TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            next_number INTEGER NOT NULL,
            UNIQUE (experiment_id, name));
        CREATE TABLE portfolio_link (
            portfolio_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            version_id INTEGER NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (portfolio_id, number),
            UNIQUE (portfolio_id, version_id)) WITHOUT ROWID;
        CREATE INDEX portfolio_link_by_version ON portfolio_link (version_id);
        CREATE TABLE portfolio_alias (
            portfolio_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            number INTEGER NOT NULL,
            PRIMARY KEY (portfolio_id, name)) WITHOUT ROWID;
        """;
}
