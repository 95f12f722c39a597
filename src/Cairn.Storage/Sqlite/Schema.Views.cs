namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    private const string Views =
        """
        CREATE TABLE saved_view (
            experiment_id INTEGER NOT NULL,
            page TEXT NOT NULL,
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (experiment_id, page, name));
        """;
}
