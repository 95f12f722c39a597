using System.Diagnostics;
using System.Globalization;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Bench;

/// <summary>
/// A store of many runs with 20 metrics and 20 params each, made by the same code that a server writes with. Set
/// <c>CAIRN_BENCH_STORE</c> to a folder to keep it between measurements.
/// </summary>
internal static class SearchStore
{
    public const int Runs = 100_000;
    public const string Filter = "metrics.acc > 0.9 and params.lr = '0.01'";

    private const int Metrics = 20;
    private const int Params = 20;
    private const int RunsPerCommit = 500;

    private static readonly string[] Rates = ["0.1", "0.03", "0.01", "0.003"];
    private static readonly string[] MetricNames = [.. Enumerable.Range(0, Metrics).Select(i => i == 0 ? "acc" : i == 1 ? "loss" : Name("metric", i))];
    private static readonly string[] ParamNames = [.. Enumerable.Range(0, Params).Select(i => i == 0 ? "lr" : Name("param", i))];

    /// <summary>The folder, and how many of its runs <see cref="Filter"/> finds.</summary>
    public static async Task<(string Folder, int Hits)> MakeAsync(string work)
    {
        var folder = Environment.GetEnvironmentVariable("CAIRN_BENCH_STORE") is { Length: > 0 } kept ? kept : Path.Combine(work, "search");
        var marker = Path.Combine(folder, "hits.txt");
        if (File.Exists(marker))
        {
            return (folder, int.Parse(await File.ReadAllTextAsync(marker), CultureInfo.InvariantCulture));
        }

        var clock = Stopwatch.StartNew();
        var random = new Random(17);
        var hits = 0;
        await using (var store = await CairnStore.OpenAsync(folder, NullLogger<CairnStore>.Instance, CancellationToken.None))
        {
            for (var first = 0; first < Runs; first += RunsPerCommit)
            {
                var commits = new List<RunCommit>(RunsPerCommit);
                for (var i = first; i < first + RunsPerCommit; i++)
                {
                    var commit = MakeRun(i, random);
                    hits += commit.Update.Points[0].Point.Value > 0.9 && commit.Update.Params[0].Value == "0.01" ? 1 : 0;
                    commits.Add(commit);
                }

                await store.Runs.CommitAsync(commits, CancellationToken.None);
            }

            await store.CompactAsync(CancellationToken.None);
        }

        await File.WriteAllTextAsync(marker, hits.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine($"  made a store of {Runs:#,0} runs in {clock.Elapsed.TotalSeconds:0} s, {new FileInfo(Path.Combine(folder, "cairn.db")).Length / 1e6:0} MB");
        return (folder, hits);
    }

    private static RunCommit MakeRun(int i, Random random)
    {
        var run = new Run(
            RunId.New(), ExperimentId.Default, Name("run", i), RunStatus.Finished, Lifecycle.Active, 1_790_000_000_000 + (i * 1000L), 1_790_000_000_000 + (i * 1000L) + 500, "bench", null, null);
        return new RunCommit(run, true, true, new RunUpdate(run.Id)
        {
            Points = [.. MetricNames.Select(name => new SeriesPoint(name, new MetricPoint(10, run.StartedAt, random.NextDouble())))],
            Params = [.. ParamNames.Select((name, at) => Param.Text(name, at == 0 ? Rates[random.Next(Rates.Length)] : Name("value", random.Next(50))))],
            Tags = [new TagChange("mlflow.source.type", "LOCAL"), new TagChange("mlflow.source.name", "train.py")],
        });
    }

    private static string Name(string word, int number) => string.Create(CultureInfo.InvariantCulture, $"{word}_{number}");
}
