using Cairn.Core.Experiments;
using Cairn.Core.Scorers;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Scorers;

/// <summary>Scorers in SQL.</summary>
internal sealed class SqlScorerStore(SqliteDatabase database) : IScorerStore
{
    public Task<Scorer> AddAsync(ExperimentId experiment, string name, string body, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var last = session.First<(string Id, int Version)?>(
                    "SELECT id, version FROM scorer WHERE experiment_id = @1 AND name = @2 ORDER BY version DESC LIMIT 1",
                    row => (row.GetString(0), row.GetInt32(1)),
                    experiment.Value,
                    name);
                var made = new Scorer(last?.Id ?? Guid.NewGuid().ToString(), experiment, name, (last?.Version ?? 0) + 1, body, at);
                session.Execute(
                    "INSERT INTO scorer (experiment_id, name, version, id, body, created_at) VALUES (@1, @2, @3, @4, @5, @6)",
                    experiment.Value,
                    name,
                    made.Version,
                    made.Id,
                    body,
                    at);
                return made;
            },
            cancellationToken);

    public Task<IReadOnlyList<Scorer>> ListAsync(ExperimentId experiment, string? name, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Scorer>>(
            session => session.Query(
                "SELECT id, experiment_id, name, version, body, created_at FROM scorer WHERE experiment_id = @1 AND (@2 IS NULL OR name = @2) ORDER BY name, version",
                Read,
                experiment.Value,
                name),
            cancellationToken);

    public Task<int> RemoveAsync(ExperimentId experiment, string name, int? version, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "DELETE FROM scorer WHERE experiment_id = @1 AND name = @2 AND (@3 IS NULL OR version = @3)",
                experiment.Value,
                name,
                version),
            cancellationToken);

    private static Scorer Read(SqliteDataReader row) =>
        new(row.GetString(0), new ExperimentId(row.GetInt64(1)), row.GetString(2), row.GetInt32(3), row.GetString(4), row.GetInt64(5));
}
