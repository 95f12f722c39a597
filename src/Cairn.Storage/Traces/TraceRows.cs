using System.Text.Json;
using Cairn.Core.Experiments;
using Cairn.Core.Traces;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Traces;

/// <summary>From rows to traces and what belongs to them.</summary>
internal static class TraceRows
{
    public const string AssessmentColumns =
        "assessment.id, trace.id, span_id, name, is_expectation, source_type, source_id, value, error_code, error_message, error_stack, rationale, metadata, overrides, is_valid, created_at, updated_at";

    public static long? FindKey(SqlSession session, string id) =>
        session.First<long?>("SELECT key FROM trace WHERE id = @1", row => row.GetInt64(0), id);

    public static (long Key, Trace Trace) Read(SqliteDataReader row) => (
        row.GetInt64(0),
        new Trace(
            row.GetString(1),
            new ExperimentId(row.GetInt64(2)),
            row.GetInt64(3),
            row.Long(4),
            (TraceState)row.GetInt32(5),
            row.Text(6),
            row.Text(7),
            row.Text(8),
            new Dictionary<string, string>(),
            new Dictionary<string, string>(),
            Assessments: []));

    /// <summary>Adds to traces what belongs to them, with one statement for each kind.</summary>
    public static List<Trace> Complete(SqlSession session, List<(long Key, Trace Trace)> traces)
    {
        var keys = JsonSerializer.Serialize(traces.ConvertAll(trace => trace.Key), SqlJson.Default.ListInt64);
        var tags = Pairs(session, "trace_tag", keys);
        var metadata = Pairs(session, "trace_metadata", keys);
        var assessments = session.Query(
            $"""
            SELECT {AssessmentColumns}, trace_key FROM assessment JOIN trace ON trace.key = trace_key
            WHERE trace_key IN (SELECT value FROM json_each(@1)) ORDER BY assessment.key
            """,
            row => (Key: row.GetInt64(17), Assessment: ReadAssessment(row)),
            keys).ToLookup(row => row.Key, row => row.Assessment);
        return traces.ConvertAll(trace => trace.Trace with
        {
            Tags = tags[trace.Key].ToDictionary(StringComparer.Ordinal),
            Metadata = metadata[trace.Key].ToDictionary(StringComparer.Ordinal),
            Assessments = [.. assessments[trace.Key]],
        });
    }

    public static Assessment ReadAssessment(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.Text(2),
        row.GetString(3),
        row.GetInt64(4) == 1,
        row.Text(5),
        row.Text(6),
        row.Text(7),
        row.Text(8) is null && row.Text(9) is null ? null : new AssessmentError(row.Text(8), row.Text(9), row.Text(10)),
        row.Text(11),
        JsonSerializer.Deserialize(row.GetString(12), SqlJson.Default.DictionaryStringString)!,
        row.Text(13),
        row.GetInt64(14) == 1,
        row.GetInt64(15),
        row.GetInt64(16));

    public static void SetPairs(SqlSession session, string table, long key, IReadOnlyDictionary<string, string> pairs)
    {
        foreach (var (name, value) in pairs)
        {
            session.Execute(
                $"INSERT INTO {table} (trace_key, name, value) VALUES (@1, @2, @3) ON CONFLICT (trace_key, name) DO UPDATE SET value = excluded.value",
                key,
                name,
                value);
        }
    }

    public static void AddAssessment(SqlSession session, long key, Assessment assessment) =>
        session.Execute(
            """
            INSERT INTO assessment (trace_key, id, span_id, name, is_expectation, source_type, source_id, value, error_code, error_message, error_stack,
                rationale, metadata, overrides, is_valid, created_at, updated_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15, @16, @17)
            ON CONFLICT (trace_key, id) DO UPDATE SET name = excluded.name, value = excluded.value, error_code = excluded.error_code,
                error_message = excluded.error_message, error_stack = excluded.error_stack, rationale = excluded.rationale,
                metadata = excluded.metadata, is_valid = excluded.is_valid, updated_at = excluded.updated_at
            """,
            key,
            assessment.Id,
            assessment.SpanId,
            assessment.Name,
            assessment.IsExpectation ? 1 : 0,
            assessment.SourceType,
            assessment.SourceId,
            assessment.Value,
            assessment.Error is { } error ? error.Code ?? "" : null,
            assessment.Error?.Message,
            assessment.Error?.StackTrace,
            assessment.Rationale,
            JsonSerializer.Serialize(new Dictionary<string, string>(assessment.Metadata), SqlJson.Default.DictionaryStringString),
            assessment.Overrides,
            assessment.IsValid ? 1 : 0,
            assessment.CreatedAt,
            assessment.UpdatedAt);

    private static ILookup<long, KeyValuePair<string, string>> Pairs(SqlSession session, string table, string keys) =>
        session.Query(
            $"SELECT trace_key, name, value FROM {table} WHERE trace_key IN (SELECT value FROM json_each(@1)) ORDER BY name",
            row => (Key: row.GetInt64(0), Pair: new KeyValuePair<string, string>(row.GetString(1), row.GetString(2))),
            keys).ToLookup(row => row.Key, row => row.Pair);

    private static Dictionary<string, string> ToDictionary(this IEnumerable<KeyValuePair<string, string>> pairs, StringComparer comparer) =>
        new(pairs, comparer);
}
