using Cairn.Core.Accounts;
using Cairn.Core.Runs;

namespace Cairn.Core.Triggers;

public sealed partial class TriggerDesk
{
    /// <summary>Leaves a job because a person asks for it. The same key again answers the same job.</summary>
    /// <param name="name">A registered pipeline.</param>
    /// <param name="changes">Changes of its parameters for this run.</param>
    /// <param name="key">Names the wish, or null for a new one.</param>
    /// <param name="who">Who asks, or null.</param>
    /// <param name="goOn">A run of the pipeline that failed or was stopped, to go on with; null for a new run.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.FailedPrecondition"/> where there is nothing to go on with.</exception>
    public async Task<Job> LaunchAsync(
        string name, IReadOnlyList<string> changes, string? key, string? who, RunSnapshot? goOn, CancellationToken cancellationToken)
    {
        var pipeline = await GetPipelineAsync(name, cancellationToken);
        CheckChanges("changes", changes);
        NoteText.Check("key", key);
        NoteText.Check("who", who);
        if (goOn is { } before)
        {
            CheckGoOn(pipeline.Name, before, changes);
        }

        var signed = Caller.Current.Sign(who);
        var person = string.IsNullOrWhiteSpace(signed) ? "by hand" : $"by {signed}";
        var cause = goOn is null ? $"launched {person}" : $"{goOn.Run.Name} retried {person}";
        return await store.AddJobAsync(
            new Job(NewId(), pipeline.Name, null, "by hand", $"hand:{key ?? NewId()}", cause, Now, JobState.Waiting, goOn?.Run.Id ?? RunId.New(), changes),
            cancellationToken);
    }

    private static void CheckGoOn(string pipeline, RunSnapshot run, IReadOnlyList<string> changes)
    {
        if (run.Tags.GetValueOrDefault(RegisteredPipeline.NameTag) != pipeline)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, $"The run '{run.Run.Name}' is not one of the pipeline '{pipeline}'.", "runId");
        }

        if (!run.Run.IsOver || run.Run.Status == RunStatus.Finished)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, $"The run '{run.Run.Name}' is {Word(run.Run.Status)}: only one that failed or was stopped can go on.", "runId");
        }

        if (changes.Count > 0)
        {
            throw CairnException.Invalid("changes", "A run goes on with the parameters it was started with. Leave 'changes' out, or start a new run.");
        }
    }

    private static string Word(RunStatus status) => status.ToString().ToLowerInvariant();
}
