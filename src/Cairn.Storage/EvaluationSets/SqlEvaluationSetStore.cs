using Cairn.Core;
using Cairn.Core.EvaluationSets;
using Cairn.Core.Experiments;
using Cairn.Storage.Datasets;
using Cairn.Storage.Search;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.EvaluationSets;

/// <summary>Evaluation sets in SQL; their records are in SqlEvaluationSetStore.Records.cs.</summary>
internal sealed partial class SqlEvaluationSetStore(SqliteDatabase database) : IEvaluationSetStore
{
    private const string Columns =
        """
        key, id, name, digest, schema, created_at, updated_at, created_by, updated_by,
        (SELECT COUNT(*) FROM evaluation_record WHERE set_key = evaluation_set.key)
        """;

    private static readonly string[] Parts = ["evaluation_set_tag", "evaluation_set_experiment", "evaluation_record"];

    public Task CreateAsync(EvaluationSet set, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = session.Number(
                    """
                    INSERT INTO evaluation_set (id, name, digest, schema, created_at, updated_at, created_by, updated_by)
                    VALUES (@1, @2, @3, @4, @5, @6, @7, @8) RETURNING key
                    """,
                    set.Id,
                    set.Name,
                    set.Digest,
                    set.Schema,
                    set.CreatedAt,
                    set.UpdatedAt,
                    set.CreatedBy,
                    set.UpdatedBy);
                foreach (var (name, value) in set.Tags)
                {
                    SetTag(session, key, name, value);
                }

                Tie(session, key, set.Experiments);
                return key;
            },
            cancellationToken);

    public Task<EvaluationSet?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id)?.Set, cancellationToken);

    public Task<IReadOnlyList<EvaluationSet>> SearchAsync(EvaluationSetQuery query, CancellationToken cancellationToken) =>
        database.SearchAsync<IReadOnlyList<EvaluationSet>>(
            session =>
            {
                var sql = new SqlText();
                sql.Add($"SELECT {Columns} FROM evaluation_set WHERE 1");
                if (query.Experiments.Count > 0)
                {
                    sql.Add(" AND EXISTS (SELECT 1 FROM evaluation_set_experiment WHERE set_key = evaluation_set.key")
                        .Add($" AND experiment_id IN (SELECT value FROM {sql.Numbers(query.Experiments.Select(id => id.Value))}))");
                }

                foreach (var criterion in query.Where)
                {
                    sql.Add(criterion.Subject
                        ? $" AND EXISTS (SELECT 1 FROM evaluation_set_tag WHERE set_key = evaluation_set.key AND name = {sql.Argument(criterion.Key)} AND {CriterionSql.Test(sql, "value", criterion.Comparison, criterion.Operand)})"
                        : $" AND {CriterionSql.Test(sql, Column(criterion.Key), criterion.Comparison, criterion.Operand)}");
                }

                var orders = query.OrderBy.Select(key => $"{Column(key.Key)}{(key.Descending ? " DESC" : "")}").Append("created_at DESC").Append("id DESC");
                sql.Add($" ORDER BY {string.Join(", ", orders)} LIMIT {sql.Argument(query.Limit)} OFFSET {sql.Argument(query.Offset)}");
                return session.Query(sql.ToString(), Read, sql.Arguments).ConvertAll(found => Complete(session, found).Set);
            },
            cancellationToken);

    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                foreach (var part in Parts)
                {
                    session.Execute($"DELETE FROM {part} WHERE set_key = (SELECT key FROM evaluation_set WHERE id = @1)", id);
                }

                return session.Execute("DELETE FROM evaluation_set WHERE id = @1", id);
            },
            cancellationToken);

    public Task SetTagsAsync(string id, IReadOnlyDictionary<string, string?> tags, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = Key(session, id);
                foreach (var (name, value) in tags)
                {
                    if (value is null)
                    {
                        session.Execute("DELETE FROM evaluation_set_tag WHERE set_key = @1 AND name = @2", key, name);
                    }
                    else
                    {
                        SetTag(session, key, name, value);
                    }
                }

                return key;
            },
            cancellationToken);

    public Task TieAsync(string id, IReadOnlyList<ExperimentId> experiments, bool remove, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var key = Key(session, id);
                if (remove)
                {
                    session.Execute(
                        "DELETE FROM evaluation_set_experiment WHERE set_key = @1 AND experiment_id IN (SELECT value FROM json_each(@2))",
                        key,
                        SqlDatasetStore.Numbers(experiments));
                }
                else
                {
                    Tie(session, key, experiments);
                }

                return key;
            },
            cancellationToken);

    private static long Key(SqlSession session, string id) =>
        session.First<long?>("SELECT key FROM evaluation_set WHERE id = @1", row => row.GetInt64(0), id) ?? throw Missing(id);

    private static (long Key, EvaluationSet Set)? Find(SqlSession session, string id) =>
        session.Query($"SELECT {Columns} FROM evaluation_set WHERE id = @1", Read, id) is [var found] ? Complete(session, found) : null;

    private static (long Key, EvaluationSet Set) Complete(SqlSession session, (long Key, EvaluationSet Set) found) => (
        found.Key,
        found.Set with
        {
            Tags = session.Query(
                "SELECT name, value FROM evaluation_set_tag WHERE set_key = @1 ORDER BY name",
                row => new KeyValuePair<string, string>(row.GetString(0), row.GetString(1)),
                found.Key).ToDictionary(StringComparer.Ordinal),
            Experiments = session.Query(
                "SELECT experiment_id FROM evaluation_set_experiment WHERE set_key = @1 ORDER BY experiment_id",
                row => new ExperimentId(row.GetInt64(0)),
                found.Key),
        });

    private static (long Key, EvaluationSet Set) Read(SqliteDataReader row) => (
        row.GetInt64(0),
        new EvaluationSet(
            row.GetString(1),
            row.GetString(2),
            row.GetString(3),
            new Dictionary<string, string>(),
            row.Text(4),
            row.GetInt32(9),
            row.GetInt64(5),
            row.GetInt64(6),
            row.Text(7),
            row.Text(8),
            Experiments: []));

    private static void SetTag(SqlSession session, long key, string name, string value) =>
        session.Execute(
            "INSERT INTO evaluation_set_tag (set_key, name, value) VALUES (@1, @2, @3) ON CONFLICT (set_key, name) DO UPDATE SET value = excluded.value",
            key,
            name,
            value);

    private static void Tie(SqlSession session, long key, IReadOnlyList<ExperimentId> experiments) =>
        session.Execute(
            "INSERT INTO evaluation_set_experiment (set_key, experiment_id) SELECT @1, value FROM json_each(@2) WHERE 1 ON CONFLICT DO NOTHING",
            key,
            SqlDatasetStore.Numbers(experiments));

    private static string Column(string name) => name switch
    {
        "name" => "evaluation_set.name",
        "created_time" => "created_at",
        "last_update_time" => "updated_at",
        "created_by" => "created_by",
        "last_updated_by" => "updated_by",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "Evaluation sets have no such column."),
    };

    private static CairnException Missing(string id) => CairnException.NotFound($"Evaluation dataset with id '{id}' not found");
}
