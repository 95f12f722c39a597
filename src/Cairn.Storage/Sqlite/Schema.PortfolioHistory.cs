namespace Cairn.Storage.Sqlite;

internal static partial class Schema
{
    /// <summary>Where aliases of portfolios pointed.</summary>
    private const string PortfolioHistory =
        """
        CREATE TABLE portfolio_alias_change (
            id INTEGER PRIMARY KEY,
            portfolio_id INTEGER NOT NULL,
            name TEXT NOT NULL,
            from_number INTEGER,
            to_number INTEGER,
            at INTEGER NOT NULL);
        CREATE INDEX portfolio_alias_change_by_portfolio ON portfolio_alias_change (portfolio_id, id);
        """;
}
