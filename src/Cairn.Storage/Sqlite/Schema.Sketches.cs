namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    /// <summary>The few points of a long chunk that draw like all of it. A chunk of an older store has none and is read whole.</summary>
    private const string Sketches =
        """
        CREATE TABLE chunk_sketch (
            run_key INTEGER NOT NULL,
            chunk_id INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (run_key, chunk_id)) WITHOUT ROWID;
        """;
}
