using Cairn.Core.Triggers;

namespace Cairn.Core.Access;

/// <summary>
/// Registered pipelines with their triggers and jobs: seen and set going by those who may read and change the experiment
/// they write into. What is registered is code that workers run with a key of their own, so registering is for admins, as
/// is the work of workers.
/// </summary>
internal sealed class GuardedTriggerStore(ITriggerStore inner, AccessGuard guard) : ITriggerStore
{
    private const string Registering = "Registering pipelines, whose code workers run,";
    private const string Working = "The work of workers";

    public Task<RegisteredPipeline> RegisterAsync(RegisteredPipeline pipeline, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(Registering);
        return inner.RegisterAsync(pipeline, triggers, cancellationToken);
    }

    public async Task<RegisteredPipeline?> FindPipelineAsync(string name, CancellationToken cancellationToken)
    {
        var found = await inner.FindPipelineAsync(name, cancellationToken);
        if (found is not null)
        {
            await guard.DemandAsync(found.ExperimentId, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<IReadOnlyList<RegisteredPipeline>> ListPipelinesAsync(CancellationToken cancellationToken) =>
        await guard.OnlyReadableAsync(await inner.ListPipelinesAsync(cancellationToken), pipeline => pipeline.ExperimentId, cancellationToken);

    public Task<bool> RemovePipelineAsync(string name, long at, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Removing pipelines");
        return inner.RemovePipelineAsync(name, at, cancellationToken);
    }

    public async Task<Trigger?> FindTriggerAsync(string id, CancellationToken cancellationToken)
    {
        var found = await inner.FindTriggerAsync(id, cancellationToken);
        if (found is not null)
        {
            await DemandAsync(found.Pipeline, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<IReadOnlyList<Trigger>> ListTriggersAsync(string? pipeline, CancellationToken cancellationToken) =>
        await KeepAsync(await inner.ListTriggersAsync(pipeline, cancellationToken), trigger => trigger.Pipeline, cancellationToken);

    public async Task<Trigger?> PauseAsync(string id, bool isPaused, long? nextAt, CancellationToken cancellationToken)
    {
        await DemandTriggerAsync(id, Permission.Edit, cancellationToken);
        return await inner.PauseAsync(id, isPaused, nextAt, cancellationToken);
    }

    public async Task<bool> RemoveTriggerAsync(string id, CancellationToken cancellationToken)
    {
        await DemandTriggerAsync(id, Permission.Manage, cancellationToken);
        return await inner.RemoveTriggerAsync(id, cancellationToken);
    }

    public async Task<Job> AddJobAsync(Job job, CancellationToken cancellationToken)
    {
        await DemandAsync(job.Pipeline, Permission.Edit, cancellationToken);
        return await inner.AddJobAsync(job, cancellationToken);
    }

    public Task<long?> ReadNextTickAsync(CancellationToken cancellationToken)
    {
        guard.DemandAdmin("The clock of triggers");
        return inner.ReadNextTickAsync(cancellationToken);
    }

    public Task<int> FireDueAsync(long now, Func<Trigger, (IReadOnlyList<long> Ticks, long? Next)> ticksOf, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("The clock of triggers");
        return inner.FireDueAsync(now, ticksOf, cancellationToken);
    }

    public async Task<Job?> FindJobAsync(string id, CancellationToken cancellationToken)
    {
        var found = await inner.FindJobAsync(id, cancellationToken);
        if (found is not null)
        {
            await DemandAsync(found.Pipeline, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<IReadOnlyList<Job>> ListJobsAsync(JobQuery query, CancellationToken cancellationToken)
    {
        var isLimited = await guard.FindRightsAsync(cancellationToken) is { SeesEverything: false };
        var found = await inner.ListJobsAsync(isLimited ? query with { Limit = Math.Max(query.Limit, AccessGuard.LookedThrough) } : query, cancellationToken);
        return isLimited ? [.. (await KeepAsync(found, job => job.Pipeline, cancellationToken)).Take(query.Limit)] : found;
    }

    public Task<Job?> LeaseAsync(string worker, long now, long until, int mostAttempts, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(Working);
        return inner.LeaseAsync(worker, now, until, mostAttempts, cancellationToken);
    }

    public Task<Job> ProlongAsync(string id, long token, long until, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(Working);
        return inner.ProlongAsync(id, token, until, cancellationToken);
    }

    public Task<Job> EndAsync(string id, long token, JobState state, string? message, long at, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(Working);
        return inner.EndAsync(id, token, state, message, at, cancellationToken);
    }

    public async Task<Job?> CancelAsync(string id, long at, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindJobAsync(id, cancellationToken) is { } job)
        {
            await DemandAsync(job.Pipeline, Permission.Edit, cancellationToken);
        }

        return await inner.CancelAsync(id, at, cancellationToken);
    }

    private async ValueTask DemandTriggerAsync(string id, Permission need, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindTriggerAsync(id, cancellationToken) is { } trigger)
        {
            await DemandAsync(trigger.Pipeline, need, cancellationToken);
        }
    }

    /// <summary>A pipeline that is not registered any more has no experiment: what is left of it is for admins.</summary>
    private async ValueTask DemandAsync(string pipeline, Permission need, CancellationToken cancellationToken)
    {
        if (guard.IsOpen)
        {
            return;
        }

        if (await inner.FindPipelineAsync(pipeline, cancellationToken) is { } found)
        {
            await guard.DemandAsync(found.ExperimentId, need, cancellationToken);
        }
        else
        {
            guard.DemandAdmin("What is left of pipelines that were removed");
        }
    }

    private async ValueTask<IReadOnlyList<T>> KeepAsync<T>(IReadOnlyList<T> things, Func<T, string> pipelineOf, CancellationToken cancellationToken)
    {
        if (await guard.FindRightsAsync(cancellationToken) is not { SeesEverything: false } rights)
        {
            return things;
        }

        var readable = (await inner.ListPipelinesAsync(cancellationToken)).Where(pipeline => rights.MayRead(pipeline.ExperimentId)).Select(pipeline => pipeline.Name).ToHashSet(StringComparer.Ordinal);
        return [.. things.Where(thing => readable.Contains(pipelineOf(thing)))];
    }
}
