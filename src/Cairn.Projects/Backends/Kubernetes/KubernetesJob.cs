using System.Text.Json;
using Cairn.Projects.Running;

namespace Cairn.Projects.Backends.Kubernetes;

/// <summary>A Job of a cluster, watched by asking for it and its pod.</summary>
internal sealed class KubernetesJob : IRunJob
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeleteLimit = TimeSpan.FromSeconds(60);

    /// <summary>What a node answers, as if the command had printed it, for a container that was removed.</summary>
    private static readonly byte[][] Gone = ["unable to retrieve container logs for "u8.ToArray(), "rpc error: code = "u8.ToArray()];

    private readonly KubeApi _api;
    private readonly string _space;
    private readonly string _name;
    private readonly string _folder;
    private readonly Action<string> _remark;
    private readonly GrowingFile _output;
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _left = new();
    private readonly Task _copying;
    private volatile string? _pod;
    private string? _told;

    public KubernetesJob(KubeApi api, string space, string name, string folder, Action<string> remark)
    {
        (_api, _space, _name, _folder, _remark) = (api, space, name, folder, remark);
        Directory.CreateDirectory(folder);
        File.Delete(OutputFile);
        _output = new GrowingFile(OutputFile);
        Ended = Task.Run(WatchAsync);
        _copying = Task.Run(CopyAsync);
    }

    public string Handle => $"{_space}/{_name}";

    public IReadOnlyList<Stream> Outputs => [_output];

    public Task Began => _began.Task;

    public Task<JobEnd> Ended { get; }

    private string OutputFile => Path.Combine(_folder, "output");

    /// <summary>The cluster sends TERM, waits for the grace period of the pod, then kills.</summary>
    public async Task EndAsync(TimeSpan grace, CancellationToken force)
    {
        var seconds = force.IsCancellationRequested ? 0 : (int)Math.Ceiling(grace.TotalSeconds);
        try
        {
            // The job first, or it might make another pod.
            await _api.DeleteAsync($"/apis/batch/v1/namespaces/{_space}/jobs/{_name}?propagationPolicy=Foreground", CancellationToken.None);
            if (_pod is { } pod)
            {
                await _api.DeleteAsync($"/api/v1/namespaces/{_space}/pods/{pod}?gracePeriodSeconds={seconds}", CancellationToken.None);
            }
        }
        catch (HttpRequestException fault)
        {
            _remark($"The job {Handle} could not be ended. {fault.Message}");
        }

        if (await Task.WhenAny(Ended, Task.Delay(grace + DeleteLimit, CancellationToken.None)) != Ended)
        {
            await _left.CancelAsync();
            await Ended;
        }
    }

    public async Task SettleAsync(OutputReading reading, Action<string> remark, CancellationToken force)
    {
        await Task.WhenAny(_copying, Task.Delay(DeleteLimit, force));
        _output.Complete();
        await reading.Completed;
    }

    /// <summary>The job goes on; we only look no more.</summary>
    public void Dispose() => _left.Cancel();

    public async Task ForgetAsync()
    {
        try
        {
            await _api.DeleteAsync($"/apis/batch/v1/namespaces/{_space}/jobs/{_name}?propagationPolicy=Background", CancellationToken.None);
            await _api.DeleteAsync($"/api/v1/namespaces/{_space}/secrets/{_name}", CancellationToken.None);
            Directory.Delete(_folder, recursive: true);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            // The cluster removes jobs by itself after a while.
        }
    }

    private async Task<JobEnd> WatchAsync()
    {
        try
        {
            while (true)
            {
                try
                {
                    if (await LookAsync() is { } end)
                    {
                        return end;
                    }
                }
                catch (Exception fault) when (fault is HttpRequestException or IOException)
                {
                    Tell($"the cluster does not answer ({fault.Message})");
                }

                await Task.Delay(Pause, _left.Token);
            }
        }
        catch (OperationCanceledException)
        {
            return new JobEnd(new ChildExit(137, 9), RunEnd.Cancelled);
        }
        finally
        {
            _began.TrySetResult();
        }
    }

    /// <summary>Null while it goes on.</summary>
    private async Task<JobEnd?> LookAsync()
    {
        var job = await _api.GetAsync($"/apis/batch/v1/namespaces/{_space}/jobs/{_name}", _left.Token);
        var pods = await _api.GetAsync($"/api/v1/namespaces/{_space}/pods?labelSelector=job-name%3D{_name}", _left.Token);
        var pod = pods is { } list && list.GetProperty("items") is { ValueKind: JsonValueKind.Array } items && items.GetArrayLength() > 0 ? items[0] : (JsonElement?)null;
        if (pod is { } found)
        {
            if (PodState.Of(found) is var state && (state.IsRunning || state.ExitCode is not null))
            {
                _pod = state.Name;
                _began.TrySetResult();
            }

            if (state.ExitCode is { } code)
            {
                return new JobEnd(new ChildExit(code, code > 128 ? code - 128 : null), job is null ? RunEnd.Cancelled : RunEnd.Exited, state.EndRemark);
            }

            if (state.HasFailed)
            {
                return new JobEnd(new ChildExit(1, null), RunEnd.Exited, $"The pod of job {Handle} failed: {state.Reason ?? "for no known reason"}.");
            }

            Tell(state.Waiting);
        }

        // A job that is being deleted waits for its pods, and may stay a while when they are gone.
        if (job is null || (pod is null && job.Value.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _)))
        {
            return new JobEnd(new ChildExit(143, 15), RunEnd.Cancelled, $"Job {Handle} was deleted.");
        }

        return pod is null && PodState.FailureOf(job.Value) is { } failure
            ? new JobEnd(new ChildExit(1, null), failure == "DeadlineExceeded" ? RunEnd.TimedOut : RunEnd.Exited, $"Job {Handle} failed: {failure}.")
            : null;
    }

    private void Tell(string? waiting)
    {
        if (waiting is not null && waiting != _told)
        {
            _remark($"Job {Handle} waits: {waiting}");
        }

        _told = waiting;
    }

    /// <summary>Copies the pod's log as it grows. A connection that breaks is made anew, and what was copied already is skipped.</summary>
    private async Task CopyAsync()
    {
        await Began;
        long copied = 0;
        var buffer = new byte[32 * 1024];
        await using var file = new FileStream(OutputFile, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        bool isLast;
        do
        {
            isLast = Ended.IsCompleted;
            try
            {
                await using var log = _pod is { } pod ? await _api.OpenAsync($"/api/v1/namespaces/{_space}/pods/{pod}/log?follow=true", _left.Token) : null;
                long seen = 0;
                while (log is not null && await log.ReadAsync(buffer, _left.Token) is > 0 and var count)
                {
                    if (seen == 0 && copied > 0 && Array.Exists(Gone, text => buffer.AsSpan(0, count).StartsWith(text)))
                    {
                        break;
                    }

                    var skipped = (int)Math.Min(count, Math.Max(0, copied - seen));
                    seen += count;
                    await file.WriteAsync(buffer.AsMemory(skipped, count - skipped), _left.Token);
                    copied = Math.Max(copied, seen);
                }

                await Task.WhenAny(Ended, Task.Delay(Pause, _left.Token));
            }
            catch (Exception fault) when (fault is HttpRequestException or IOException)
            {
                await Task.WhenAny(Ended, Task.Delay(Pause, CancellationToken.None));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (!isLast);
    }
}
