using Cairn.Core;
using Cairn.Core.Triggers;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Triggers;

/// <summary>Looks once a second whether the tick of a schedule has come. It leaves jobs; it starts nothing.</summary>
internal sealed partial class TriggerClock(TriggerDesk desk, TimeProvider clock, ILogger<TriggerClock> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource ending = new();
    private Task? loop;

    public void Start() => loop = Task.Run(RunAsync);

    public async ValueTask DisposeAsync()
    {
        if (loop is { } running)
        {
            loop = null;
            await ending.CancelAsync();
            await running;
            ending.Dispose();
        }
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            do
            {
                try
                {
                    if (await desk.TickAsync(ending.Token) is > 0 and var fired)
                    {
                        Fired(logger, fired);
                    }
                }
                catch (CairnException fault)
                {
                    // A full disk, most likely: the tick stays due.
                    Failed(logger, fault);
                }
            }
            while (await timer.WaitForNextTickAsync(ending.Token));
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} scheduled jobs wait for a worker")]
    private static partial void Fired(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedules could not be looked at")]
    private static partial void Failed(ILogger logger, Exception fault);
}
