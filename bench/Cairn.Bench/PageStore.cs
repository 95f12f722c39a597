using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Cairn.Bench;

/// <summary>
/// The store that the pages are measured on, the same each time it is made: 20,000 runs with 20 million points in the
/// experiment "big", among them a run with one metric of 10 million points and a few spikes of one point each, and 1,000 runs
/// with 12 metrics, 100 of which are long; and in "lineage" a graph of 2,000 nodes.
/// </summary>
internal static class PageStore
{
    public const int Runs = 20_000;
    public const int LongPoints = 10_000_000;
    public const int SweepRuns = 100;
    public const int SweepPoints = 2_000;
    public const int WideRuns = 1_000;
    private const int WidePoints = 200;
    private const int OtherPoints = 72;
    private const int LineageNodes = 2_000;
    private const int RunsPerCommit = 200;
    private const int PointsPerCommit = 100_000;
    private const long Start = 1_790_000_000_000;

    /// <summary>Steps of the spikes, and their values: far above and below everything else.</summary>
    public static readonly (long Step, double Value)[] Spikes = [(1_234_567, 9.75), (4_999_999, -7.5), (9_876_543, 12.25)];

    private static readonly string[] WideKeys =
    [
        "train/loss", "train/accuracy", "train/grad_norm", "train/lr", "val/loss", "val/accuracy", "val/f1", "val/auc",
        "test/loss", "test/accuracy", "speed/samples_per_second", "speed/step_ms",
    ];

    private static readonly string[] OtherKeys = ["train/loss", "train/accuracy", "val/loss", "val/accuracy"];
    private static readonly string[] Optimizers = ["adam", "sgd", "lion"];
    private static readonly string[] Authors = ["ada", "grace", "linus", "margaret"];

