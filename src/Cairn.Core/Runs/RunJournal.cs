using System.Threading.Channels;
using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Experiments;
using Microsoft.Extensions.Logging;

namespace Cairn.Core.Runs;

/// <summary>
/// The one way into a run. Callers' writes queue up; one writer takes all that wait, validates each against the run as
/// the writes before it leave it, commits the valid ones in one durable transaction and then answers everybody. So a
/// busy server pays one flush to disk for many callers, an acknowledged write is on disk, and a refused one does not
/// sink its neighbours.
/// </summary>
public sealed partial class RunJournal : IAsyncDisposable
{
    /// <summary>Waiting writes beyond this make callers wait: memory stays bounded.</summary>
    private const int QueueLength = 1024;

    /// <summary>A transaction takes at most this many points, so that no caller waits behind a huge one.</summary>
    private const int PointsPerCommit = 64 * 1024;

    private readonly IRunStore store;
    private readonly RunFeed feed;
    private readonly TimeProvider clock;
    private readonly ILogger<RunJournal> logger;
    private readonly RunGuard? guard;
    private readonly LiveRuns live;
    private readonly Channel<Write> queue = Channel.CreateBounded<Write>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly Task writer;

    /// <param name="store">Where runs are remembered.</param>
    /// <param name="feed">Whom to tell.</param>
    /// <param name="clock">The time.</param>
    /// <param name="logger">Where to note what went wrong.</param>
    /// <param name="guard">Says who may write; null lets everybody.</param>
    public RunJournal(IRunStore store, RunFeed feed, TimeProvider clock, ILogger<RunJournal> logger, RunGuard? guard = null)
    {
        this.guard = guard;
        this.store = store;
        this.feed = feed;
        this.clock = clock;
        this.logger = logger;
        live = new LiveRuns(store);
        writer = Task.Run(WriteAsync);
    }

    /// <summary>
    /// Creates a run. Where the id is the client's and exists already, answers that run: so a client may repeat the call.
    /// </summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> or <see cref="ErrorCode.FailedPrecondition"/> for the experiment.</exception>
    public async Task<Run> CreateAsync(NewRun run, CancellationToken cancellationToken)
    {
        if (guard is not null)
        {
            await guard.DemandAsync(run, cancellationToken);
        }

        var experiment = await store.FindExperimentAsync(run.ExperimentId, cancellationToken)
            ?? throw CairnException.NotFound($"No Experiment with id={run.ExperimentId} exists");
        if (experiment.Lifecycle != Lifecycle.Active)
        {
            throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"The experiment {experiment.Id} must be in the 'active' state. Current state is deleted.");
        }

        RunRules.CheckName(run.Name);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var created = new Run(
            run.Id ?? RunId.New(),
            run.ExperimentId,
            string.IsNullOrEmpty(run.Name) ? RunNames.Make() : run.Name,
            RunStatus.Running,
            Lifecycle.Active,
            run.StartedAt ?? now,
            EndedAt: null,
            run.IsMoved ? run.Author : Caller.Current.Sign(run.Author),
            run.JobType,
            run.ParentId,
            run.Group,
            run.ClientId);
        var update = run.Content is { } content
            ? Signed(content) with { RunId = created.Id }
            : new RunUpdate(created.Id) { Params = run.Params ?? [], Tags = run.Tags ?? [] };
        return await EnqueueAsync(new Write(created, update), cancellationToken);
    }

    /// <summary>Applies an update whole or not at all; on return it is on disk. Answers the run as it is then.</summary>
    /// <exception cref="CairnException">
    /// <see cref="ErrorCode.NotFound"/>; <see cref="ErrorCode.FailedPrecondition"/> where the run is deleted or a tag is not as expected;
    /// <see cref="ErrorCode.InvalidArgument"/> naming the field; <see cref="ParamConflictException"/>.
    /// </exception>
    public async Task<Run> ApplyAsync(RunUpdate update, CancellationToken cancellationToken)
    {
        if (guard is not null)
        {
            await guard.DemandAsync(update, cancellationToken);
        }

        return await EnqueueAsync(new Write(null, Signed(update)), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await writer;
    }

    /// <summary>Forgets what is cached about runs that something else than the journal has changed (their experiment's lifecycle).</summary>
    public void Forget(ExperimentId experiment) => live.Forget(experiment);

    /// <summary>Whose a run is, is who made it; a user cannot say that it was another.</summary>
    private static RunUpdate Signed(RunUpdate update) => update.Author is null || Caller.Current.IsOperator ? update : update with { Author = null };

    private async Task<Run> EnqueueAsync(Write write, CancellationToken cancellationToken)
    {
        RunRules.Check(write.Update);
        await queue.Writer.WriteAsync(write, cancellationToken);

        // From here on the write happens whether or not the caller waits: half of a decision is none.
        return await write.Answer.Task;
    }

    private async Task WriteAsync()
    {
        var batch = new List<Write>();
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            var points = 0;
            while (points < PointsPerCommit && queue.Reader.TryPeek(out var write)
                // What a conditional write looks at must be stored: it waits for those before it, and those after it for it.
                && (batch.Count == 0 || !(write.IsConditional || batch[0].IsConditional)))
            {
                queue.Reader.TryRead(out _);
                batch.Add(write);
                points += write.Update.Points.Count;
            }

            await CommitAsync(batch);
        }
    }

    private async Task CommitAsync(List<Write> batch)
    {
        var commits = new List<RunCommit>(batch.Count);
        var accepted = new List<(Write Write, Run Run)>(batch.Count);
        foreach (var write in batch)
        {
            try
            {
                var commit = await PrepareAsync(write);
                accepted.Add((write, commit.Run));
                if (commit.IsNew || commit.RunChanged || HasContent(commit.Update))
                {
                    commits.Add(commit);
                }
            }
            catch (CairnException refusal)
            {
                write.Answer.SetException(refusal);
            }
#pragma warning disable CA1031 // Whatever went wrong belongs to this caller; the writer must go on for the others.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                PreparingFailed(logger, write.Update.RunId, fault);
                write.Answer.SetException(fault);
            }
        }

        try
        {
            if (commits.Count > 0)
            {
                await store.CommitAsync(commits, CancellationToken.None);
            }
        }
