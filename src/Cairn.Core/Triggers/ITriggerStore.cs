namespace Cairn.Core.Triggers;

/// <summary>
/// Remembers pipelines that were registered, what sets them going, and the jobs that come of it. A port of its own: none
/// of this belongs to a run or an artifact. The stores of those leave jobs here in the transaction of what happened, so
/// that an event which was acknowledged is neither lost nor doubled.
/// </summary>
public interface ITriggerStore
{
    /// <summary>Keeps the pipeline in place of the one of its name. Its triggers become these; those whose name stays keep their id and whether they are paused.</summary>
    Task<RegisteredPipeline> RegisterAsync(RegisteredPipeline pipeline, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken);

    Task<RegisteredPipeline?> FindPipelineAsync(string name, CancellationToken cancellationToken);

    /// <summary>Ordered by name.</summary>
    Task<IReadOnlyList<RegisteredPipeline>> ListPipelinesAsync(CancellationToken cancellationToken);

    /// <summary>Removes it with its triggers and the jobs that wait; false where there was none.</summary>
    Task<bool> RemovePipelineAsync(string name, long at, CancellationToken cancellationToken);

    Task<Trigger?> FindTriggerAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ordered by pipeline and name; null means of all pipelines.</summary>
    Task<IReadOnlyList<Trigger>> ListTriggersAsync(string? pipeline, CancellationToken cancellationToken);

    /// <summary>Pauses or resumes; null where there is no such trigger.</summary>
    Task<Trigger?> PauseAsync(string id, bool isPaused, long? nextAt, CancellationToken cancellationToken);

    Task<bool> RemoveTriggerAsync(string id, CancellationToken cancellationToken);

    /// <summary>Leaves a job, or answers the one of the same trigger and event. <paramref name="job"/> gives the id of a new one.</summary>
    Task<Job> AddJobAsync(Job job, CancellationToken cancellationToken);

    /// <summary>When the next tick is due, Unix milliseconds; null where none is.</summary>
    Task<long?> ReadNextTickAsync(CancellationToken cancellationToken);

    /// <summary>Leaves the jobs of every schedule whose tick has come, and sets its next one, in one transaction.</summary>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="ticksOf">The ticks to make up for, and the next one to come.</param>
    /// <param name="cancellationToken">Cancels the wait, not the write.</param>
    Task<int> FireDueAsync(long now, Func<Trigger, (IReadOnlyList<long> Ticks, long? Next)> ticksOf, CancellationToken cancellationToken);

    Task<Job?> FindJobAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Job>> ListJobsAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Gives the oldest job that waits, or whose worker was not heard of in time, to a worker; null where there is none.
    /// A pipeline has one job at a time.
    /// </summary>
    Task<Job?> LeaseAsync(string worker, long now, long until, int mostAttempts, CancellationToken cancellationToken);

    /// <summary>Prolongs a lease.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>; <see cref="ErrorCode.Conflict"/> where another worker has the job, or it is over.</exception>
    Task<Job> ProlongAsync(string id, long token, long until, CancellationToken cancellationToken);

    /// <summary>Ends a job; again with the same end changes nothing.</summary>
    /// <exception cref="CairnException">As <see cref="ProlongAsync"/>.</exception>
    Task<Job> EndAsync(string id, long token, JobState state, string? message, long at, CancellationToken cancellationToken);

    /// <summary>Ends a job that waits, asks for the end of one that runs; null where there is none.</summary>
    Task<Job?> CancelAsync(string id, long at, CancellationToken cancellationToken);
}
