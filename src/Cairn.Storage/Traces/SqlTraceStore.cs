using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Traces;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Traces;

/// <summary>Traces in SQL; assessments are in SqlTraceStore.Assessments.cs.</summary>
internal sealed partial class SqlTraceStore(SqliteDatabase database) : ITraceStore
{
    private static readonly string[] Parts = ["trace_tag", "trace_metadata", "trace_run", "span", "assessment"];

    public Task PutAsync(Trace trace, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = session.Number(
                    """
                    INSERT INTO trace (id, experiment_id, at, duration, state, client_request_id, request_preview, response_preview)
                    VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
                    ON CONFLICT (id) DO UPDATE SET experiment_id = excluded.experiment_id, at = excluded.at,
                        duration = COALESCE(excluded.duration, duration), state = excluded.state,
                        client_request_id = COALESCE(excluded.client_request_id, client_request_id),
                        request_preview = COALESCE(excluded.request_preview, request_preview),
                        response_preview = COALESCE(excluded.response_preview, response_preview)
                    RETURNING key
                    """,
                    trace.Id,
                    trace.ExperimentId.Value,
                    trace.At,
                    trace.Duration,
                    (int)trace.State,
                    trace.ClientRequestId,
                    trace.RequestPreview,
                    trace.ResponsePreview);
                TraceRows.SetPairs(session, "trace_tag", key, trace.Tags);
                TraceRows.SetPairs(session, "trace_metadata", key, trace.Metadata);
                foreach (var assessment in trace.Assessments)
                {
                    TraceRows.AddAssessment(session, key, assessment);
                }

                return key;
            },
            cancellationToken);

    public Task AddSpansAsync(Trace skeleton, IReadOnlyList<Span> spans, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Execute(
                    "INSERT INTO trace (id, experiment_id, at, duration, state) VALUES (@1, @2, @3, @4, @5) ON CONFLICT DO NOTHING",
                    skeleton.Id,
                    skeleton.ExperimentId.Value,
                    skeleton.At,
                    skeleton.Duration,
                    (int)skeleton.State) == 1)
                {
                    TraceRows.SetPairs(session, "trace_tag", TraceRows.FindKey(session, skeleton.Id)!.Value, skeleton.Tags);
                }

                var key = TraceRows.FindKey(session, skeleton.Id)!.Value;
                SpanRows.Add(session, key, spans);
                return key;
            },
            cancellationToken);

    public Task UpdateAsync(string id, TraceChange change, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = TraceRows.FindKey(session, id) ?? throw TraceCatalog.Missing(id);
                if (change.EndedAt is not null || change.State is not null)
                {
                    session.Execute(
                        "UPDATE trace SET duration = COALESCE(@2 - at, duration), state = COALESCE(@3, state) WHERE key = @1",
                        key,
                        change.EndedAt,
                        (int?)change.State);
                }

                TraceRows.SetPairs(session, "trace_tag", key, change.Tags ?? new Dictionary<string, string>());
                TraceRows.SetPairs(session, "trace_metadata", key, change.Metadata ?? new Dictionary<string, string>());
                if (change.RemoveTag is { } tag && session.Execute("DELETE FROM trace_tag WHERE trace_key = @1 AND name = @2", key, tag) == 0)
                {
                    throw CairnException.NotFound($"No trace tag with key '{tag}' for trace with ID '{id}'");
                }

                return key;
            },
            cancellationToken);

    public Task<IReadOnlyList<Trace>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Trace>>(
            session =>
            {
                var found = new List<(long Key, Trace Trace)>(ids.Count);
                foreach (var id in ids.Distinct(StringComparer.Ordinal))
                {
                    found.AddRange(session.Query($"SELECT {TraceSearch.Columns} FROM trace WHERE id = @1", TraceRows.Read, id));
                }

                return TraceRows.Complete(session, found);
            },
            cancellationToken);

    public Task<IReadOnlyList<Span>> ReadSpansAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Span>>(session => SpanRows.Read(session, id), cancellationToken);

    public Task<IReadOnlyList<Trace>> SearchAsync(TraceQuery query, CancellationToken cancellationToken) =>
        database.SearchAsync<IReadOnlyList<Trace>>(
            session =>
            {
                var (sql, arguments) = new TraceSearch().Build(query);
                return TraceRows.Complete(session, session.Query(sql, TraceRows.Read, arguments));
            },
            cancellationToken);

    public Task<int> CountAsync(IReadOnlyList<ExperimentId> experiments, IReadOnlyList<Criterion<TraceSubject>> where, CancellationToken cancellationToken) =>
        database.SearchAsync(
            session =>
            {
                var (sql, arguments) = new TraceSearch().BuildCount(experiments, where);
                return (int)session.Number(sql, arguments);
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> RemoveAsync(TraceRemoval removal, CancellationToken cancellationToken) =>
        database.WriteAsync<IReadOnlyList<string>>(
            session =>
            {
                var found = session.Query(
                    """
                    SELECT key, id FROM trace WHERE experiment_id = @1 AND (@2 IS NULL OR at <= @2)
                        AND (@3 = '[]' OR id IN (SELECT value FROM json_each(@3)))
                    ORDER BY at, id LIMIT @4
                    """,
                    row => (Key: row.GetInt64(0), Id: row.GetString(1)),
                    removal.Experiment.Value,
                    removal.UpTo,
                    JsonSerializer.Serialize([.. removal.Ids], SqlJson.Default.ListString),
                    removal.Most ?? -1);
                var list = JsonSerializer.Serialize([.. found.Select(trace => trace.Key)], SqlJson.Default.ListInt64);
                foreach (var table in Parts)
                {
                    session.Execute($"DELETE FROM {table} WHERE trace_key IN (SELECT value FROM json_each(@1))", list);
                }

                session.Execute("DELETE FROM trace WHERE key IN (SELECT value FROM json_each(@1))", list);
                return [.. found.Select(trace => trace.Id)];
            },
            cancellationToken);

    public Task LinkAsync(IReadOnlyList<string> ids, RunId run, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                """
                INSERT INTO trace_run (run_id, trace_key) SELECT @1, key FROM trace WHERE id IN (SELECT value FROM json_each(@2))
                ON CONFLICT DO NOTHING
                """,
                run.Value,
                JsonSerializer.Serialize([.. ids], SqlJson.Default.ListString)),
            cancellationToken);
}
