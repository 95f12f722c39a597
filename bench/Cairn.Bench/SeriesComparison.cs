using System.Diagnostics;
using System.Globalization;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Bench;

/// <summary>
/// The ways to keep metric points that were weighed against each other (docs/decisions/0002-series-storage.md): a row for
/// each point with the keys the peers use, a row for each point in the leanest form, and Cairn's tail and chunks. All on
/// SQLite with the same durability, 1,000 points a transaction.
/// </summary>
internal static class SeriesComparison
{
    private const int Batch = 1000;
    private const int Batches = 500;
    private const int Keys = 10;

    public static async Task RunAsync()
    {
        var work = Directory.CreateTempSubdirectory("cairn-series-").FullName;
        Console.WriteLine($"{"way",-34} {"write points/s",16} {"bytes/point",12} {"read 50,000",12}");
        Print("row a point, the peers' key", Rows(
            Path.Combine(work, "peer.db"),
            """
            CREATE TABLE metric (key TEXT, value REAL, timestamp INTEGER, run TEXT, step INTEGER, is_nan INTEGER,
                PRIMARY KEY (key, timestamp, step, run, value, is_nan));
            CREATE INDEX metric_run ON metric (run);
            """,
            "INSERT OR IGNORE INTO metric (key, value, timestamp, run, step, is_nan) VALUES (@key, @value, @time, '0123456789abcdef0123456789abcdef', @step, 0)",
            "SELECT step, timestamp, value FROM metric WHERE run = '0123456789abcdef0123456789abcdef' AND key = 'metric_3'",
            key => $"metric_{key}"));
        Print("row a point, the leanest key", Rows(
            Path.Combine(work, "lean.db"),
            "CREATE TABLE metric (run INTEGER, key INTEGER, step INTEGER, time INTEGER, value REAL, PRIMARY KEY (run, key, step, time, value)) WITHOUT ROWID",
            "INSERT OR IGNORE INTO metric VALUES (1, @key, @step, @time, @value)",
            "SELECT step, time, value FROM metric WHERE run = 1 AND key = 3",
            key => key));
        Print("tail and chunks", await ChunksAsync(Path.Combine(work, "cairn")));
        Directory.Delete(work, recursive: true);
    }

    private static void Print(string way, (double Rate, double Bytes, double Read) figures) =>
        Console.WriteLine($"{way,-34} {figures.Rate,16:#,0} {figures.Bytes,12:0.0} {figures.Read,9:0.0} ms");

    private static IEnumerable<(int Key, MetricPoint Point)> Points(int batch, Random random)
    {
        for (var i = 0; i < Batch; i++)
        {
            var step = ((long)batch * Batch / Keys) + (i / Keys);
            yield return (i % Keys, new MetricPoint(step, 1_790_000_000_000 + (step * 37) + random.Next(5), (1 / (1 + (step * 0.001))) + (random.NextDouble() * 0.05)));
        }
    }

    private static (double Rate, double Bytes, double Read) Rows(string file, string schema, string insert, string select, Func<int, object> key)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
        Run(connection, schema);
        using var command = connection.CreateCommand();
        command.CommandText = insert;
        foreach (var name in new[] { "@key", "@value", "@time", "@step" })
        {
            command.Parameters.Add(new SqliteParameter(name, null));
        }

        var random = new Random(7);
        var clock = Stopwatch.StartNew();
        for (var batch = 0; batch < Batches; batch++)
        {
            using var transaction = connection.BeginTransaction();
            command.Transaction = transaction;
            foreach (var (metric, point) in Points(batch, random))
            {
                command.Parameters[0].Value = key(metric);
                command.Parameters[1].Value = point.Value;
                command.Parameters[2].Value = point.Time;
                command.Parameters[3].Value = point.Step;
                command.ExecuteNonQuery();
            }

            transaction.Commit();
        }

        var rate = Batch * Batches / clock.Elapsed.TotalSeconds;
        clock.Restart();
        using var reading = connection.CreateCommand();
        reading.CommandText = select;
        var sum = 0.0;
        using (var reader = reading.ExecuteReader())
        {
            while (reader.Read())
            {
                sum += reader.GetInt64(0) + reader.GetInt64(1) + reader.GetDouble(2);
            }
        }

        var read = clock.Elapsed.TotalMilliseconds;
        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        GC.KeepAlive(sum);
        return (rate, (double)new FileInfo(file).Length / (Batch * Batches), read);
    }

    private static async Task<(double Rate, double Bytes, double Read)> ChunksAsync(string folder)
    {
        double rate;
        double read;
        await using (var store = await CairnStore.OpenAsync(folder, NullLogger<CairnStore>.Instance, CancellationToken.None))
        {
            var run = new Run(RunId.New(), ExperimentId.Default, "r", RunStatus.Running, Core.Lifecycle.Active, 0, null, null, null, null);
            await store.Runs.CommitAsync([new RunCommit(run, true, true, new RunUpdate(run.Id))], CancellationToken.None);
            var names = Enumerable.Range(0, Keys).Select(key => string.Create(CultureInfo.InvariantCulture, $"metric_{key}")).ToArray();
            var random = new Random(7);
            var clock = Stopwatch.StartNew();
            for (var batch = 0; batch < Batches; batch++)
            {
                var update = new RunUpdate(run.Id) { Points = [.. Points(batch, random).Select(point => new SeriesPoint(names[point.Key], point.Point))] };
                await store.Runs.CommitAsync([new RunCommit(run, false, false, update)], CancellationToken.None);
            }

            rate = Batch * Batches / clock.Elapsed.TotalSeconds;
            await store.CompactAsync(CancellationToken.None);
            clock.Restart();
            var slice = await store.Series.ReadAsync(run.Id, "metric_3", StepRange.All, CancellationToken.None);
            read = clock.Elapsed.TotalMilliseconds;
            if (slice.Count != Batch * Batches / Keys)
            {
                throw new InvalidOperationException($"{slice.Count} points came back.");
            }
        }

        return (rate, (double)new FileInfo(Path.Combine(folder, "cairn.db")).Length / (Batch * Batches), read);
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
