namespace Cairn.Client;

/// <summary>
/// Ends a run that is still open when the process ends by itself. The time is short, because a process that is told to
/// end and does not is killed.
/// </summary>
internal sealed class ExitWatch : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private readonly CairnRun _run;

    private ExitWatch(CairnRun run)
    {
        _run = run;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
    }

    public static ExitWatch Over(CairnRun run) => new(run);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
    }

    private void OnExit(object? sender, EventArgs e) =>
        End(stop => _run.FinishAsync(Environment.ExitCode == 0 ? RunStatus.Finished : RunStatus.Failed, stop));

    private void OnUnhandledException(object sender, UnhandledExceptionEventArgs e) =>
        End(stop => e.ExceptionObject is Exception fault
            ? _run.FailAsync(fault, stop)
            : _run.FinishAsync(RunStatus.Failed, stop));

    private void End(Func<CancellationToken, Task> end)
    {
        using var limit = new CancellationTokenSource(TimeLimit);
        try
        {
            end(limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is CairnClientException or OperationCanceledException)
        {
            _run.Client.Options.Tell($"Run {_run.Id} could not be finished in time: {fault.Message}");
        }
    }
}
