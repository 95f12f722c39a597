using System.Threading.Channels;
using Cairn.Core.Access;
using Cairn.Core.Experiments;

namespace Cairn.Core.Runs;

/// <summary>What of a run changed.</summary>
[Flags]
public enum RunChanges
{
    None = 0,
    Info = 1,
    Params = 2,
    Tags = 4,
    Series = 8,
    Summary = 16,
    Logs = 32,
    Media = 64,
    Files = 128,
    Artifacts = 256,
}

/// <summary>A change of a run, after it is on disk.</summary>
public readonly record struct RunChange(RunId RunId, ExperimentId ExperimentId, RunChanges Changes);

/// <summary>
/// Tells subscribers which runs changed. Changes of one run that were not read yet are merged, so a slow reader costs
/// nothing but freshness, and a writer never waits for a reader.
/// </summary>
/// <param name="access">Says who may hear of which runs; null lets everybody hear of all.</param>
public sealed class RunFeed(AccessGuard? access = null)
{
    private readonly AccessGuard? access = access;
    private readonly Lock gate = new();
    private Subscription[] subscriptions = [];

    public void Publish(RunChange change)
    {
        foreach (var subscription in Volatile.Read(ref subscriptions))
        {
            subscription.Add(change);
        }
    }

    /// <summary>Hears of changes from now on, of one run or one experiment or, with neither, of everything. Dispose to stop.</summary>
    public Subscription Subscribe(RunId? run = null, ExperimentId? experiment = null)
    {
        var subscription = new Subscription(this, run, experiment);
        lock (gate)
        {
            subscriptions = [.. subscriptions, subscription];
        }

        return subscription;
    }

    private void Remove(Subscription subscription)
    {
        lock (gate)
        {
            subscriptions = [.. subscriptions.Where(other => other != subscription)];
        }
    }

    /// <summary>One reader's view of the feed.</summary>
    public sealed class Subscription : IDisposable
    {
        private readonly RunFeed feed;
        private readonly RunId? run;
        private readonly ExperimentId? experiment;
        private readonly Lock gate = new();
        private readonly Channel<bool> signal = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        private Dictionary<RunId, RunChange> waiting = [];

        internal Subscription(RunFeed feed, RunId? run, ExperimentId? experiment)
        {
            this.feed = feed;
            this.run = run;
            this.experiment = experiment;
        }

        /// <summary>Waits until something changed and answers everything that did since the last call, one entry for each run.</summary>
        public async Task<IReadOnlyCollection<RunChange>> ReadAsync(CancellationToken cancellationToken)
        {
            while (true)
            {
                await signal.Reader.ReadAsync(cancellationToken);
                var changes = await OnlyReadableAsync(Take(), cancellationToken);
                if (changes.Count > 0)
                {
                    return changes;
                }
            }
        }

        public void Dispose() => feed.Remove(this);

        private Dictionary<RunId, RunChange>.ValueCollection Take()
        {
            lock (gate)
            {
                var changes = waiting.Values;
                waiting = [];
                return changes;
            }
        }

        // What the reader may do is asked each time: it may have been taken away since the last.
        private async ValueTask<IReadOnlyCollection<RunChange>> OnlyReadableAsync(IReadOnlyCollection<RunChange> changes, CancellationToken cancellationToken) =>
            feed.access is not null && await feed.access.FindRightsAsync(cancellationToken) is { } rights
                ? [.. changes.Where(change => rights.MayRead(change.ExperimentId))]
                : changes;

        internal void Add(RunChange change)
        {
            if ((run is { } one && one != change.RunId) || (experiment is { } all && all != change.ExperimentId))
            {
                return;
            }

            lock (gate)
            {
                var before = waiting.TryGetValue(change.RunId, out var earlier) ? earlier.Changes : RunChanges.None;
                waiting[change.RunId] = change with { Changes = before | change.Changes };
            }

            signal.Writer.TryWrite(true);
        }
    }
}
