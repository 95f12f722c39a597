using Cairn.Core.EvaluationSets;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.EvaluationSets;

/// <content>The records of evaluation sets.</content>
internal sealed partial class SqlEvaluationSetStore
{
    private const string RecordColumns = "id, inputs, outputs, expectations, tags, source, created_at, updated_at, created_by, updated_by";

    public Task<int> MergeAsync(
        string id,
        IReadOnlyList<string> keys,
        Func<EvaluationRecord?, int, EvaluationRecord> merge,
        Func<EvaluationSet, EvaluationSet> finish,
        CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var (key, _) = Find(session, id) ?? throw Missing(id);
                var added = 0;
                for (var i = 0; i < keys.Count; i++)
                {
                    var old = session.First(
                        $"SELECT {RecordColumns} FROM evaluation_record WHERE set_key = @1 AND input_key = @2",
                        ReadRecord,
                        key,
                        keys[i]);
                    added += old is null ? 1 : 0;
                    Write(session, key, keys[i], merge(old, i));
                }

                var set = finish(Find(session, id)!.Value.Set);
                session.Execute(
                    "UPDATE evaluation_set SET digest = @2, schema = @3, updated_at = @4, updated_by = @5 WHERE key = @1",
                    key,
                    set.Digest,
                    set.Schema,
                    set.UpdatedAt,
                    set.UpdatedBy);
                return added;
            },
            cancellationToken);

    public Task<IReadOnlyList<EvaluationRecord>> ReadRecordsAsync(string id, RecordPosition? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<EvaluationRecord>>(
            session => session.Query(
                $"""
                SELECT {RecordColumns} FROM evaluation_record WHERE set_key = (SELECT key FROM evaluation_set WHERE id = @1)
                    AND (created_at, id) > (@2, @3) ORDER BY created_at, id LIMIT @4
                """,
                ReadRecord,
                id,
                after?.CreatedAt ?? long.MinValue,
                after?.Id ?? "",
                limit),
            cancellationToken);

    private static void Write(SqlSession session, long set, string inputKey, EvaluationRecord record) =>
        session.Execute(
            """
            INSERT INTO evaluation_record (set_key, input_key, id, inputs, outputs, expectations, tags, source, created_at, updated_at, created_by, updated_by)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12)
            ON CONFLICT (set_key, input_key) DO UPDATE SET outputs = excluded.outputs, expectations = excluded.expectations, tags = excluded.tags,
                source = excluded.source, updated_at = excluded.updated_at, updated_by = excluded.updated_by
            """,
            set,
            inputKey,
            record.Id,
            record.Inputs,
            record.Outputs,
            record.Expectations,
            record.Tags,
            record.Source,
            record.CreatedAt,
            record.UpdatedAt,
            record.CreatedBy,
            record.UpdatedBy);

    private static EvaluationRecord ReadRecord(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetString(1),
        row.Text(2),
        row.Text(3),
        row.Text(4),
        row.Text(5),
        row.GetInt64(6),
        row.GetInt64(7),
        row.Text(8),
        row.Text(9));
}
