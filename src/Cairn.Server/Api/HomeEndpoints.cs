using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>What is going on, in one answer.</summary>
internal static class HomeEndpoints
{
    private const int Days = 28;
    private const int MostRunning = 200;
    private const int MostNews = 12;
    private const int MostMoves = 60;
    private const long Day = 86_400_000;

    /// <summary>Lines looked through for the last that says something.</summary>
    private const int LastLines = 20;

    public static async Task Get(HttpContext http)
    {
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        var cancellation = http.RequestAborted;
        var experiments = await store.ListExperimentsAsync(LifecycleFilter.Active, cancellation);
        foreach (var one in experiments)
        {
            names.Know(one.Experiment);
        }

        var running = await SearchAsync(store, RunStatus.Running, since: null, MostRunning, cancellation);
        var failed = new List<Wire.FailedRun>();
        foreach (var run in await ListFailedAsync(store, now - (7 * Day), cancellation))
        {
            var check = FailedCheck(run);
            failed.Add(new Wire.FailedRun(
                run.Run.ToWire(await names.GetAsync(run.Run.ExperimentId, cancellation)), check?.Detail ?? await ReasonAsync(store, run, cancellation), check?.Name));
        }

        var promotions = new List<Wire.Promotion>();
        var artifacts = http.RequestServices.GetRequiredService<IArtifactStore>();
        foreach (var (artifact, type, change) in await artifacts.ListMovesAsync(MostMoves, cancellation))
        {
            promotions.Add(new Wire.Promotion(
                artifact.ExperimentId.ToString(), await names.GetAsync(artifact.ExperimentId, cancellation), artifact.Name, type, change.ToWire()));
        }

        var waiting = new List<Wire.WaitingPromotion>();
        foreach (var decision in await artifacts.ListWaitingAsync(MostNews, cancellation))
        {
            var key = decision.Place.Key;
            waiting.Add(new Wire.WaitingPromotion(
                key.ExperimentId.ToString(),
                await names.GetAsync(key.ExperimentId, cancellation),
                key.Name,
                WireMap.Label(decision.To!.Value),
                decision.Place.Alias,
                string.Join(", ", decision.Verdict!.Conditions.Where(condition => !condition.Passed).Select(condition => condition.Text)),
                decision.Who,
                decision.Why,
                decision.At));
        }

        var today = now / Day;
        var started = (await store.CountStartedAsync((today - Days + 1) * Day, cancellation)).ToLookup(count => count.Experiment);
        await http.WriteJsonAsync(new Wire.HomeInfo(
            [.. experiments.Select(one => ToPulse(one, started[one.Experiment.Id], today))],
            await names.ToWireAsync([.. running.Select(run => run.Run)], cancellation),
            failed,
            promotions,
            waiting));
    }

    private static async Task<IEnumerable<RunSnapshot>> ListFailedAsync(IRunStore store, long since, CancellationToken cancellationToken)
    {
        var ended = await SearchAsync(store, RunStatus.Failed, since, MostNews, cancellationToken);
        var doubtful = await store.ListDoubtfulAsync(since, MostNews, cancellationToken);
        return ended.Concat(doubtful.Where(run => FailedCheck(run) is not null))
            .DistinctBy(run => run.Run.Id).OrderByDescending(run => run.Run.StartedAt).Take(MostNews);
    }

    private static CheckResult? FailedCheck(RunSnapshot run) => CheckReader.Read(run).FirstOrDefault(check => !check.Passed);

    private static Wire.ExperimentPulse ToPulse(ExperimentActivity activity, IEnumerable<StartedRuns> counts, long today)
    {
        var started = new int[Days];
        var failed = new int[Days];
        foreach (var count in counts)
        {
            // Clocks of other machines may be ahead.
            var place = (int)Math.Min(Days - 1, count.Day - today + Days - 1);
            started[place] += count.Runs;
            failed[place] += count.Failed;
        }

        return new Wire.ExperimentPulse(activity.Experiment.ToWire(activity.RunCount, activity.LastRunAt), started, failed);
    }

    private static Task<IReadOnlyList<RunSnapshot>> SearchAsync(IRunStore store, RunStatus status, long? since, int limit, CancellationToken cancellationToken)
    {
        Condition condition = new Condition.Text(Field.Of(RecordAttribute.Status), Comparison.Equal, SearchWords.Of(status));
        if (since is { } least)
        {
            condition = new Condition.And([new Condition.Number(Field.Of(RecordAttribute.StartedAt), Comparison.GreaterOrEqual, least), condition]);
        }

        return store.SearchRunsAsync(new RunQuery([], LifecycleFilter.Active, condition, [], limit, 0), cancellationToken);
    }

    private static async Task<string?> ReasonAsync(IRunStore store, RunSnapshot run, CancellationToken cancellationToken)
    {
        if (run.Tags.TryGetValue("cairn.error", out var error) || run.Tags.TryGetValue("cairn.step.failed", out error))
        {
            return error;
        }

        var total = (await store.ReadLogsAsync(run.Run.Id, long.MaxValue, limit: 0, cancellationToken)).Total;
        var page = await store.ReadLogsAsync(run.Run.Id, total - LastLines - 1, LastLines, cancellationToken);
        return page.Lines.LastOrDefault(line => !string.IsNullOrWhiteSpace(line.Text)).Text;
    }
}