#pragma warning disable CA1031 // As above: every caller hears of it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            // What was applied to the cached states did not happen: read them anew.
            live.Clear();
            if (fault is CairnException { Code: ErrorCode.StorageFull })
            {
                DiskIsFull(logger, commits.Count, fault.Message);
            }
            else
            {
                CommitFailed(logger, commits.Count, fault);
            }

            foreach (var (write, _) in accepted)
            {
                write.Answer.SetException(fault);
            }

            return;
        }

        // Told before it is answered: who subscribes after the answer hears of nothing older.
        foreach (var commit in commits)
        {
            feed.Publish(new RunChange(commit.Run.Id, commit.Run.ExperimentId, ChangesOf(commit)));
        }

        foreach (var (write, run) in accepted)
        {
            write.Answer.SetResult(run);
        }

        live.Trim();
    }

    private async Task<RunCommit> PrepareAsync(Write write)
    {
        var update = write.Update;
        var state = await live.GetAsync(update.RunId);
        if (write.Create is { } create)
        {
            return state is null ? live.Create(create, update) : new RunCommit(state.Run, false, false, new RunUpdate(create.Id));
        }

        if (state is null)
        {
            throw CairnException.NotFound($"Run with id={update.RunId} not found");
        }

        if (write.IsConditional)
        {
            var tags = (await store.FindRunAsync(update.RunId, CancellationToken.None))!.Tags;
            foreach (var (key, expected) in update.Expected)
            {
                var value = tags.GetValueOrDefault(key);
                if (value != expected)
                {
                    throw new CairnException(ErrorCode.FailedPrecondition, $"The tag '{key}' of run {update.RunId} is {Quoted(value)}, not {Quoted(expected)}: nothing was written.", "expectedTags");
                }
            }
        }

        return state.Apply(update, clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    private static string Quoted(string? value) => value is null ? "not there" : $"'{value}'";

    private static bool HasContent(RunUpdate update) =>
        update.Params.Count + update.RemovedParams.Count + update.News.Count + update.Tags.Count + update.Points.Count + update.Summary.Count + update.Media.Count + update.Logs.Count + update.ModelPoints.Count
            + update.Documents.Count + update.Lines.Count > 0
        || !update.Links.IsEmpty;

    private static RunChanges ChangesOf(RunCommit commit)
    {
        var update = commit.Update;
        return (commit.IsNew || commit.RunChanged || !update.Links.IsEmpty ? RunChanges.Info : 0)
            | (update.Params.Count > 0 || update.RemovedParams.Count > 0 || update.Documents.Count > 0 ? RunChanges.Params : 0)
            | (update.Tags.Count > 0 ? RunChanges.Tags : 0)
            | (update.Points.Count > 0 ? RunChanges.Series : 0)
            | (update.Summary.Count > 0 ? RunChanges.Summary : 0)
            | (update.Media.Count > 0 ? RunChanges.Media : 0)
            | (update.Logs.Count > 0 ? RunChanges.Logs : 0);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} run updates were refused. {Reason}")]
    private static partial void DiskIsFull(ILogger logger, int count, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A transaction of {Count} run updates failed; none of them was written")]
    private static partial void CommitFailed(ILogger logger, int count, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "An update of run {RunId} could not be prepared")]
    private static partial void PreparingFailed(ILogger logger, RunId runId, Exception fault);

    private sealed record Write(Run? Create, RunUpdate Update)
    {
        public bool IsConditional => Update.Expected.Count > 0;

        public TaskCompletionSource<Run> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
