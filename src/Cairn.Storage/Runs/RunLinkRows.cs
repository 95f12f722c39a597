using Cairn.Core.Datasets;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Runs;

/// <summary>What ties runs to datasets and logged models.</summary>
internal static class RunLinkRows
{
    public static void Write(SqlSession session, long runKey, Run run, RunUpdate update)
    {
        foreach (var input in update.Links.Datasets)
        {
            WriteDataset(session, runKey, run, input);
        }

        foreach (var model in update.Links.ModelInputs)
        {
            WriteModel(session, runKey, model, isOutput: 0, step: 0);
        }

        foreach (var (model, step) in update.Links.ModelOutputs)
        {
            WriteModel(session, runKey, model, isOutput: 1, step);
        }

        foreach (var point in update.ModelPoints)
        {
            session.Execute(
                """
                INSERT INTO logged_model_metric (model_key, name, time, step, run_key, value, dataset_name, dataset_digest)
                SELECT key, @2, @3, @4, @5, @6, @7, @8 FROM logged_model WHERE id = @1
                ON CONFLICT DO NOTHING
                """,
                point.ModelId,
                point.Metric.Key,
                point.Metric.Point.Time,
                point.Metric.Point.Step,
                runKey,
                point.Metric.Point.Value.OrNull(),
                point.DatasetName,
                point.DatasetDigest);
        }
    }

    /// <summary>The links of runs by the store's number of the run; runs without any are left out.</summary>
    /// <param name="session">Where to read.</param>
    /// <param name="keys">The runs' numbers as a JSON array.</param>
    public static Dictionary<long, RunLinks> Read(SqlSession session, string keys)
    {
        var found = new Dictionary<long, Parts>();
        Parts Of(long key) => found.TryGetValue(key, out var parts) ? parts : found[key] = new Parts();

        var inputs = new Dictionary<(long Run, long Dataset), List<KeyValuePair<string, string>>>();
        session.Query(
            """
            SELECT run_key, dataset_id, dataset.name, digest, source_type, source, schema, profile
            FROM run_dataset JOIN dataset ON dataset.id = dataset_id
            WHERE run_key IN (SELECT value FROM json_each(@1)) ORDER BY run_dataset.id
            """,
            row =>
            {
                var tags = inputs[(row.GetInt64(0), row.GetInt64(1))] = [];
                var dataset = new Dataset(row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.Text(6), row.Text(7));
                Of(row.GetInt64(0)).Datasets.Add(new DatasetInput(dataset, tags));
                return 0;
            },
            keys);
        if (inputs.Count > 0)
        {
            session.Query(
                "SELECT run_key, dataset_id, name, value FROM run_dataset_tag WHERE run_key IN (SELECT value FROM json_each(@1))",
                row =>
                {
                    inputs[(row.GetInt64(0), row.GetInt64(1))].Add(new(row.GetString(2), row.GetString(3)));
                    return 0;
                },
                keys);
        }

        session.Query(
            "SELECT run_key, model_id, is_output, step FROM run_model WHERE run_key IN (SELECT value FROM json_each(@1)) ORDER BY id",
            row =>
            {
                var parts = Of(row.GetInt64(0));
                if (row.GetInt64(2) == 0)
                {
                    parts.ModelInputs.Add(row.GetString(1));
                }
                else
                {
                    parts.ModelOutputs.Add(new ModelOutput(row.GetString(1), row.GetInt64(3)));
                }

                return 0;
            },
            keys);
        return found.ToDictionary(entry => entry.Key, entry => new RunLinks(entry.Value.Datasets, entry.Value.ModelInputs, entry.Value.ModelOutputs));
    }

    private static void WriteDataset(SqlSession session, long runKey, Run run, DatasetInput input)
    {
        var data = input.Dataset;
        session.Execute(
            """
            INSERT INTO dataset (experiment_id, name, digest, source_type, source, schema, profile) VALUES (@1, @2, @3, @4, @5, @6, @7)
            ON CONFLICT DO NOTHING
            """,
            run.ExperimentId.Value,
            data.Name,
            data.Digest,
            data.SourceType,
            data.Source,
            data.Schema,
            data.Profile);
        var id = session.Number("SELECT id FROM dataset WHERE experiment_id = @1 AND name = @2 AND digest = @3", run.ExperimentId.Value, data.Name, data.Digest);
        if (session.Execute("INSERT INTO run_dataset (run_key, dataset_id) VALUES (@1, @2) ON CONFLICT DO NOTHING", runKey, id) == 0)
        {
            return;
        }

        foreach (var (name, value) in input.Tags)
        {
            session.Execute(
                """
                INSERT INTO run_dataset_tag (run_key, dataset_id, name, value) VALUES (@1, @2, @3, @4)
                ON CONFLICT (run_key, dataset_id, name) DO UPDATE SET value = excluded.value
                """,
                runKey,
                id,
                name,
                value);
        }
    }

    private static void WriteModel(SqlSession session, long runKey, string model, int isOutput, long step) =>
        session.Execute(
            "INSERT INTO run_model (run_key, model_id, is_output, step) VALUES (@1, @2, @3, @4) ON CONFLICT DO NOTHING",
            runKey,
            model,
            isOutput,
            step);

    private sealed class Parts
    {
        public List<DatasetInput> Datasets { get; } = [];

        public List<string> ModelInputs { get; } = [];

        public List<ModelOutput> ModelOutputs { get; } = [];
    }
}
