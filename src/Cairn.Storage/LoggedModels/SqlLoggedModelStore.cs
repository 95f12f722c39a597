using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.LoggedModels;
using Cairn.Core.Series;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.LoggedModels;

/// <summary>Logged models in SQL.</summary>
internal sealed class SqlLoggedModelStore(SqliteDatabase database) : ILoggedModelStore
{
    public Task CreateAsync(LoggedModel model, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = session.Number(
                    """
                    INSERT INTO logged_model (id, experiment_id, name, model_type, source_run_id, status, lifecycle, created_at, updated_at)
                    VALUES (@1, @2, @3, @4, @5, @6, 0, @7, @8) RETURNING key
                    """,
                    model.Id,
                    model.ExperimentId.Value,
                    model.Name,
                    model.ModelType,
                    model.SourceRunId,
                    (int)model.Status,
                    model.CreatedAt,
                    model.UpdatedAt);
                AddParams(session, model.Id, key, model.Params);
                SetTags(session, key, model.Tags);
                return key;
            },
            cancellationToken);

    public Task<LoggedModel?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => ReadAll(
                session,
                session.Query($"SELECT {LoggedModelSearch.Columns} FROM logged_model AS model WHERE id = @1 AND lifecycle = 0", Read, id)).FirstOrDefault(),
            cancellationToken);

    public Task<IReadOnlyList<string>> FindMissingAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            session => [.. ids.Distinct(StringComparer.Ordinal).Where(id => session.Number("SELECT EXISTS (SELECT 1 FROM logged_model WHERE id = @1 AND lifecycle = 0)", id) == 0)],
            cancellationToken);

    public Task UpdateAsync(string id, LoggedModelChange change, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                // A repeated delete finds its work done.
                var key = session.First<long?>("SELECT key FROM logged_model WHERE id = @1 AND lifecycle <= @2", row => row.GetInt64(0), id, change.Delete ? 1 : 0)
                    ?? throw LoggedModelCatalog.Missing(id);
                if (change.Status is not null || change.Delete)
                {
                    session.Execute(
                        "UPDATE logged_model SET status = COALESCE(@2, status), lifecycle = @3, updated_at = @4 WHERE key = @1",
                        key,
                        (int?)change.Status,
                        change.Delete ? 1 : 0,
                        at);
                }

                AddParams(session, id, key, change.Params ?? []);
                SetTags(session, key, change.Tags ?? []);
                if (change.RemoveTag is { } tag && session.Execute("DELETE FROM logged_model_tag WHERE model_key = @1 AND name = @2", key, tag) == 0)
                {
                    throw CairnException.NotFound($"No tag with key '{tag}' found for model with ID '{id}'.");
                }

                return key;
            },
            cancellationToken);

    public Task<IReadOnlyList<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken) =>
        database.SearchAsync<IReadOnlyList<LoggedModel>>(
            session =>
            {
                var (sql, arguments) = new LoggedModelSearch().Build(query);
                return ReadAll(session, session.Query(sql, Read, arguments));
            },
            cancellationToken);

    private static void AddParams(SqlSession session, string id, long key, IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (session.Execute("INSERT INTO logged_model_param (model_key, name, value) VALUES (@1, @2, @3) ON CONFLICT DO NOTHING", key, name, value) == 1)
            {
                continue;
            }

            var old = session.First("SELECT value FROM logged_model_param WHERE model_key = @1 AND name = @2", row => row.GetString(0), key, name);
            if (old != value)
            {
                throw CairnException.Invalid("params", $"The param '{name}' of the logged model '{id}' is '{old}' and cannot become '{value}': params do not change.");
            }
        }
    }

    private static void SetTags(SqlSession session, long key, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        foreach (var (name, value) in tags)
        {
            session.Execute(
                "INSERT INTO logged_model_tag (model_key, name, value) VALUES (@1, @2, @3) ON CONFLICT (model_key, name) DO UPDATE SET value = excluded.value",
                key,
                name,
                value);
        }
    }

    private static (long Key, LoggedModel Model) Read(SqliteDataReader row) => (
        row.GetInt64(0),
        new LoggedModel(
            row.GetString(1),
            new ExperimentId(row.GetInt64(2)),
            row.GetString(3),
            row.Text(4),
            row.Text(5),
            (LoggedModelStatus)row.GetInt32(6),
            row.GetInt64(7),
            row.GetInt64(8),
            Params: [],
            Tags: [],
            Metrics: []));

    private static List<LoggedModel> ReadAll(SqlSession session, List<(long Key, LoggedModel Model)> models)
    {
        var keys = JsonSerializer.Serialize(models.ConvertAll(model => model.Key), SqlJson.Default.ListInt64);
        var parameters = Pairs(session, "logged_model_param", keys);
        var tags = Pairs(session, "logged_model_tag", keys);
        var metrics = session.Query(
            """
            SELECT model_key, run.id, logged_model_metric.name, step, time, value, dataset_name, dataset_digest
            FROM logged_model_metric JOIN run ON run.key = run_key
            WHERE model_key IN (SELECT value FROM json_each(@1)) ORDER BY logged_model_metric.name, time, step
            """,
            row => (Key: row.GetInt64(0), Metric: new ModelMetric(
                row.GetString(1),
                new SeriesPoint(row.GetString(2), new MetricPoint(row.GetInt64(3), row.GetInt64(4), row.NumberOrNan(5))),
                row.Text(6),
                row.Text(7))),
            keys).ToLookup(metric => metric.Key, metric => metric.Metric);
        return models.ConvertAll(model => model.Model with
        {
            Params = [.. parameters[model.Key]],
            Tags = [.. tags[model.Key]],
            Metrics = [.. metrics[model.Key]],
        });
    }

    private static ILookup<long, KeyValuePair<string, string>> Pairs(SqlSession session, string table, string keys) =>
        session.Query(
            $"SELECT model_key, name, value FROM {table} WHERE model_key IN (SELECT value FROM json_each(@1)) ORDER BY name",
            row => (Key: row.GetInt64(0), Pair: new KeyValuePair<string, string>(row.GetString(1), row.GetString(2))),
            keys).ToLookup(row => row.Key, row => row.Pair);
}
