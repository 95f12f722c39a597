using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Cairn.Bench;

/// <summary>
/// Moving in from an MLflow database of 20,000 runs and 8 million points, which is written here in MLflow's schema. Set
/// <c>CAIRN_BENCH_MLFLOW</c> to a file to keep it between measurements.
/// </summary>
internal static class ImportScenario
{
    private const int Runs = 20_000;
    private const int Metrics = 4;
    private const int Steps = 100;

    private const string Schema =
        """
        CREATE TABLE experiments (experiment_id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(256) NOT NULL UNIQUE, artifact_location VARCHAR(256),
            lifecycle_stage VARCHAR(32), creation_time BIGINT, last_update_time BIGINT);
        CREATE TABLE experiment_tags (key VARCHAR(250) NOT NULL, value VARCHAR(5000), experiment_id INTEGER NOT NULL, PRIMARY KEY (key, experiment_id));
        CREATE TABLE runs (run_uuid VARCHAR(32) NOT NULL PRIMARY KEY, name VARCHAR(250), source_type VARCHAR(20), source_name VARCHAR(500),
            entry_point_name VARCHAR(50), user_id VARCHAR(256), status VARCHAR(9), start_time BIGINT, end_time BIGINT, source_version VARCHAR(50),
            lifecycle_stage VARCHAR(20), artifact_uri VARCHAR(200), experiment_id INTEGER, deleted_time BIGINT);
        CREATE TABLE metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL, timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL,
            step BIGINT DEFAULT 0 NOT NULL, is_nan BOOLEAN DEFAULT 0 NOT NULL, PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan));
        CREATE INDEX index_metrics_run_uuid ON metrics (run_uuid);
        CREATE TABLE params (key VARCHAR(250) NOT NULL, value VARCHAR(8000) NOT NULL, run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
        CREATE INDEX index_params_run_uuid ON params (run_uuid);
        CREATE TABLE tags (key VARCHAR(250) NOT NULL, value VARCHAR(8000), run_uuid VARCHAR(32) NOT NULL, PRIMARY KEY (key, run_uuid));
        CREATE INDEX index_tags_run_uuid ON tags (run_uuid);
        """;

    public static async Task RunAsync(string binary, string work, Report report)
    {
        var file = Environment.GetEnvironmentVariable("CAIRN_BENCH_MLFLOW") is { Length: > 0 } kept ? kept : Path.Combine(work, "mlflow.db");
        if (!File.Exists(file))
        {
            Make(file);
        }

        var data = Path.Combine(work, "imported");
        var start = new ProcessStartInfo(binary) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "import", "mlflow", file, "--data", data, "--json" })
        {
            start.ArgumentList.Add(argument);
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0 || !answer.Contains(string.Create(CultureInfo.InvariantCulture, $"\"points\":{Runs * Metrics * Steps}"), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"The import ended with {process.ExitCode}: {answer}");
        }

        var bytes = new DirectoryInfo(data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(one => one.Length);
        report.AtMost(
            $"import of {Runs:#,0} runs, {Runs * Metrics * Steps:#,0} points",
            seconds,
            "s",
            60,
            $"{new FileInfo(file).Length / 1e6:#,0} MB of MLflow become {bytes / 1e6:#,0} MB");
    }

    private static void Make(string file)
    {
        var clock = Stopwatch.StartNew();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;");
        Run(connection, Schema);
        Run(connection, "BEGIN; INSERT INTO experiments VALUES (0, 'Default', 'mlflow-artifacts:/0', 'active', 1, 1), (1, 'training', 'mlflow-artifacts:/1', 'active', 2, 2);");
        var random = new Random(3);
        using var run = Command(connection, "INSERT INTO runs VALUES ($0, $1, '', '', '', 'bench', 'FINISHED', $2, $3, '', 'active', $4, 1, NULL)");
        using var metric = Command(connection, "INSERT INTO metrics VALUES ($0, $1, $2, $3, $4, 0)");
        using var param = Command(connection, "INSERT INTO params VALUES ($0, $1, $2)");
        using var tag = Command(connection, "INSERT INTO tags VALUES ($0, $1, $2)");
        for (var i = 0; i < Runs; i++)
        {
            var id = Convert.ToHexStringLower(Guid.NewGuid().ToByteArray());
            var time = 1_700_000_000_000 + (i * 100_000L);
            Run(run, id, $"run-{i}", time, time + 90_000, $"mlflow-artifacts:/1/{id}/artifacts");
            for (var p = 0; p < 10; p++)
            {
                Run(param, $"param_{p}", $"value_{random.Next(20)}", id);
            }

            Run(tag, "mlflow.runName", $"run-{i}", id);
            Run(tag, "mlflow.user", "bench", id);
            for (var m = 0; m < Metrics; m++)
            {
                for (var step = 0; step < Steps; step++)
                {
                    Run(metric, $"metric_{m}", (1 / (1 + (step * 0.01))) + (random.NextDouble() * 0.05), time + (step * 900), id, step);
                }
            }
        }

        Run(connection, "COMMIT");
        Console.WriteLine($"  made an MLflow database in {clock.Elapsed.TotalSeconds:0} s");
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; sql.Contains($"${i}", StringComparison.Ordinal); i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", null));
        }

        return command;
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
