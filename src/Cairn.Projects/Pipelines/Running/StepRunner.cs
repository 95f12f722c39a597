using System.Collections.Frozen;
using System.Globalization;
using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Backends;
using Cairn.Projects.Chains;
using Cairn.Projects.Pipelines.Caching;
using Cairn.Projects.Running;
using Cairn.Projects.Sources;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>Runs the command of a step, as often as its retries allow.</summary>
internal sealed class StepRunner(CairnClient client, Pipeline pipeline, PipelineOptions options, RunInfo parent, PipelineRecord record) : IDisposable
{
    private const int TailLines = 12;
    private readonly ProcessorGate _gate = new(options.Jobs);
    private readonly FolderNotes _notes = new(client);

    public void Dispose() => _gate.Dispose();

    public async Task<StepOutcome> RunAsync(
        string name, StepCall call, string reason, ProjectSource? source, RunDetail? left, CancellationToken stop, CancellationToken force)
    {
        await record.ShowAsync(name, StepState.Waiting, reason, null);
        var (began, unopened) = (call.Folder.Left(call.Code), (IReadOnlySet<string>?)null);
        for (var attempt = 1; ; attempt++)
        {
            var (outcome, unread, conflict) = await AloneOrNotAsync(name, call, attempt == 1 ? reason : $"attempt {attempt}", attempt, source, attempt == 1 ? left : null, stop, force);
            if (conflict is not null)
            {
                (reason, left) = (conflict, null);
                options.Remark?.Invoke($"{name}: {reason}; running it again, alone.");
                attempt--;
                continue;
            }

            // An attempt may read what the one before made of a file.
            unopened = unopened is null ? unread : unopened.Intersect(unread).ToHashSet(StringComparer.Ordinal);
            if (outcome.State != StepState.Failed || attempt > call.Step.Retries || stop.IsCancellationRequested)
            {
                await _notes.EndAsync(outcome.Run!.Run.Id, call.Key.Hash, call.Folder, call.Code, began, unopened, CancellationToken.None);
                return outcome;
            }

            options.Remark?.Invoke($"{name} failed ({outcome.Reason?.Split('\n')[0]}); trying again.");
            await Task.Delay(call.Step.RetryDelay, stop);
        }
    }

    /// <summary>
    /// An attempt in a folder in which others may be at work. Jobs of a scheduler are submitted without waiting for each
    /// other: of a conflict there it is only told.
    /// </summary>
    private async Task<(StepOutcome Outcome, IReadOnlySet<string> Unopened, string? Conflict)> AloneOrNotAsync(
        string name, StepCall call, string reason, int attempt, ProjectSource? source, RunDetail? left, CancellationToken stop, CancellationToken force)
    {
        var isLocal = options.Backend is LocalBackend;
        var work = $"{call.Folder.Path}\n{call.Step.EntryPoint}";
        using var stay = await options.Turns.Crowd.EnterAsync(
            call.Folder.Path,
            work,
            name,
            isLocal && call.Folder.Products.HasAny,
            $"{StepProducts.FileOf(client.Options.CacheFolder, work)}.lock",
            () => options.Remark?.Invoke($"{name} waits for a run of another program in its folder."),
            stop);
        using var place = await _gate.EnterAsync(call.Step.Resources.Processors, stop);
        var (outcome, unopened) = await AttemptAsync(name, call, reason, attempt, source, left, stop, force);
        if (outcome.State == StepState.Stopped || stop.IsCancellationRequested || stay.Conflict() is not { } conflict)
        {
            return (outcome, unopened, null);
        }

        if (!isLocal)
        {
            (options.Warning ?? options.Remark)?.Invoke($"{name}: {conflict}. Where both write it, each may have got the other's: give it a name of its own.");
            return (outcome, unopened, null);
        }

        await client.UpdateRunAsync(
            outcome.Run!.Run.Id,
            new RunUpdate(Tags: new Dictionary<string, string?>(StringComparer.Ordinal) { [StepTags.Failed] = conflict }, Status: outcome.State == StepState.Failed ? null : "failed"),
            CancellationToken.None);
        return (outcome, unopened, conflict);
    }

