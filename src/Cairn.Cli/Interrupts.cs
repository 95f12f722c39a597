using System.Runtime.InteropServices;

namespace Cairn.Cli;

/// <summary>Signals as tokens: the first asks to stop, the second insists, a third gets what the system does by itself.</summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _force = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _count;

    public Interrupts() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Take),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Take),
    ];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken Force => _force.Token;

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _stop.Dispose();
        _force.Dispose();
    }

    private void Take(PosixSignalContext signal)
    {
        var count = Interlocked.Increment(ref _count);
        signal.Cancel = count <= 2;
        if (count == 1)
        {
            _stop.Cancel();
        }
        else if (count == 2)
        {
            _force.Cancel();
        }
    }
}
