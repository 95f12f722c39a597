using Cairn.Projects.Running;

namespace Cairn.Projects.Backends.Slurm;

/// <summary>A job of Slurm, watched by its folder and by what Slurm says of it.</summary>
internal sealed class SlurmJob : IRunJob
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>How long the exit code may take to appear after Slurm says that the job is over: files come late between machines.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How long Slurm may take to end a job that it was told to cancel.</summary>
    private static readonly TimeSpan CancelLimit = TimeSpan.FromSeconds(90);

    private readonly SlurmFolder _folder;
    private readonly SlurmQueue _queue;
    private readonly Action<string> _remark;
    private readonly GrowingFile _output;
    private readonly TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _left = new();

    public SlurmJob(SlurmFolder folder, string job, SlurmQueue queue, Action<string> remark)
    {
        _folder = folder;
        _queue = queue;
        _remark = remark;
        _output = new GrowingFile(folder.Output);
        Handle = job;
        Ended = Task.Run(WatchAsync);
    }

    public string Handle { get; }

    public IReadOnlyList<Stream> Outputs => [_output];

    public Task Began => _began.Task;

    public Task<JobEnd> Ended { get; }

    public async Task EndAsync(TimeSpan grace, CancellationToken force)
    {
        if (_folder.HasBegun)
        {
            await SlurmQueue.CancelAsync(Handle, "TERM");
            await Task.WhenAny(Ended, Task.Delay(grace, force));
        }

        if (!Ended.IsCompleted)
        {
            await SlurmQueue.CancelAsync(Handle, null);
            if (await Task.WhenAny(Ended, Task.Delay(CancelLimit, CancellationToken.None)) != Ended)
            {
                _remark($"Slurm was told to cancel job {Handle} and has not ended it yet.");
                await _left.CancelAsync();
                await Ended;
            }
        }
    }

    public async Task SettleAsync(OutputReading reading, Action<string> remark, CancellationToken force)
    {
        _output.Complete();
        await reading.Completed;
    }

    public Task ForgetAsync()
    {
        _folder.Remove();
        return Task.CompletedTask;
    }

    /// <summary>The job goes on; we only look no more.</summary>
    public void Dispose() => _left.Cancel();

    private async Task<JobEnd> WatchAsync()
    {
        string? told = null;
        try
        {
            while (true)
            {
                if (_folder.HasBegun)
                {
                    _began.TrySetResult();
                }

                if (_folder.ExitCode is { } code)
                {
                    return await EndOfAsync(code);
                }

                var (state, answers) = await _queue.StateAsync(Handle, _left.Token);
                if (state is { IsOver: true } or null && answers && await WithoutCodeAsync() is { } end)
                {
                    return end;
                }

                var news = answers ? state?.Unusual : "Slurm does not answer";
                if (news is not null && news != told)
                {
                    _remark($"Job {Handle} waits: {news}");
                }

                told = news;
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

    /// <summary>The command ended by itself, unless Slurm says that it ended it.</summary>
    private async Task<JobEnd> EndOfAsync(int code)
    {
        var exit = ExitOf(code);
        if (code == 0)
        {
            return new JobEnd(exit, RunEnd.Exited);
        }

        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (state, answers) = await _queue.StateAsync(Handle, _left.Token);
            if (state is null or { IsOver: true } || !answers || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                return new JobEnd(exit, EndOf(state), RemarkOf(state));
            }

            await Task.Delay(Pause, _left.Token);
        }
    }

    /// <summary>Null where the job turns out to go on: what Slurm told was from before it was submitted.</summary>
    private async Task<JobEnd?> WithoutCodeAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        SlurmState? state;
        do
        {
            await Task.Delay(Pause, _left.Token);
            if (_folder.ExitCode is { } late)
            {
                return await EndOfAsync(late);
            }

            state = (await _queue.StateAsync(Handle, _left.Token)).State;
            if (state is { IsOver: false })
            {
                return null;
            }
        }
        while (TimeProvider.System.GetElapsedTime(began) < Patience && state is not { State: "CANCELLED" or "TIMEOUT" });

        var code = await SlurmQueue.ExitCodeAsync(Handle, _left.Token);
        return state switch
        {
            // A task of an array that is cancelled while it waits leaves no trace.
            null when !_folder.HasBegun => new JobEnd(new ChildExit(143, 15), RunEnd.Cancelled, $"Job {Handle} was cancelled before it began."),
            null => new JobEnd(new ChildExit(1, null), RunEnd.Exited, $"Slurm does not know job {Handle} any more, and it left no exit code."),
            { State: "COMPLETED" } => new JobEnd(new ChildExit(code ?? 0, null), RunEnd.Exited),
            _ => new JobEnd(code is > 0 ? ExitOf(code.Value) : new ChildExit(143, 15), EndOf(state), RemarkOf(state)),
        };
    }

    private static ChildExit ExitOf(int code) => new(code, code > 128 ? code - 128 : null);

    private static RunEnd EndOf(SlurmState? state) => state?.State switch
    {
        "CANCELLED" => RunEnd.Cancelled,
        "TIMEOUT" or "DEADLINE" => RunEnd.TimedOut,
        _ => RunEnd.Exited,
    };

    private string? RemarkOf(SlurmState? state) => state?.State switch
    {
        "CANCELLED" when state.Reason.StartsWith("Dependency", StringComparison.Ordinal) => $"Job {Handle} was cancelled: what it depends on did not succeed.",
        "CANCELLED" => $"Job {Handle} was cancelled.",
        "TIMEOUT" or "DEADLINE" => $"The time of job {Handle} was up.",
        "OUT_OF_MEMORY" => $"Job {Handle} needed more memory than it asked for.",
        "NODE_FAIL" or "BOOT_FAIL" => $"The node of job {Handle} failed.",
        "PREEMPTED" => $"Job {Handle} had to give way to another.",
        _ => null,
    };
}
