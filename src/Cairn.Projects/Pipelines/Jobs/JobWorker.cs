using Cairn.Client;
using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Pipelines.Jobs;

/// <summary>
/// Carries out the jobs that triggers leave on a server. A job's run has its id from the server, so a worker that takes
/// over goes on with the run of the one before, and steps that succeeded are not run again. A worker that cannot keep its
/// lease ends what it runs before another may begin.
/// </summary>
public sealed class JobWorker(CairnClient client, JobWorkerOptions options)
{
    /// <summary>Works until it is stopped.</summary>
    /// <param name="stop">Takes no more jobs and ends the running ones, giving them time; they are taken again by whoever works next.</param>
    /// <param name="force">Ends them at once.</param>
    public Task RunAsync(CancellationToken stop, CancellationToken force) =>
        Task.WhenAll(Enumerable.Range(0, options.Slots).Select(slot => WorkAsync(options.Slots == 1 ? options.Name : $"{options.Name}/{slot + 1}", stop, force)));

    private async Task WorkAsync(string name, CancellationToken stop, CancellationToken force)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var lease = await client.LeaseJobAsync(new LeaseJobRequest(name, (int)options.Lease.TotalSeconds), stop);
                if (lease is not null)
                {
                    await CarryOutAsync(lease, stop, force);
                }
                else if (options.UntilIdle)
                {
                    return;
                }
                else
                {
                    await Task.Delay(options.Pause, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (CairnClientException fault) when (fault.Code is "unreachable" or "unavailable" or "internal" or "storage_full")
            {
                options.Tell(fault.Message);
                await Task.Delay(options.Pause * 5, stop).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private async Task CarryOutAsync(JobLease lease, CancellationToken stop, CancellationToken force)
    {
        var job = lease.Job;
        options.Tell($"{job.Pipeline}: {job.Cause}{(job.Attempt > 1 ? $" (taken over, attempt {job.Attempt})" : "")}");
        using var over = new CancellationTokenSource();
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(force);
        var keeper = KeepAsync(lease, cancelled, lost, over.Token);
        (string State, string Message)? end;
        try
        {
            end = await RunAsync(lease, cancelled.Token, lost.Token);
        }
        catch (OperationCanceledException) when (cancelled.IsCancellationRequested)
        {
            end = null;
        }
        catch (Exception fault) when (fault is ProjectException or CairnClientException or IOException or UnauthorizedAccessException)
        {
            end = ("failed", fault.Message);
        }
        finally
        {
            await over.CancelAsync();
        }

        var held = await keeper;
        if (held == Hold.Lost)
        {
            options.Tell($"{job.Pipeline}: another worker has the job now");
        }
        else if (held == Hold.Cancelled)
        {
            await EndAsync(lease, "cancelled", "cancelled by somebody");
        }
        else if (!stop.IsCancellationRequested && end is var (state, message))
        {
            await EndAsync(lease, state, message);
        }
    }

    private async Task<(string State, string Message)?> RunAsync(JobLease lease, CancellationToken stop, CancellationToken force)
    {
        var job = lease.Job;
        var known = await FindRunAsync(job.RunId, stop);
        if (known?.Run.Status == "finished")
        {
            // The worker before ended the run and could not say so.
            return ("finished", "finished before its worker was lost");
        }

        var file = await JobSource.FetchAsync(client, lease.Pipeline, options.Tell, stop);
        var pipeline = PipelineFile.Open(file);
        using var run = await new PipelineRunner(client).CreateAsync(
            pipeline,
            options.Pipelines with
            {
                Experiment = lease.Pipeline.ExperimentName,

                // A run goes on with what it was started with, whatever is registered now.
                Changes = known is null ? [.. lease.Pipeline.Changes, .. job.Changes] : PipelineRunner.ChangesOf(known),
                RunId = job.RunId,
                ResumeId = known is null ? null : job.RunId,
                HasLease = true,
                Tags = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["cairn.trigger"] = job.TriggerName,
                    ["cairn.trigger.cause"] = job.Cause,
                    ["cairn.job"] = job.Id,
                    ["cairn.pipeline.revision"] = lease.Pipeline.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture),
                },
            },
            stop);
        var result = await run.ExecuteAsync(stop, force);
        options.Tell($"{job.Pipeline}: {result.Status}, {result.Executed} executed, {result.Cached} cached");
        return result.Status switch
        {
            "finished" => ("finished", $"{result.Executed} executed, {result.Cached} cached"),
            "killed" => stop.IsCancellationRequested ? null : ("cancelled", "somebody stopped its run"),
            _ => ("failed", string.Join("; ", result.Steps.Where(step => step.State == StepState.Failed).Select(step => $"{step.Name}: {step.Reason}")) is { Length: > 0 } why ? Cut(why) : "failed"),
        };
    }

    /// <summary>Keeps the lease until the job is over. A lease that cannot be kept ends the work before another may begin it.</summary>
    private async Task<Hold> KeepAsync(JobLease lease, CancellationTokenSource cancelled, CancellationTokenSource lost, CancellationToken over)
    {
        var keptAt = Environment.TickCount64;
        while (true)
        {
            try
            {
                await Task.Delay(options.Lease / 4, over);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(over);
                patience.CancelAfter(options.Lease / 4);
                var asked = Environment.TickCount64;
                var job = await client.ProlongJobAsync(lease.Job.Id, new HeartbeatRequest(lease.Token, (int)options.Lease.TotalSeconds), patience.Token);
                keptAt = asked;
                if (job.CancelRequested)
                {
                    await cancelled.CancelAsync();
                    return Hold.Cancelled;
                }
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return Hold.Kept;
            }
            catch (CairnClientException refusal) when (refusal.Code is "conflict" or "not_found")
            {
                return await LoseAsync();
            }
            catch (Exception fault) when (fault is CairnClientException or OperationCanceledException)
            {
                if (Environment.TickCount64 - keptAt > options.Lease.TotalMilliseconds * 3 / 4)
                {
                    return await LoseAsync();
                }
            }
        }

        async Task<Hold> LoseAsync()
        {
            await cancelled.CancelAsync();
            await lost.CancelAsync();
            return Hold.Lost;
        }
    }

    private async Task EndAsync(JobLease lease, string state, string message)
    {
        try
        {
            await client.EndJobAsync(lease.Job.Id, new EndJobRequest(lease.Token, state, Cut(message)), CancellationToken.None);
        }
        catch (CairnClientException refusal) when (refusal.Code is "conflict" or "not_found")
        {
            options.Tell(refusal.Message);
        }
    }

    private async Task<RunDetail?> FindRunAsync(string id, CancellationToken cancellation)
    {
        try
        {
            return await client.GetRunAsync(id, cancellation);
        }
        catch (CairnClientException missing) when (missing.Code == "not_found")
        {
            return null;
        }
    }

    private static string Cut(string text) => text.Length <= 900 ? text : text[..900];

    private enum Hold
    {
        Kept,
        Lost,
        Cancelled,
    }
}
