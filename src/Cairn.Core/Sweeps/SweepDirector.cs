using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Core.Sweeps;

/// <summary>What an agent is to do.</summary>
public abstract record SweepCommand
{
    /// <summary>Run a trial.</summary>
    public sealed record Run(SweepTrial Trial) : SweepCommand;

    /// <summary>End a run.</summary>
    public sealed record Stop(string ClientRunId) : SweepCommand;

    /// <summary>End yourself.</summary>
    public sealed record Exit : SweepCommand;
}

/// <summary>What became of a trial.</summary>
/// <param name="Trial">The choice.</param>
/// <param name="Run">Its run; null where that was removed.</param>
/// <param name="Value">The sweep's metric, or null.</param>
/// <param name="IsBest">No trial has a better one.</param>
public sealed record TrialOutcome(SweepTrial Trial, Run? Run, double? Value, bool IsBest);

/// <summary>Tells agents what to run next, and which runs to end early.</summary>
/// <param name="sweeps">Where sweeps are remembered.</param>
/// <param name="runs">Where their runs are.</param>
/// <param name="series">What the runs measured.</param>
/// <param name="journal">The way into runs.</param>
/// <param name="clock">The time.</param>
public sealed class SweepDirector(ISweepStore sweeps, IRunStore runs, ISeriesStore series, RunJournal journal, TimeProvider clock) : IDisposable
{
    /// <summary>The tag of a sweep's runs.</summary>
    public const string Tag = "cairn.sweep";

    // Two agents at once must not get the same trial.
    private readonly SemaphoreSlim gate = new(1);

    // What each agent had under way at its last beat. It is not remembered over a restart: silence ends runs then.
    private readonly Dictionary<long, HashSet<string>> underWay = [];

