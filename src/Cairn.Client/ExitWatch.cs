using System.Runtime.InteropServices;

namespace Cairn.Client;

/// <summary>
/// Sees to a run that is still open when its process ends by itself. The time is short, because a process that is told to
/// end and does not is killed.
/// </summary>
internal sealed class ExitWatch : IDisposable
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(5);

    private readonly CairnRun _run;
    private readonly List<PosixSignalRegistration> _signals = [];

    private ExitWatch(CairnRun run)
    {
        _run = run;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandledException;
        Register(PosixSignal.SIGTERM);
        Register(PosixSignal.SIGINT);
        Register(PosixSignal.SIGHUP);
    }

    public static ExitWatch Over(CairnRun run) => new(run);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandledException;
        _signals.ForEach(signal => signal.Dispose());
    }

    private void Register(PosixSignal signal)
    {
        try
        {
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        }
        catch (PlatformNotSupportedException)
        {
            // A platform without signals ends its processes in other ways.
        }
    }

    // The program may have a handler of its own and go on to a graceful end, so the run stays open: what it logs from here
    // on still arrives, and its own finish replaces this status.
    private void OnSignal(PosixSignalContext context)
    {
        if (!context.Cancel)
        {
            End(stop => _run.DeliverAsync(RunStatus.Killed, stop));
        }
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
            // The process ends when its handlers return. A full queue would block the end itself, hence the second limit.
            Task.Run(() => end(limit.Token)).WaitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception fault) when (fault is CairnClientException or OperationCanceledException)
        {
            _run.Client.Options.Tell($"Run {_run.Id} could not be finished as it should: {fault.Message}");
        }
    }
}
