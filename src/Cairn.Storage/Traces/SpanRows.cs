using Cairn.Core.Traces;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Traces;

/// <summary>Spans, and what a trace takes over from them.</summary>
internal static class SpanRows
{
    private const string TokenFact = "mlflow.trace.tokenUsage";
    private const long NanosecondsOfMillisecond = 1_000_000;

    public static void Add(SqlSession session, long key, IReadOnlyList<Span> spans)
    {
        foreach (var span in spans)
        {
            session.Execute(
                """
                INSERT INTO span (trace_key, id, parent_id, name, type, status, started_at, ended_at, input_tokens, output_tokens, total_tokens, content)
                VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12)
                ON CONFLICT (trace_key, id) DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name, type = excluded.type,
                    status = excluded.status, started_at = excluded.started_at, ended_at = excluded.ended_at, input_tokens = excluded.input_tokens,
                    output_tokens = excluded.output_tokens, total_tokens = excluded.total_tokens, content = excluded.content
                """,
                key,
                span.Id,
                span.ParentId,
                span.Name,
                span.Type,
                span.Status,
                span.StartedAt,
                span.EndedAt,
                span.Tokens?.Input,
                span.Tokens?.Output,
                span.Tokens?.Total,
                span.Content);
        }

        Grow(session, key, spans);
        SumTokens(session, key);
    }

    public static List<Span> Read(SqlSession session, string id) =>
        session.Query(
            """
            SELECT span.id, parent_id, name, type, status, started_at, ended_at, content FROM span
            JOIN trace ON trace.key = trace_key WHERE trace.id = @1 ORDER BY parent_id IS NOT NULL, started_at, span.key
            """,
            row => new Span(row.GetString(0), row.Text(1), row.GetString(2), row.Text(3), row.GetString(4), row.GetInt64(5), row.Long(6), row.GetString(7)),
            id);

    private static void Grow(SqlSession session, long key, IReadOnlyList<Span> spans)
    {
        var first = spans.Min(span => span.StartedAt) / NanosecondsOfMillisecond;
        var last = spans.Max(span => span.EndedAt) / NanosecondsOfMillisecond;
        var whole = spans.FirstOrDefault(span => span.ParentId is null);
        session.Execute(
            """
            UPDATE trace SET
                at = MIN(at, @2),
                duration = CASE WHEN @3 IS NULL THEN duration ELSE MAX(at + COALESCE(duration, 0), @3) - MIN(at, @2) END,
                state = CASE WHEN state IN (0, 3) AND @4 IS NOT NULL THEN @4 ELSE state END,
                request_preview = COALESCE(request_preview, @5),
                response_preview = COALESCE(response_preview, @6)
            WHERE key = @1
            """,
            key,
            first,
            last,
            whole is null ? null : (int)(whole.Status == "ERROR" ? TraceState.Error : TraceState.Ok),
            whole?.Input,
            whole?.Output);
    }

    // Over all spans of the trace, so that a repeated call counts nothing twice.
    private static void SumTokens(SqlSession session, long key) =>
        session.Execute(
            """
            INSERT INTO trace_metadata (trace_key, name, value)
            SELECT @1, @2, '{"input_tokens": ' || SUM(input_tokens) || ', "output_tokens": ' || SUM(output_tokens) || ', "total_tokens": ' || SUM(total_tokens) || '}'
            FROM span WHERE trace_key = @1 AND total_tokens IS NOT NULL HAVING COUNT(*) > 0
            ON CONFLICT (trace_key, name) DO UPDATE SET value = excluded.value
            """,
            key,
            TokenFact);
}
