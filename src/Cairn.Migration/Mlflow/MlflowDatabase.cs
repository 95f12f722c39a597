using System.Globalization;
using System.Runtime.CompilerServices;
using Cairn.Client.Wire;
using Microsoft.Data.Sqlite;

namespace Cairn.Migration.Mlflow;

/// <summary>MLflow's SQLite database, read only: it may be in use, and is never changed.</summary>
public sealed partial class MlflowDatabase : IRunSource
{
    private readonly SqliteConnection connection;
    private readonly ArtifactPlaces places;
    private readonly HashSet<string> ids;
    private readonly HashSet<string> tables;

    /// <param name="file">Such as <c>mlflow.db</c>.</param>
    /// <param name="artifacts">Folder behind <c>mlflow-artifacts:</c> addresses; null for <c>mlartifacts</c> beside the file.</param>
    /// <exception cref="MigrationException">It is no such database.</exception>
    public MlflowDatabase(string file, string? artifacts)
    {
        places = new ArtifactPlaces(Path.GetDirectoryName(Path.GetFullPath(file))!, artifacts);
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            tables = [.. Query("SELECT name FROM sqlite_master WHERE type = 'table'", row => row.GetString(0))];
            ids = [.. Query("SELECT run_uuid FROM runs", row => row.GetString(0))];
        }
        catch (SqliteException fault)
        {
            connection.Dispose();
            throw new MigrationException($"{file} cannot be read as a database of MLflow: {fault.Message}", fault);
        }
    }

    public Task<IReadOnlyList<ImportExperiment>> ReadExperimentsAsync(CancellationToken cancellation)
    {
        var tags = Query("SELECT experiment_id, key, value FROM experiment_tags", row => (Id: Text(row, 0), Key: row.GetString(1), Value: Text(row, 2)))
            .ToLookup(tag => tag.Id, StringComparer.Ordinal);
        return Task.FromResult<IReadOnlyList<ImportExperiment>>(Query(
            "SELECT experiment_id, name, lifecycle_stage, artifact_location, creation_time, last_update_time FROM experiments ORDER BY experiment_id",
            row => new ImportExperiment(
                Text(row, 0),
                row.GetString(1),
                row.IsDBNull(4) ? 0 : row.GetInt64(4),
                Text(row, 2) == "deleted" ? "deleted" : "active",
                places.KeptLocation(Text(row, 3)),
                tags[Text(row, 0)].ToDictionary(tag => tag.Key, tag => tag.Value, StringComparer.Ordinal),
                row.IsDBNull(5) ? null : row.GetInt64(5))));
    }

    public Task<int> CountRunsAsync(CancellationToken cancellation) => Task.FromResult(ids.Count);

    public async IAsyncEnumerable<SourceRun> ReadRunsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var part in Query(
            "SELECT run_uuid, experiment_id, name, status, start_time, end_time, lifecycle_stage, user_id, artifact_uri FROM runs ORDER BY start_time, run_uuid",
            row => (
                Run: new MlflowRun
                {
                    Id = row.GetString(0),
                    ExperimentId = Text(row, 1),
                    Name = Text(row, 2),
                    Status = Text(row, 3),
                    StartedAt = row.IsDBNull(4) ? 0 : row.GetInt64(4),
                    EndedAt = row.IsDBNull(5) ? null : row.GetInt64(5),
                    IsDeleted = Text(row, 6) == "deleted",
                    User = Text(row, 7),
                },
                Artifacts: Text(row, 8))).Chunk(250))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (run, artifacts) in part)
            {
                AddPairs("SELECT key, value FROM params WHERE run_uuid = @id", run.Id, run.Params);
                AddPairs("SELECT key, value FROM tags WHERE run_uuid = @id", run.Id, run.Tags);
                AddLinks(run);
                yield return new Row(this, run.ToImport(ids.Contains), artifacts);
            }
        }

        await Task.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    private IReadOnlyList<ImportSeries> ReadSeries(string id)
    {
        var series = new SeriesBuilder();
        using var command = Command("SELECT key, step, timestamp, value, is_nan FROM metrics WHERE run_uuid = @id", id);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            series.Add(
                row.GetString(0),
                row.GetInt64(1),
                row.GetInt64(2),
                !row.IsDBNull(4) && row.GetInt64(4) != 0 ? double.NaN : Clamped(row.GetDouble(3)));
        }

        return series.Build();
    }

    // MLflow keeps the infinities as the greatest numbers there are.
    private static double Clamped(double value) =>
        value >= double.MaxValue ? double.PositiveInfinity : value <= double.MinValue ? double.NegativeInfinity : value;

    private void AddPairs(string sql, string id, Dictionary<string, string> pairs)
    {
        using var command = Command(sql, id);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            pairs[row.GetString(0)] = Text(row, 1);
        }
    }

    private List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, string? id = null)
    {
        using var command = Command(sql, id);
        using var row = command.ExecuteReader();
        var found = new List<T>();
        while (row.Read())
        {
            found.Add(map(row));
        }

        return found;
    }

    private SqliteCommand Command(string sql, string? id)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        if (id is not null)
        {
            command.Parameters.AddWithValue("@id", id);
        }

        return command;
    }

    private static string Text(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? "" : Convert.ToString(row.GetValue(column), CultureInfo.InvariantCulture)!;

    private sealed class Row(MlflowDatabase database, ImportRun run, string artifacts) : SourceRun
    {
        public override ImportRun Run => run;

        public override Task<IReadOnlyList<ImportSeries>> ReadSeriesAsync(CancellationToken cancellation) => Task.FromResult(database.ReadSeries(run.Id));

        public override Task<IReadOnlyList<(string Path, string LocalFile)>> ReadFilesAsync(CancellationToken cancellation) =>
            Task.FromResult(database.places.ListFiles(artifacts));
    }
}
