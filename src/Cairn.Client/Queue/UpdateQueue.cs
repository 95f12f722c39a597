namespace Cairn.Client.Queue;

/// <summary>
/// What a run has logged and not sent yet: any thread adds, one sender takes. Bounded by memory: a full queue blocks who
/// adds. A batch is ready when it is full, when its oldest value has waited long enough, or when someone flushes.
/// </summary>
internal sealed class UpdateQueue : IDisposable
{
    /// <summary>Most values in one update.</summary>
    public const int BatchEntries = 5_000;

    /// <summary>Most bytes in one update, roughly; a single larger value travels alone.</summary>
    public const int BatchBytes = 1 << 20;

    private readonly object _gate = new(); // not a Lock: writers wait on it for room
    private readonly Queue<Entry> _entries = new();
    private readonly List<(long Target, TaskCompletionSource Done)> _flushes = [];
    private readonly long _capacity;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private TaskCompletionSource _ready = NewSignal();
    private long _bytes;
    private long _added;
    private long _taken;
    private long _settled;
    private long _wanted; // a flush waits for all up to this one
    private bool _closed;

    public UpdateQueue(CairnClientOptions options)
    {
        _capacity = options.QueueBytes;
        _interval = options.FlushInterval;
        _timer = options.TimeProvider.CreateTimer(
            static queue => ((UpdateQueue)queue!).MakeReady(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Values that have been added and neither acknowledged nor refused.</summary>
    public long Pending
    {
        get
        {
            lock (_gate)
            {
                return _added - _settled;
            }
        }
    }

    /// <summary>Adds a value; blocks while there is no room. False where the queue has been closed.</summary>
    public bool TryAdd(Entry entry)
    {
        lock (_gate)
        {
            while (!_closed && _entries.Count > 0 && _bytes + entry.Cost > _capacity)
            {
                // Room is made by sending, whatever the flush interval says.
                _ready.TrySetResult();
                Monitor.Wait(_gate);
            }

            if (_closed)
            {
                return false;
            }

            _entries.Enqueue(entry);
            _bytes += entry.Cost;
            _added++;
            if (_entries.Count >= BatchEntries || _bytes >= BatchBytes)
            {
                _ready.TrySetResult();
            }
            else if (_entries.Count == 1)
            {
                _timer.Change(_interval, Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    /// <summary>The next batch as soon as one is ready; null once the queue is closed and empty. For one caller.</summary>
    public async Task<Entry[]?> TakeAsync()
    {
        while (true)
        {
            Task ready;
            lock (_gate)
            {
                ready = _ready.Task;
            }

            await ready;
            lock (_gate)
            {
                if (_entries.Count > 0)
                {
                    return Take();
                }

                if (_closed)
                {
                    return null;
                }

                Rearm();
            }
        }
    }

    /// <summary>Tells that so many taken values are acknowledged or refused.</summary>
    public void Settle(int count)
    {
        lock (_gate)
        {
            _settled += count;
            _flushes.RemoveAll(flush => flush.Target <= _settled && flush.Done.TrySetResult());
        }
    }

    /// <summary>Ends when all that had been added before the call is settled.</summary>
    public Task FlushAsync()
    {
        lock (_gate)
        {
            if (_settled == _added)
            {
                return Task.CompletedTask;
            }

            _wanted = _added;
            _ready.TrySetResult();
            var done = NewSignal();
            _flushes.Add((_added, done));
            return done.Task;
        }
    }

    /// <summary>Lets nothing in any more; what is in can still be taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            _ready.TrySetResult();
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose() => _timer.Dispose();

    private Entry[] Take()
    {
        var count = 0;
        var bytes = 0L;
        foreach (var entry in _entries)
        {
            if (count == BatchEntries || (count > 0 && bytes + entry.Cost > BatchBytes))
            {
                break;
            }

            bytes += entry.Cost;
            count++;
        }

        var batch = new Entry[count];
        for (var i = 0; i < count; i++)
        {
            batch[i] = _entries.Dequeue();
        }

        _bytes -= bytes;
        _taken += count;
        Rearm();
        Monitor.PulseAll(_gate);
        return batch;
    }

    private void Rearm()
    {
        if (_closed || _wanted > _taken || _entries.Count >= BatchEntries || _bytes >= BatchBytes)
        {
            return; // the signal stays set: the next batch is ready now
        }

        if (_ready.Task.IsCompleted)
        {
            _ready = NewSignal();
        }

        if (_entries.Count > 0)
        {
            _timer.Change(_interval, Timeout.InfiniteTimeSpan);
        }
    }

    private void MakeReady()
    {
        lock (_gate)
        {
            _ready.TrySetResult();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