    /// <summary>Makes the store in a folder that has none yet.</summary>
    public static async Task MakeAsync(string folder)
    {
        var clock = Stopwatch.StartNew();
        await using (var store = await CairnStore.OpenAsync(folder, NullLogger<CairnStore>.Instance, CancellationToken.None))
        {
            var experiment = await store.Runs.CreateExperimentAsync(new NewExperiment("big"), Start, CancellationToken.None);
            await ManyAsync(store, experiment.Id);
            await LongAsync(store, experiment.Id);
            var lineage = await store.Runs.CreateExperimentAsync(new NewExperiment("lineage"), Start, CancellationToken.None);
            await LineageAsync(store, lineage.Id);
            await store.CompactAsync(CancellationToken.None);
        }

        var size = new FileInfo(Path.Combine(folder, "cairn.db")).Length;
        var points = LongPoints + (WideKeys.Length * ((SweepRuns * SweepPoints) + ((WideRuns - SweepRuns) * WidePoints))) + ((Runs - WideRuns - 1) * OtherKeys.Length * OtherPoints);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{folder}: {Runs:#,0} runs, {points:#,0} points, {size / 1e6:0} MB, in {clock.Elapsed.TotalSeconds:0} s"));
    }

    private static async Task ManyAsync(CairnStore store, ExperimentId experiment)
    {
        for (var first = 1; first < Runs; first += RunsPerCommit)
        {
            await store.Runs.CommitAsync([.. Enumerable.Range(first, Math.Min(RunsPerCommit, Runs - first)).Select(i => MakeRun(experiment, i))], CancellationToken.None);
        }
    }

    private static RunCommit MakeRun(ExperimentId experiment, int i)
    {
        // The sweep's runs are the newest, so that they stand first in the table, and the other wide ones follow them.
        var (isSweep, isWide) = (i >= Runs - SweepRuns, i >= Runs - WideRuns);
        var random = new Random(i);
        var id = Id("run", i);
        var startedAt = Start + (i * 60_000L);
        var (depth, rate) = (random.Next(2, 16), Math.Pow(10, -1 - (3 * random.NextDouble())));
        var (keys, count) = isSweep ? (WideKeys, SweepPoints) : isWide ? (WideKeys, WidePoints) : (OtherKeys, OtherPoints);
        var goal = 0.95 - (Math.Abs(Math.Log10(rate) + 2.5) * 0.1) - (Math.Abs(depth - 9) * 0.01);
        var points = new List<SeriesPoint>(keys.Length * count);
        foreach (var key in keys)
        {
            for (var step = 0; step < count; step++)
            {
                var learnt = 1 - Math.Exp(-6.0 * step / count);
                var noise = (random.NextDouble() - 0.5) * 0.04;
                var value = key.EndsWith("loss", StringComparison.Ordinal) ? 2.4 - (1.9 * learnt * goal) + noise
                    : key.StartsWith("speed", StringComparison.Ordinal) ? 100 + (depth * 3) + (noise * 200)
                    : key.EndsWith("lr", StringComparison.Ordinal) ? rate * (1 - ((double)step / count))
                    : (goal * learnt) + noise;
                points.Add(new SeriesPoint(key, new MetricPoint(step, startedAt + (step * 20L), value)));
            }
        }

        var run = new Run(
            id, experiment, string.Create(CultureInfo.InvariantCulture, $"{(isSweep ? "sweep" : "trial")}-{i:00000}"), random.Next(20) == 0 ? RunStatus.Failed : RunStatus.Finished, Lifecycle.Active, startedAt, startedAt + 50_000, Authors[random.Next(Authors.Length)], "train", null);
        return new RunCommit(run, true, true, new RunUpdate(id)
        {
            Points = points,
            Params =
            [
                Number("depth", depth), Number("lr", rate), Number("batch", 16 << random.Next(4)), Number("seed", i),
                Param.Text("optimizer", Optimizers[random.Next(Optimizers.Length)]), Param.Text("sweep", isSweep ? "yes" : "no"), Param.Text("wide", isWide ? "yes" : "no"),
            ],
            Tags = [new TagChange("team", i % 2 == 0 ? "vision" : "weather")],
        });
    }

    private static async Task LongAsync(CairnStore store, ExperimentId experiment)
    {
        var id = Id("long", 0);
        var startedAt = Start + (Runs * 60_000L);
        var run = new Run(id, experiment, "ten-million", RunStatus.Finished, Lifecycle.Active, startedAt, startedAt + 10_000_000, "ada", "train", null);
        await store.Runs.CommitAsync([new RunCommit(run, true, true, new RunUpdate(id) { Params = [Number("points", LongPoints)] })], CancellationToken.None);
        var random = new Random(1);
        var spikes = Spikes.ToDictionary(spike => spike.Step, spike => spike.Value);
        var level = 0.0;
        for (var first = 0L; first < LongPoints; first += PointsPerCommit)
        {
            var points = new List<SeriesPoint>(PointsPerCommit);
            for (var step = first; step < first + PointsPerCommit; step++)
            {
                level = (level * 0.99999) + ((random.NextDouble() - 0.5) * 0.01);
                points.Add(new SeriesPoint("signal", new MetricPoint(step, startedAt + step, spikes.TryGetValue(step, out var spike) ? spike : level + ((random.NextDouble() - 0.5) * 0.1))));
            }

            await store.Runs.CommitAsync([new RunCommit(run, false, false, new RunUpdate(id) { Points = points })], CancellationToken.None);
        }
    }

    /// <summary>Runs that each use the version of the one before, and of the one some way back: 1,000 runs and their versions.</summary>
    private static async Task LineageAsync(CairnStore store, ExperimentId experiment)
    {
        const int layers = 50;
        const int width = LineageNodes / 2 / layers;
        for (var i = 0; i < layers * width; i++)
        {
            var id = Id("lineage", i);
            var at = Start + (i * 1000L);
            var run = new Run(id, experiment, string.Create(CultureInfo.InvariantCulture, $"step-{i:0000}"), RunStatus.Finished, Lifecycle.Active, at, at + 500, "ada", "step", null);
            await store.Runs.CommitAsync([new RunCommit(run, true, true, new RunUpdate(id))], CancellationToken.None);
            if (i >= width)
            {
                var above = i - width;
                await store.Artifacts.AddInputAsync(new LineageEdge(id, Artifact(experiment, above), 0, LineageDirection.Input, at, null), CancellationToken.None);
                if (i % 3 == 0)
                {
                    await store.Artifacts.AddInputAsync(new LineageEdge(id, Artifact(experiment, (above / width * width) + ((above + 1) % width)), 0, LineageDirection.Input, at, null), CancellationToken.None);
                }
            }

            var content = Encoding.UTF8.GetBytes($"data {i}");
            var digest = Digest.Parse(Convert.ToHexStringLower(SHA256.HashData(content)));
            await store.Artifacts.CommitAsync(
                new NewVersion(Artifact(experiment, i), i % 10 == 9 ? "model" : "dataset", [new ManifestEntry("data.txt", digest, content.Length)], digest, [], null, null, "ada", id, at + 400), CancellationToken.None);
        }
    }

    private static ArtifactKey Artifact(ExperimentId experiment, int i) => new(experiment, string.Create(CultureInfo.InvariantCulture, $"data-{i:0000}"));

    private static Param Number(string key, double value) => new(key, ParamKind.Number, value.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>The same id each time.</summary>
    private static RunId Id(string kind, int number) =>
        RunId.Parse(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{kind} {number}"))))[..32]);
}
