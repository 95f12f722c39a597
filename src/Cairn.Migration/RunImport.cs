using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Migration;

/// <summary>How far an import is.</summary>
/// <param name="Done">Runs dealt with.</param>
/// <param name="Total">Runs there are.</param>
/// <param name="Points">Points sent; null where they are not counted.</param>
public readonly record struct ImportProgress(int Done, int Total, long? Points);

/// <summary>What an import did.</summary>
/// <param name="Experiments">Experiments of the source.</param>
/// <param name="Runs">Runs that were sent.</param>
/// <param name="Known">Runs that the server had already, whole.</param>
/// <param name="Points">Points that were sent.</param>
/// <param name="Files">Files that were sent.</param>
/// <param name="Things">Artifacts, models, traces and others of which something was new.</param>
/// <param name="KnownThings">Those that were there.</param>
public sealed record ImportReport(int Experiments, int Runs, int Known, long Points, int Files, int Things = 0, int KnownThings = 0);

/// <summary>
/// Brings everything of a source into a server, many runs to a request. A run gets its final status with its last points
/// and files, so one that has it is there whole and is passed over when an import that was cut off is begun again.
/// </summary>
public sealed class RunImport(CairnClient client, IRunSource source, IProgress<ImportProgress>? progress)
{
    /// <summary>Points in a request: some megabytes.</summary>
    private const int PointsPerRequest = 60_000;

    private const int RunsPerRequest = 250;

    /// <summary>Characters of text in a request: far below what a server takes.</summary>
    private const int BytesPerRequest = 8 << 20;

    /// <summary>Requests under way: one is read and written while another is sent.</summary>
    private const int Requests = 3;

    private readonly List<Task> sending = [];
    private List<ImportRun> batch = [];
    private int batchPoints;
    private int done;
    private int total;
    private int sent;
    private int known;
    private long points;
    private int files;

    public async Task<ImportReport> RunAsync(CancellationToken cancellation)
    {
        var experiments = await source.ReadExperimentsAsync(cancellation);
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in experiments.Chunk(200))
        {
            foreach (var (there, here) in (await client.ImportAsync(new ImportRequest(part), cancellation)).Experiments)
            {
                numbers[there] = here;
            }
        }

        total = await source.CountRunsAsync(cancellation);
        var waiting = new List<SourceRun>();
        var deleted = new List<string>();
        await foreach (var run in source.ReadRunsAsync(cancellation))
        {
            waiting.Add(run);
            if (waiting.Count == RunsPerRequest)
            {
                await SendAsync(waiting, numbers, deleted, cancellation);
                waiting.Clear();
            }
        }

        await SendAsync(waiting, numbers, deleted, cancellation);
        await FlushAsync(cancellation);
        await Task.WhenAll(sending);

        var things = new ThingImport(client, source, numbers);
        await things.RunAsync(cancellation);

        // Last of all: into what is deleted nothing can be written.
        foreach (var run in deleted)
        {
            await client.DeleteRunAsync(run, cancellation);
        }

        foreach (var gone in experiments.Where(one => one.Lifecycle == "deleted").Select(one => one with { Id = numbers[one.Id] }).Chunk(200))
        {
            await client.ImportAsync(new ImportRequest(Deleted: gone), cancellation);
        }

