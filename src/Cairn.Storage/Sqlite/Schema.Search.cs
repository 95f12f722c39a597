namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    /// <summary>
    /// What searches look runs up by: docs/decisions/0006-search.md. The tables of series, params and tags have their key
    /// behind the indexed columns, so an entry is (name, value, run) and a search reads nothing but the index.
    /// </summary>
    private const string SearchIndexes =
        """
        CREATE INDEX series_by_value ON series (metric_id, last_value);
        CREATE INDEX param_by_value ON param (name, value);
        CREATE INDEX tag_by_value ON tag (name, value);
        CREATE INDEX run_by_start ON run (started_at DESC, id);
        """;
}
