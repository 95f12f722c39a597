namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    /// <summary>Sweeps, who works on them, and what was chosen.</summary>
    private const string Sweeps =
        """
        CREATE TABLE sweep (
            id INTEGER PRIMARY KEY,
            experiment_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            display_name TEXT,
            description TEXT,
            config TEXT NOT NULL,
            state INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            UNIQUE (experiment_id, name));
        CREATE TABLE sweep_agent (
            id INTEGER PRIMARY KEY,
            sweep_id INTEGER NOT NULL,
            host TEXT NOT NULL,
            heartbeat_at INTEGER NOT NULL);
        CREATE INDEX sweep_agent_by_sweep ON sweep_agent (sweep_id);
        CREATE TABLE sweep_trial (
            sweep_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            client_run_id TEXT NOT NULL,
            agent_id INTEGER NOT NULL,
            arguments TEXT NOT NULL,
            point BLOB NOT NULL,
            PRIMARY KEY (sweep_id, number)) WITHOUT ROWID;
        """;
}
