namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    /// <summary>
    /// The name of a deleted experiment can be used again, and deleted things know since when they are, for their
    /// removal. Numbers of experiments are never given twice: they are in the paths of files and in the heads of people.
    /// </summary>
    private const string Lifecycles =
        """
        CREATE TABLE experiment_anew (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL,
            artifact_location TEXT,
            lifecycle INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            deleted_at INTEGER);
        INSERT INTO experiment_anew (id, name, artifact_location, lifecycle, created_at, updated_at, deleted_at)
        SELECT id, name, artifact_location, lifecycle, created_at, updated_at, CASE lifecycle WHEN 1 THEN updated_at END FROM experiment;
        DROP TABLE experiment;
        ALTER TABLE experiment_anew RENAME TO experiment;
        CREATE UNIQUE INDEX experiment_by_active_name ON experiment (name) WHERE lifecycle = 0;
        CREATE INDEX experiment_by_name ON experiment (name, lifecycle);
        ALTER TABLE run ADD COLUMN deleted_at INTEGER;
        CREATE INDEX run_by_deletion ON run (deleted_at) WHERE lifecycle = 1;
        """;
}
