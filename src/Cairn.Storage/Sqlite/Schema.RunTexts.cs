namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    /// <summary>Clients that beat and choose ids, documents and lines kept as they were written.</summary>
    private const string RunTexts =
        """
        ALTER TABLE run ADD COLUMN run_group TEXT;
        ALTER TABLE run ADD COLUMN client_id TEXT;
        ALTER TABLE run ADD COLUMN heartbeat_at INTEGER;
        ALTER TABLE run ADD COLUMN stop_requested INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX run_by_heartbeat ON run (heartbeat_at) WHERE heartbeat_at IS NOT NULL AND status IN (1, 2);
        CREATE TABLE run_document (
            id INTEGER PRIMARY KEY,
            run_key INTEGER NOT NULL,
            name TEXT NOT NULL,
            json TEXT NOT NULL,
            UNIQUE (run_key, name));
        CREATE TABLE line_block (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run_key INTEGER NOT NULL,
            stream INTEGER NOT NULL,
            first_line INTEGER NOT NULL,
            lines INTEGER NOT NULL,
            least_step INTEGER NOT NULL,
            greatest_step INTEGER NOT NULL,
            data BLOB NOT NULL,
            UNIQUE (run_key, stream, first_line, lines));
        """;
}
