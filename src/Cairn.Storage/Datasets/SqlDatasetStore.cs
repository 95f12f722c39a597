using System.Globalization;
using Cairn.Core.Datasets;
using Cairn.Core.Experiments;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Datasets;

/// <summary>Datasets in SQL.</summary>
internal sealed class SqlDatasetStore(SqliteDatabase database) : IDatasetStore
{
    public Task<IReadOnlyList<DatasetSummary>> SearchAsync(IReadOnlyList<ExperimentId> experiments, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<DatasetSummary>>(
            session => session.Query(
                """
                SELECT experiment_id, dataset.name, digest, tag.value FROM dataset
                JOIN run_dataset ON run_dataset.dataset_id = dataset.id
                LEFT JOIN run_dataset_tag AS tag ON tag.run_key = run_dataset.run_key AND tag.dataset_id = dataset.id AND tag.name = @3
                WHERE experiment_id IN (SELECT value FROM json_each(@1))
                GROUP BY dataset.id, tag.value ORDER BY experiment_id, MIN(run_dataset.id) LIMIT @2
                """,
                row => new DatasetSummary(new ExperimentId(row.GetInt64(0)), row.GetString(1), row.GetString(2), row.Text(3)),
                Numbers(experiments),
                limit,
                RunLinks.ContextTag),
            cancellationToken);

    /// <summary>Experiments as a JSON array, which SQL takes as one argument.</summary>
    public static string Numbers(IEnumerable<ExperimentId> experiments) =>
        string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', experiments.Select(experiment => experiment.ToString()))}]");
}
