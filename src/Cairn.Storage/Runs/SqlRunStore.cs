using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Storage.Search;
using Cairn.Storage.Series;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Runs;

/// <summary>Runs in SQL: reading them here, writing in SqlRunStore.Commit.cs, experiments in SqlRunStore.Experiments.cs.</summary>
internal sealed partial class SqlRunStore(
    SqliteDatabase database,
    HotTail hot,
    SeriesLog seriesLog,
    SeriesFolder folder,
    RunKeys keys) : IRunStore
{
    public Task<RunState?> LoadStateAsync(RunId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var found = session.First($"SELECT {RunRows.Columns} FROM run WHERE id = @1", RunRows.Read, id.Value);
                return found is null
                    ? null
                    : new RunState(found.Run, RunRows.ReadParams(session, found.Key).ToDictionary(param => param.Key, StringComparer.Ordinal));
            },
            cancellationToken);

    public Task<RunSnapshot?> FindRunAsync(RunId id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                // The tail is asked before the rows: what a fold moves in between is then seen in both, never in neither.
                var waiting = keys.Find(session, id) is { } key ? hot.ReadLatest(key) : [];
                var found = session.First($"SELECT {RunRows.Columns} FROM run WHERE id = @1", RunRows.Read, id.Value);
                return found is null ? null : RunRows.ReadSnapshot(session, found, waiting);
            },
            cancellationToken);

    public Task<IReadOnlyList<Run>> FindRunsAsync(IReadOnlyList<RunId> ids, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            session =>
            {
                var runs = new List<Run>(ids.Count);
                foreach (var id in ids)
                {
                    if (session.First($"SELECT {RunRows.Columns} FROM run WHERE id = @1", RunRows.Read, id.Value) is { } found)
                    {
                        runs.Add(found.Run);
                    }
                }

                return runs;
            },
            cancellationToken);

    public async Task<IReadOnlyList<RunSnapshot>> SearchRunsAsync(RunQuery query, CancellationToken cancellationToken)
    {
        // Newest values that wait in the tail go to the rows the search looks at.
        await seriesLog.SaveLatestAsync(cancellationToken);

        // A position in another order than this search's says nothing here; how many runs came before it does.
        var fitting = query.After?.Values.Count == query.OrderBy.Count ? query : query with { After = null };
        return await database.SearchAsync<IReadOnlyList<RunSnapshot>>(
            session =>
            {
                var runs = new RunSearch(session, fitting, name => seriesLog.FindMetric(session, name)).Find();
                return RunRows.ReadSnapshots(session, runs, seriesLog.NameOf);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<Run>> ListChildrenAsync(RunId parent, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            session => session.Query(
                $"SELECT {RunRows.Columns} FROM run WHERE parent_id = @1 AND lifecycle = 0 ORDER BY started_at, key",
                row => RunRows.Read(row).Run,
                parent.Value),
            cancellationToken);

    public Task<LogPage> ReadLogsAsync(RunId id, long after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                if (keys.Find(session, id) is not { } key)
                {
                    return new LogPage([], 0);
                }

                var lines = session.Query(
                    "SELECT line, time, is_error, text FROM log_line WHERE run_key = @1 AND line > @2 ORDER BY line LIMIT @3",
                    row => new LogLine(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2) == 1, row.GetString(3)),
                    key,
                    after,
                    limit);
                return new LogPage(lines, session.Number("SELECT COALESCE(MAX(line) + 1, 0) FROM log_line WHERE run_key = @1", key));
            },
            cancellationToken);

    public Task<IReadOnlyList<Media>> ReadMediaAsync(RunId id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Media>>(
            session => keys.Find(session, id) is not { } key
                ? []
                : session.Query(
                    "SELECT name, step, time, kind, path, caption FROM media WHERE run_key = @1 ORDER BY name, step, path",
                    row => new Media(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.Text(5)),
                    key),
            cancellationToken);
}