        return new ImportReport(experiments.Count, sent, known, points, files + things.Files, things.Added, things.Known);
    }

    private async Task SendAsync(List<SourceRun> runs, Dictionary<string, string> numbers, List<string> deleted, CancellationToken cancellation)
    {
        if (runs.Count == 0)
        {
            return;
        }

        var there = (await client.FindKnownRunsAsync([.. runs.Select(run => run.Run.Id)], cancellation)).ToDictionary(run => run.Id, StringComparer.Ordinal);
        foreach (var one in runs)
        {
            var run = one.Run with
            {
                Files = null,
                ExperimentId = numbers.TryGetValue(one.Run.ExperimentId, out var number)
                    ? number
                    : throw new MigrationException($"Run {one.Run.Id} belongs to the experiment {one.Run.ExperimentId}, which the source does not have."),
            };
            if (there.TryGetValue(run.Id, out var same) && IsWhole(same, run))
            {
                known++;
            }
            else
            {
                await SendAsync(one, run, cancellation);
                sent++;
            }

            if (run.Lifecycle == "deleted" && same?.Lifecycle != "deleted")
            {
                deleted.Add(run.Id);
            }

            progress?.Report(new ImportProgress(++done, total, points));
        }
    }

    private static bool IsWhole(KnownRun there, ImportRun run) =>
        there.Lifecycle == "deleted" || (run.Status is not ("running" or "scheduled") && there.Status == run.Status && there.EndedAt == run.EndedAt);

    private async Task SendAsync(SourceRun one, ImportRun run, CancellationToken cancellation)
    {
        var uploads = await one.ReadFilesAsync(cancellation);
        if (uploads.Count > 0)
        {
            // Files go into a run that is there.
            await client.ImportAsync(new ImportRequest(Runs: [run with { Status = "running", EndedAt = null }]), cancellation);
            foreach (var (path, local) in uploads)
            {
                await client.PutRunFileAsync(run.Id, path, local, null, cancellation);
                files++;
            }
        }

        run = await SendTextsAsync(run, cancellation);
        var series = await one.ReadSeriesAsync(cancellation);
        var left = series.Sum(part => part.Steps.Count);
        points += left;
        if (left > PointsPerRequest)
        {
            foreach (var piece in Pieces(series))
            {
                await client.ImportAsync(new ImportRequest(Runs: [run with { Status = "running", EndedAt = null, Series = piece }]), cancellation);
            }

            series = [];
            left = 0;
        }

        batch.Add(run with { Series = series });
        batchPoints += left;
        if (batchPoints >= PointsPerRequest || batch.Count >= RunsPerRequest)
        {
            await FlushAsync(cancellation);
        }
    }

    /// <summary>Sends lines in pieces where they are too many for one request; what is left goes with the run.</summary>
    private async Task<ImportRun> SendTextsAsync(ImportRun run, CancellationToken cancellation)
    {
        var begun = run with { Status = "running", EndedAt = null, HeartbeatAt = null, Lines = null, Logs = null };
        if (run.Lines?.Sum(block => block.Text.Sum(line => line.Length)) > BytesPerRequest)
        {
            foreach (var block in run.Lines)
            {
                await client.ImportAsync(new ImportRequest(Runs: [begun with { Lines = [block] }]), cancellation);
            }

            run = run with { Lines = null };
        }

        if (run.Logs?.Sum(line => line.Text.Length + 40) > BytesPerRequest)
        {
            foreach (var part in run.Logs.Chunk(20_000))
            {
                await client.ImportAsync(new ImportRequest(Runs: [begun with { Logs = part }]), cancellation);
            }

            run = run with { Logs = null };
        }

        return run;
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        if (batch.Count == 0)
        {
            return;
        }

        if (sending.Count >= Requests)
        {
            var first = await Task.WhenAny(sending);
            sending.Remove(first);
            await first;
        }

        var request = new ImportRequest(Runs: batch);
        sending.Add(Task.Run(() => client.ImportAsync(request, cancellation), cancellation));
        batch = [];
        batchPoints = 0;
    }

    private static IEnumerable<IReadOnlyList<ImportSeries>> Pieces(IReadOnlyList<ImportSeries> series)
    {
        foreach (var one in series)
        {
            for (var at = 0; at < one.Steps.Count; at += PointsPerRequest)
            {
                yield return
                [
                    new ImportSeries(
                        one.Key,
                        [.. one.Steps.Skip(at).Take(PointsPerRequest)],
                        [.. one.Times.Skip(at).Take(PointsPerRequest)],
                        [.. one.Values.Skip(at).Take(PointsPerRequest)]),
                ];
            }
        }
    }
}