    /// <summary>An agent's beat: answers what it is to do.</summary>
    /// <param name="agent">Who.</param>
    /// <param name="sweep">Its sweep.</param>
    /// <param name="plan">What the sweep's config asks for.</param>
    /// <param name="busy">Short ids of the runs the agent has under way.</param>
    /// <param name="makeRun">The id in the house and the short id of a new run.</param>
    public async Task<IReadOnlyList<SweepCommand>> BeatAsync(
        SweepAgent agent,
        Sweep sweep,
        SweepPlan plan,
        IReadOnlyCollection<string> busy,
        Func<(RunId Id, string ClientId)> makeRun,
        CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            // As it is now: the state may have changed while this beat waited.
            sweep = await sweeps.FindAsync(sweep.Id, cancellationToken) ?? sweep;
            await sweeps.BeatAsync(agent.Id, clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
            var trials = await LoadAsync(sweep.Id, cancellationToken);
            if (await SettleAsync(agent, trials, busy, cancellationToken))
            {
                trials = await LoadAsync(sweep.Id, cancellationToken);
            }

            var commands = new List<SweepCommand>();
            commands.AddRange(await StopsAsync(sweep, plan, trials, busy, cancellationToken));
            if (sweep.State is SweepState.Stopped or SweepState.Canceled or SweepState.Finished)
            {
                if (busy.Count == 0)
                {
                    commands.Add(new SweepCommand.Exit());
                }
            }
            else if (sweep.State != SweepState.Paused && busy.Count == 0)
            {
                commands.Add(await NextAsync(agent, sweep, plan, trials, makeRun, cancellationToken));
            }

            return commands;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Pauses, resumes, stops or cancels, where the sweep is in a state from which that can be.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.FailedPrecondition"/> where it cannot.</exception>
    public Task<Sweep> SetStateAsync(Sweep sweep, SweepState state, CancellationToken cancellationToken)
    {
        var isOver = sweep.State is SweepState.Canceled or SweepState.Finished;
        var mayBe = sweep.State == state || (!isOver && state is SweepState.Running or SweepState.Paused or SweepState.Stopped or SweepState.Canceled);
        return mayBe
            ? ChangeAsync(sweep with { State = state }, cancellationToken)
            : throw new CairnException(ErrorCode.FailedPrecondition, $"The sweep '{sweep.Name}' is {sweep.State.ToString().ToLowerInvariant()} and cannot become {state.ToString().ToLowerInvariant()}.", "state");
    }

    /// <summary>Changes the state; a cancelled sweep asks its runs to stop.</summary>
    public async Task<Sweep> ChangeAsync(Sweep changed, CancellationToken cancellationToken)
    {
        changed = changed with { UpdatedAt = clock.GetUtcNow().ToUnixTimeMilliseconds() };
        await sweeps.UpdateAsync(changed, cancellationToken);
        if (changed.State == SweepState.Canceled)
        {
            foreach (var (_, run) in await LoadAsync(changed.Id, cancellationToken))
            {
                if (run is { Run: { IsOver: false, StopRequested: false, Lifecycle: Lifecycle.Active } })
                {
                    await journal.ApplyAsync(new RunUpdate(run.Run.Id) { StopRequested = true }, cancellationToken);
                }
            }
        }

        return changed;
    }

    /// <summary>The metric of the sweep's best run; null where none has one.</summary>
    public async Task<double?> BestAsync(Sweep sweep, SweepPlan plan, CancellationToken cancellationToken) =>
        (await ReadAsync(sweep, plan, cancellationToken)).FirstOrDefault(outcome => outcome.IsBest)?.Value;

    /// <summary>What became of each trial, in their order.</summary>
    public async Task<IReadOnlyList<TrialOutcome>> ReadAsync(Sweep sweep, SweepPlan plan, CancellationToken cancellationToken)
    {
        var trials = await LoadAsync(sweep.Id, cancellationToken);
        var losses = trials.ConvertAll(trial => LossOf(trial.Run, plan) is { } loss && !double.IsNaN(loss) ? loss : (double?)null);
        var best = losses.IndexOf(losses.Min());
        return [.. trials.Select((trial, i) => new TrialOutcome(
            trial.Trial,
            trial.Run?.Run,
            plan.IsMaximized ? -losses[i] : losses[i],
            IsBest: losses[i] is not null && i == best))];
    }

    public void Dispose() => gate.Dispose();

    private async Task<List<(SweepTrial Trial, RunSnapshot? Run)>> LoadAsync(long sweep, CancellationToken cancellationToken)
    {
        var loaded = new List<(SweepTrial, RunSnapshot?)>();
        foreach (var trial in await sweeps.ListTrialsAsync(sweep, cancellationToken))
        {
            loaded.Add((trial, await runs.FindRunAsync(trial.RunId, cancellationToken)));
        }

        return loaded;
    }

    // An agent that no longer has a run under way has ended it, whether or not the run could say so.
    private async Task<bool> SettleAsync(SweepAgent agent, List<(SweepTrial Trial, RunSnapshot? Run)> trials, IReadOnlyCollection<string> busy, CancellationToken cancellationToken)
    {
        var before = underWay.GetValueOrDefault(agent.Id) ?? [];
        underWay[agent.Id] = [.. busy];
        var settled = false;
        foreach (var (trial, run) in trials.Where(trial => before.Contains(trial.Trial.ClientRunId) && !busy.Contains(trial.Trial.ClientRunId)))
        {
            RunStatus? end = run?.Run switch
            {
                // The program ended without beginning the run.
                { Status: RunStatus.Scheduled, Lifecycle: Lifecycle.Active } => RunStatus.Failed,

                // Agents kill what they are told to stop.
                { Status: RunStatus.Running, StopRequested: true, Lifecycle: Lifecycle.Active } => RunStatus.Killed,
                _ => null,
            };
            if (end is { } status)
            {
                await journal.ApplyAsync(new RunUpdate(trial.RunId) { Status = status }, cancellationToken);
                settled = true;
            }
        }

        return settled;
    }

    private async Task<SweepCommand> NextAsync(
        SweepAgent agent,
        Sweep sweep,
        SweepPlan plan,
        List<(SweepTrial Trial, RunSnapshot? Run)> trials,
        Func<(RunId Id, string ClientId)> makeRun,
        CancellationToken cancellationToken)
    {
        // A trial whose run never began: the answer that told of it was lost on its way.
        var lost = trials.LastOrDefault(trial => trial.Trial.AgentId == agent.Id && trial.Run is { Run: { Status: RunStatus.Scheduled, Lifecycle: Lifecycle.Active } });
        if (lost.Trial is not null)
        {
            return new SweepCommand.Run(lost.Trial);
        }

        var results = trials.ConvertAll(trial => new TrialResult(trial.Trial.Point, trial.Run is { Run.IsOver: true } ? LossOf(trial.Run, plan) ?? double.NaN : LossOf(trial.Run, plan)));
        if (plan.Next(sweep.Id, results) is not { } point)
        {
            if (trials.All(trial => trial.Run is null or { Run.IsOver: true }))
            {
                await ChangeAsync(sweep with { State = SweepState.Finished }, cancellationToken);
            }

            return new SweepCommand.Exit();
        }

        var (id, name) = makeRun();
        var made = new SweepTrial(trials.Count, id, name, agent.Id, plan.Arguments(point), point);

        // The run first: a run without its trial is an empty line, a trial without its run a hole in a grid.
        await journal.CreateAsync(
            new NewRun(
                sweep.ExperimentId,
                id,
                ClientId: name,
                Content: new RunUpdate(id) { Status = RunStatus.Scheduled, Tags = [new TagChange(Tag, sweep.Name)], Documents = [new RunDocument("config", made.Arguments)] }),
            cancellationToken);
        await sweeps.AddTrialAsync(sweep.Id, made, cancellationToken);
        if (sweep.State == SweepState.Pending)
        {
            await ChangeAsync(sweep with { State = SweepState.Running }, cancellationToken);
        }

        return new SweepCommand.Run(made);
    }

    private async Task<List<SweepCommand>> StopsAsync(
        Sweep sweep,
        SweepPlan plan,
        List<(SweepTrial Trial, RunSnapshot? Run)> trials,
        IReadOnlyCollection<string> busy,
        CancellationToken cancellationToken)
    {
        if (sweep.State == SweepState.Canceled)
        {
            return [.. busy.Select(run => new SweepCommand.Stop(run))];
        }

        if (plan.EarlyStop is null || plan.Metric is null)
        {
            return [];
        }

        var losses = new List<IReadOnlyList<double>>();
        foreach (var (trial, run) in trials)
        {
            var slice = run is null ? null : await series.ReadAsync(trial.RunId, plan.Metric, StepRange.All, cancellationToken);
            losses.Add(slice is null ? [] : [.. slice.Points.Select(point => plan.IsMaximized ? -point.Value : point.Value)]);
        }

        var losers = plan.EarlyStop.Losers(losses, index => busy.Contains(trials[index].Trial.ClientRunId));
        foreach (var loser in losers)
        {
            await journal.ApplyAsync(new RunUpdate(trials[loser].Trial.RunId) { StopRequested = true }, cancellationToken);
        }

        return [.. losers.Select(loser => new SweepCommand.Stop(trials[loser].Trial.ClientRunId))];
    }

    private static double? LossOf(RunSnapshot? run, SweepPlan plan)
    {
        if (run is null || plan.Metric is null)
        {
            return null;
        }

        // What the summary says (define_metric may make it the best, not the last), else the newest point.
        double? value = null;
        foreach (var summary in run.Summary)
        {
            value = summary.Key == plan.Metric && summary.Kind == ParamKind.Number ? summary.Number : value;
        }

        if (value is null)
        {
            foreach (var latest in run.Latest)
            {
                value = latest.Key == plan.Metric ? latest.Point.Value : value;
            }
        }

        return plan.IsMaximized ? -value : value;
    }
}
