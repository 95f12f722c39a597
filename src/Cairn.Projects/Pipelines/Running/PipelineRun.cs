using System.Diagnostics;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Pipelines.Values;
using Cairn.Projects.Processes;
using Cairn.Projects.Running;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// One run of a pipeline. Every step is a task that waits for those it needs; what limits them is the number of
/// processors.
/// </summary>
public sealed partial class PipelineRun : IDisposable
{
    private readonly CairnClient _client;
    private readonly Pipeline _pipeline;
    private readonly PipelineOptions _options;
    private readonly MapValue _parameters;
    private readonly StepGraph _graph;
    private readonly Components _components;
    private readonly StepCaller _caller;
    private readonly StepCache _cache;
    private readonly StepRunner _runner;
    private readonly PipelineRecord _record;
    private readonly IReadOnlyList<RunDetail> _earlier;
    private readonly LeftRuns _left;
    private readonly HashSet<string> _wanted;
    private readonly HashSet<string> _forced;
    private readonly Dictionary<string, TaskCompletionSource<StepOutcome>> _outcomes;
    private readonly CancellationTokenSource _failed = new();
    private readonly Lifeline? _guard;

    internal PipelineRun(CairnClient client, Pipeline pipeline, PipelineOptions options, RunInfo run, long logLines, MapValue parameters, EarlierRuns earlier, Lifeline? guard)
    {
        _guard = guard;
        _client = client;
        _pipeline = pipeline;
        _options = options;
        _parameters = parameters;
        _earlier = earlier.Finished;
        _left = new LeftRuns(client, options.Backend, earlier.Left);
        Run = run;
        _graph = new StepGraph(pipeline);
        _components = new Components(pipeline, options.Source, options.Environments, options.Backend.WantsImage, text => options.Remark?.Invoke(text));
        _caller = new StepCaller(pipeline, _graph, options.Source?.Root ?? pipeline.Folder, client, options.Experiment!, _components, new RunnerIdentity(), client.Options.CacheFolder);
        _cache = new StepCache(client, options.Experiment!);
        _record = new PipelineRecord(client, pipeline, run.Id, logLines, options);
        _runner = new StepRunner(client, pipeline, options, run, _record);
        _wanted = (options.Only.Count == 0 ? pipeline.Steps.Select(step => step.Name) : options.Only.SelectMany(name => _graph.Before(name))).ToHashSet(StringComparer.Ordinal);
        _outcomes = pipeline.Steps.ToDictionary(step => step.Name, _ => new TaskCompletionSource<StepOutcome>(TaskCreationOptions.RunContinuationsAsynchronously), StringComparer.Ordinal);
        _forced = options.From.SelectMany(name => _graph.After(name)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The pipeline's run as it was created.</summary>
    public RunInfo Run { get; }

    /// <summary>The page of the run.</summary>
    public Uri Url => _client.RunPage(Run.Id);

    /// <summary>Runs all steps and gives the pipeline's run its end.</summary>
    /// <param name="stop">Ends running steps, gives them time, and starts no more.</param>
    /// <param name="force">Ends them at once.</param>
    public async Task<PipelineResult> ExecuteAsync(CancellationToken stop, CancellationToken force)
    {
        var watch = Stopwatch.StartNew();
        using var over = new CancellationTokenSource();
        using var stopped = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var asked = StopOnRequestAsync(stopped, over.Token);
        await Task.WhenAll(_pipeline.Steps.Select(step => Task.Run(async () =>
            _outcomes[step.Name].SetResult(await StepAsync(step, stopped.Token, force)), CancellationToken.None)));
        await over.CancelAsync();
        await asked;
        await _left.CloseAsync();
        var states = _pipeline.Steps.Select(step => OutcomeOf(step.Name).State).ToArray();
        var status = stopped.IsCancellationRequested && states.Any(state => state is StepState.Stopped or StepState.Skipped) ? "killed"
            : states.Any(state => state is StepState.Failed or StepState.Stopped) ? "failed" : "finished";
        await _record.EndAsync(status);
        _guard?.Dispose();
        return new PipelineResult(Run.Id, Url, status, _record.Reports(), watch.Elapsed);
    }

    public void Dispose()
    {
        _guard?.Dispose();
        _runner.Dispose();
        _components.Dispose();
        _failed.Dispose();
    }

    private async Task StopOnRequestAsync(CancellationTokenSource stopped, CancellationToken over)
    {
        if (await StopRequest.WaitAsync(_client, Run.Id, over))
        {
            _options.Remark?.Invoke("Somebody stopped the pipeline.");
            await stopped.CancelAsync();
        }
    }

    /// <summary>A step from waiting to its end. Never throws: faults are outcomes.</summary>
    private async Task<StepOutcome> StepAsync(PipelineStep step, CancellationToken stop, CancellationToken force)
    {
        var needs = _graph.NeedsOf(step.Name);
        await Task.WhenAll(needs.Select(need => _outcomes[need].Task));
        var outcome = await GuardedAsync(step.Name, async () =>
        {
            if (!_wanted.Contains(step.Name))
            {
                return StepOutcome.Without(StepState.Skipped, "not asked for");
            }

            if (needs.FirstOrDefault(need => !OutcomeOf(need).HasResult) is { } missing)
            {
                return StepOutcome.Without(StepState.Skipped, Because(missing));
            }

            if (stop.IsCancellationRequested || (_failed.IsCancellationRequested && !_options.KeepGoing))
            {
                return StepOutcome.Without(StepState.Skipped, stop.IsCancellationRequested ? "the pipeline was stopped" : "another step failed");
            }

            PlainValue Find(IReadOnlyList<string> path) => Lookup(path, null, OutcomeOf);
            var file = PipelineFile.Shown(_pipeline.File);
            if (step.When?.Evaluate(file, Find) is { IsTrue: false })
            {
                return StepOutcome.Without(StepState.Skipped, "its condition is false");
            }

            return step.ForEach is { } each ? await EachAsync(step, each.Evaluate(file, Find), stop, force) : await OneAsync(step, step.Name, null, stop, force);
        });
        if (outcome.State == StepState.Failed)
        {
            await _failed.CancelAsync();
        }

        return outcome;
    }

    /// <summary>Of a step that is over.</summary>
    private StepOutcome OutcomeOf(string step) => _outcomes[step].Task.Result;

    private string Because(string missing) => OutcomeOf(missing).State switch
    {
        StepState.Failed => $"{missing} failed",
        StepState.Stopped => $"{missing} was stopped",
        _ => $"{missing} was skipped",
    };

    private async Task<StepOutcome> EachAsync(PipelineStep step, PlainValue things, CancellationToken stop, CancellationToken force)
    {
        if (things is not ListValue list)
        {
            throw new PipelineException($"steps.{step.Name}.foreach: a list is wanted, '{things.Text}' is {things.Kind}.");
        }

        _record.Expand(step.Name, list.Items.Count);
        var outcomes = await Task.WhenAll(list.Items.Select((item, index) =>
        {
            var name = $"{step.Name}[{index}]";
            return GuardedAsync(name, () => OneAsync(step, name, item, stop, force));
        }));
        var worst = outcomes.FirstOrDefault(outcome => !outcome.HasResult);
        return new StepOutcome(
            worst?.State ?? (outcomes.All(outcome => outcome.State == StepState.Cached) ? StepState.Cached : StepState.Succeeded), worst?.Reason, null, outcomes);
    }

    private async Task<StepOutcome> OneAsync(PipelineStep step, string name, PlainValue? item, CancellationToken stop, CancellationToken force)
    {
        await _record.ShowAsync(name, StepState.Preparing, null, null);
        PlainValue Find(IReadOnlyList<string> path) => Lookup(path, item, OutcomeOf);
        var call = await _caller.MakeAsync(step, Find, stop);
        try
        {
            return await FindOrRunAsync(step, name, call, stop, force);
        }
        finally
        {
            if (_options.Backend is Backends.LocalBackend)
            {
                call.Bound.RemoveFetched();
            }
        }
    }

    private async Task<StepOutcome> FindOrRunAsync(PipelineStep step, string name, StepCall call, CancellationToken stop, CancellationToken force)
    {
        var left = await _left.TakeAsync($"{_pipeline.Name}/{name}", call.Key, call.Code);
        using var turn = await _options.Turns.TakeAsync(call.Key.Hash, stop);
        var answer = left is null ? await AnswerAsync(step, name, call, stop) : new CacheAnswer(null, "goes on since the runner was interrupted");
        if (answer.Run is { } run)
        {
            await _cache.RestoreLatestAsync(run, stop);
            return new StepOutcome(StepState.Cached, answer.Reason, run);
        }

        return await _runner.RunAsync(name, left is { } taken ? call with { Code = taken.Code } : call, answer.Reason, _components.SourceOf(call.Bound.Project), left?.Run, stop, force);
    }

    private async Task<CacheAnswer> AnswerAsync(PipelineStep step, string name, StepCall call, CancellationToken cancellation)
    {
        var earlier = _earlier.LastOrDefault(run => run.Tags.GetValueOrDefault(StepTags.Key) == call.Key.Hash
            && run.Tags.GetValueOrDefault(StepTags.Name) == $"{_pipeline.Name}/{name}" && !run.Tags.ContainsKey(StepTags.Failed));
        if (earlier is not null)
        {
            return new CacheAnswer(earlier, "done before the pipeline was interrupted");
        }

        var reason = _options.NoCache ? "--no-cache" : _forced.Contains(step.Name) ? "--from" : step.IsCached ? null : "cache: false";
        return reason is not null
            ? new CacheAnswer(null, reason)
            : await _cache.FindAsync($"{_pipeline.Name}/{name}", call.Key, call.Code, call.Folder, call.Recorded, call.InputsText, cancellation);
    }

    private async Task<StepOutcome> GuardedAsync(string name, Func<Task<StepOutcome>> work)
    {
        StepOutcome outcome;
        try
        {
            outcome = await work();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            outcome = StepOutcome.Without(StepState.Failed, fault.Message);
        }
        catch (OperationCanceledException)
        {
            outcome = StepOutcome.Without(StepState.Stopped, "the pipeline was stopped");
        }

        try
        {
            await _record.ShowAsync(name, outcome.State, outcome.Reason, outcome.Run);
        }
        catch (Exception fault)
        {
            // What happened has happened; those that wait for this step must not wait for ever, whatever the matter is.
            _options.Remark?.Invoke($"{name}: its end could not be recorded. {fault.Message}");
        }

        return outcome;
    }

    private PlainValue Lookup(IReadOnlyList<string> path, PlainValue? item, Func<string, StepOutcome> outcomeOf)
    {
        switch (path[0])
        {
            case "params":
                return ParameterPath.Find(_parameters, path);
            case "item" when item is not null:
                return ParameterPath.Find(item, path);
            case "env" when path.Count == 2:
                return Environment.GetEnvironmentVariable(path[1]) is { } text
                    ? new TextValue(text)
                    : throw new ExpressionException($"The variable {path[1]} is not set. Set it before the pipeline is run: export {path[1]}=…");
            case "pipeline" when path.Count == 2 && path[1] is "name" or "run":
                return new TextValue(path[1] == "name" ? _pipeline.Name : Run.Id);
            case "steps":
                var step = _pipeline.Steps.First(step => step.Name == path[1]);
                return outcomeOf(path[1]).Find(step, path.Skip(2).ToArray());
            default:
                throw new ExpressionException($"'{string.Join('.', path)}' leads nowhere.");
        }
    }
}
