using Cairn.Core.Experiments;

namespace Cairn.Core.Runs;

/// <summary>
/// The states of runs that were written lately, so that validating an update needs no read. Used by the journal's
/// writer alone; only <see cref="Forget"/> may come from elsewhere.
/// </summary>
internal sealed class LiveRuns(IRunStore store)
{
    private const int Capacity = 2048;

    private readonly Dictionary<RunId, LiveRun> runs = [];
    private readonly System.Collections.Concurrent.ConcurrentQueue<ExperimentId> forgotten = new();
    private long clock;

    public async ValueTask<LiveRun?> GetAsync(RunId id)
    {
        while (forgotten.TryDequeue(out var experiment))
        {
            foreach (var stale in runs.Values.Where(run => run.Run.ExperimentId == experiment).Select(run => run.Run.Id).ToList())
            {
                runs.Remove(stale);
            }
        }

        if (!runs.TryGetValue(id, out var run))
        {
            if (await store.LoadStateAsync(id, CancellationToken.None) is not { } state)
            {
                return null;
            }

            run = new LiveRun(state.Run, new Dictionary<string, Param>(state.Params, StringComparer.Ordinal));
            runs.Add(id, run);
        }

        run.LastUse = ++clock;
        return run;
    }

    public RunCommit Create(Run run, RunUpdate update)
    {
        var state = new LiveRun(run, new Dictionary<string, Param>(StringComparer.Ordinal)) { LastUse = ++clock };
        var commit = state.Apply(update, run.StartedAt);
        runs.Add(run.Id, state);
        return commit with { IsNew = true };
    }

    public void Forget(ExperimentId experiment) => forgotten.Enqueue(experiment);

    public void Clear() => runs.Clear();

    /// <summary>Drops the half of the states that was used least lately, once there are too many.</summary>
    public void Trim()
    {
        if (runs.Count <= Capacity)
        {
            return;
        }

        foreach (var old in runs.Values.OrderBy(run => run.LastUse).Take(runs.Count / 2).ToList())
        {
            runs.Remove(old.Run.Id);
        }
    }
}
