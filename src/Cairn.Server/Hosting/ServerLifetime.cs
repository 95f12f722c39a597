using Microsoft.Extensions.Hosting;

namespace Cairn.Server.Hosting;

/// <summary>
/// Tells endpoints that would go on for long (event streams) that the server ends. Signals are the business of the program
/// that hosts the server.
/// </summary>
internal sealed class ServerLifetime : IHostApplicationLifetime, IDisposable
{
    private readonly CancellationTokenSource started = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource stopped = new();

    public CancellationToken ApplicationStarted => started.Token;

    public CancellationToken ApplicationStopping => stopping.Token;

    public CancellationToken ApplicationStopped => stopped.Token;

    public void NotifyStarted() => started.Cancel();

    public void NotifyStopped() => stopped.Cancel();

    public void StopApplication() => stopping.Cancel();

    public void Dispose()
    {
        started.Dispose();
        stopping.Dispose();
        stopped.Dispose();
    }
}
