using Microsoft.Extensions.Logging;

namespace Cairn.Core.Runs;

/// <summary>Marks runs as crashed whose clients promised to beat and were not heard of for a while. One that is heard of again revives.</summary>
public sealed partial class SilenceWatch : IAsyncDisposable
{
    /// <summary>Ten beats of the slowest client.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    private readonly IRunStore store;
    private readonly RunJournal journal;
    private readonly TimeProvider clock;
    private readonly ILogger<SilenceWatch> logger;
    private readonly CancellationTokenSource ending = new();
    private readonly DateTimeOffset startedAt;
    private readonly Task watching;

    public SilenceWatch(IRunStore store, RunJournal journal, TimeProvider clock, ILogger<SilenceWatch> logger)
    {
        this.store = store;
        this.journal = journal;
        this.clock = clock;
        this.logger = logger;
        startedAt = clock.GetUtcNow();
        watching = WatchAsync();
    }

    /// <summary>Looks once; answers how many runs were given up.</summary>
    public async Task<int> LookAsync(CancellationToken cancellationToken)
    {
        // While the server was away nobody could beat: patience begins with its start.
        var before = clock.GetUtcNow() - Patience;
        if (before < startedAt)
        {
            return 0;
        }

        var silent = await store.ListSilentAsync(before.ToUnixTimeMilliseconds(), cancellationToken);
        foreach (var run in silent)
        {
            await journal.ApplyAsync(new RunUpdate(run.Id) { Status = RunStatus.Crashed, EndedAt = run.HeartbeatAt }, cancellationToken);
        }

        return silent.Count;
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await watching;
        ending.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Pace, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                try
                {
                    await LookAsync(ending.Token);
                }
                catch (CairnException fault)
                {
                    LookingFailed(logger, fault);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for silent runs failed")]
    private static partial void LookingFailed(ILogger logger, Exception fault);
}
