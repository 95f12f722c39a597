using System.Collections.Concurrent;
using Cairn.Core.Runs;

namespace Cairn.Wandb.Streams;

/// <summary>
/// Requests of one run come one after another to its desk: what a chunk adds to the state of the streams depends on the
/// chunk before. The state is kept here between chunks, and read anew where a write failed.
/// </summary>
internal sealed class RunDesks
{
    private const int Capacity = 4096;

    private readonly ConcurrentDictionary<RunId, Desk> desks = new();

    /// <summary>Waits for the run's desk. Dispose the answer to leave it.</summary>
    public async ValueTask<Desk> EnterAsync(RunId run, CancellationToken cancellationToken)
    {
        while (true)
        {
            var desk = desks.GetOrAdd(run, _ => new Desk());
            await desk.Gate.WaitAsync(cancellationToken);
            if (!desk.IsClosed)
            {
                Trim(run);
                return desk;
            }

            desk.Gate.Release();
        }
    }

    private void Trim(RunId current)
    {
        if (desks.Count <= Capacity)
        {
            return;
        }

        foreach (var (run, desk) in desks)
        {
            // A desk in use stays; one that is closed while somebody waits for it sends them to a new one.
            if (run != current && desk.Gate.Wait(0))
            {
                desk.IsClosed = true;
                desks.TryRemove(run, out _);
                desk.Gate.Release();
            }
        }
    }

    /// <summary>The place where one request at a time works on a run.</summary>
    public sealed class Desk : IDisposable
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public bool IsClosed { get; set; }

        /// <summary>What was known after the last chunk; null: read it.</summary>
        public StreamState? State { get; set; }

        public void Dispose() => Gate.Release();
    }
}
