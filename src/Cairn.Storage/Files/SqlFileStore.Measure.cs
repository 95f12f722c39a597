using Cairn.Core.Files;

namespace Cairn.Storage.Files;

internal sealed partial class SqlFileStore
{
    public Task<IReadOnlyList<StorageUse>> MeasureAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<StorageUse>>(
            session =>
            {
                var uses = session.Query(
                    """
                    SELECT CASE WHEN owner IN ('mlflow', 'root') THEN 'other files' ELSE 'run files' END, COUNT(*), SUM(size) FROM file GROUP BY 1
                    UNION ALL
                    SELECT 'artifacts: ' || type, SUM(file_count), SUM(size) FROM version JOIN artifact ON artifact.id = artifact_id
                    WHERE deleted_at IS NULL GROUP BY type
                    """,
                    row => new StorageUse(row.GetString(0), row.GetInt64(1), row.GetInt64(2)));
                uses.Sort((left, right) => right.Bytes.CompareTo(left.Bytes));
                uses.Add(session.First(
                    "SELECT COUNT(*), COALESCE(SUM(size), 0) FROM (SELECT MAX(size) AS size FROM (SELECT digest, size FROM file UNION ALL SELECT digest, size FROM manifest) GROUP BY digest)",
                    row => new StorageUse("contents", row.GetInt64(0), row.GetInt64(1)))!);
                uses.Add(new StorageUse(
                    "database",
                    session.Number("SELECT COUNT(*) FROM run"),
                    session.Number("PRAGMA page_count") * session.Number("PRAGMA page_size")));
                return uses;
            },
            cancellationToken);
}
