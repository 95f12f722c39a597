using Cairn.Core.Experiments;
using Cairn.Core.Views;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Views;

/// <summary>Saved views in SQL.</summary>
internal sealed class SqlSavedViewStore(SqliteDatabase database) : ISavedViewStore
{
    public Task<IReadOnlyList<SavedView>> ListAsync(ExperimentId experiment, string? page, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SavedView>>(
            session => session.Query(
                "SELECT page, name, state, updated_at FROM saved_view WHERE experiment_id = @1 AND page = COALESCE(@2, page) ORDER BY page, name",
                row => new SavedView(experiment, row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3)),
                experiment.Value,
                page),
            cancellationToken);

    public Task PutAsync(SavedView view, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                """
                INSERT INTO saved_view (experiment_id, page, name, state, updated_at) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (experiment_id, page, name) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at
                """,
                view.Experiment.Value,
                view.Page,
                view.Name,
                view.State,
                view.UpdatedAt),
            cancellationToken);

    public Task<bool> RemoveAsync(ExperimentId experiment, string page, string name, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute("DELETE FROM saved_view WHERE experiment_id = @1 AND page = @2 AND name = @3", experiment.Value, page, name) > 0,
            cancellationToken);
}