    /// <summary>How it went, and which files of the folder nobody opened meanwhile.</summary>
    private async Task<(StepOutcome Outcome, IReadOnlySet<string> Unopened)> AttemptAsync(
        string name, StepCall call, string reason, int attempt, ProjectSource? source, RunDetail? left, CancellationToken stop, CancellationToken force)
    {
        var (tail, mask) = (new OutputTail(TailLines), new SecretMask(call.SecretValues));
        var runner = new ProjectRunner(client);
        var order = Options(name, call, attempt, source, tail);
        var run = (left is null ? null : await runner.TakeUpAsync(left, call.Bound, order, stop)) ?? await runner.CreateAsync(call.Bound, order, stop);
        // Of one that is taken up it is there: what its job has written since is no code.
        Task code = run.Run.Id == left?.Run.Id
            ? Task.CompletedTask
            : _notes.BeginAsync(run.Run.Id, call.Folder, call.Code, CancellationToken.None);
        await record.ShowAsync(name, StepState.Running, reason, null, run.Run.Id);
        using var watch = options.Backend is LocalBackend && call.Environment?.Container is null ? FolderWatch.Start(call.Folder.Path) : null;
        var result = await run.ExecuteAsync(stop, force);
        var unopened = watch?.Unopened() ?? FrozenSet<string>.Empty;
        result = result with { Run = (await RunTree.ReadAsync(client, result.Run, CancellationToken.None)).Whole };
        await code;
        var fault = result switch
        {
            { End: RunEnd.Cancelled } => "stopped",
            { End: RunEnd.TimedOut } => $"its time of {call.Step.Timeout:g} was up",
            { IsSuccess: false } => $"{result.Exit}{mask.Hide(tail.ToString())}",
            _ when result.Run.Run.Status is "failed" or "killed" or "crashed" => $"its run says: {result.Run.Run.Status}{mask.Hide(tail.ToString())}",
            _ => Missing(call.Step, result.Run),
        };
        if (fault is null)
        {
            return (new StepOutcome(StepState.Succeeded, reason, result.Run), unopened);
        }

        // The command may have called its run finished before it failed.
        await client.UpdateRunAsync(
            run.Run.Id,
            new RunUpdate(Tags: new Dictionary<string, string?>(StringComparer.Ordinal) { [StepTags.Failed] = fault.Split('\n')[0] }, Status: result.Run.Run.Status == "finished" ? "failed" : null),
            CancellationToken.None);
        return (new StepOutcome(result.End == RunEnd.Cancelled ? StepState.Stopped : StepState.Failed, fault, result.Run), unopened);
    }

    private static string? Missing(PipelineStep step, RunDetail run)
    {
        var missing = step.Outputs.Where(output => run.Outputs.All(use => use.Version.Name != output.Value)).Select(output => $"'{output.Value}'").ToArray();
        return missing.Length == 0 ? null : $"it succeeded but did not log {string.Join(", ", missing)}, which its 'outputs' declare";
    }

    private ProjectRunOptions Options(string name, StepCall call, int attempt, ProjectSource? source, OutputTail tail)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [StepTags.Name] = $"{pipeline.Name}/{name}",
            [StepTags.Key] = call.Key.Hash,
            [StepTags.Parts] = call.Key.Parts,
        };
        if (call.InputsText.Length > 0)
        {
            tags[StepTags.Inputs] = call.InputsText;
        }

        if (attempt > 1)
        {
            tags["cairn.step.attempt"] = attempt.ToString(CultureInfo.InvariantCulture);
        }

        return new ProjectRunOptions
        {
            ExperimentId = parent.ExperimentId,
            RunName = name,
            JobType = name,
            Backend = options.Backend,
            Resources = call.Step.Resources,
            ParentId = parent.Id,
            Source = source,
            Environment = call.Environment,
            Tags = tags,
            HiddenParameters = call.Secrets,
            Secrets = call.SecretValues,
            Timeout = call.Step.Timeout,
            Grace = options.Grace,
            CliPath = options.CliPath,
            AfterOurDeath = options.AfterOurDeath,
            Variables = new Dictionary<string, string>(options.Variables.Concat(call.Variables.Where(pair => !options.Variables.ContainsKey(pair.Key))), StringComparer.Ordinal),
            Output = (isError, bytes) =>
            {
                tail.Add(bytes);
                options.Output?.Invoke(name, isError, bytes.ToArray());
            },
            Remark = message => options.Remark?.Invoke($"{name}: {message}"),
        };
    }
}
