using System.Net;
using System.Threading.Channels;
using Cairn.Client;
using Cairn.Client.Wire;

namespace Cairn.Projects.Running;

/// <summary>
/// Carries log lines to the server in the background: at most a few updates a second, each a batch. While the server is
/// away lines wait; when very many wait, <see cref="WaitForRoom"/> holds back the reader, and so the process that prints.
/// </summary>
internal sealed class RunLog
{
    private const int MostWaiting = 50_000;
    private const int MostInBatch = 2_000;
    private const int MostCharactersInBatch = 1 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly CairnClient _client;
    private readonly string _runId;
    private readonly Action<string> _remark;
    private readonly SortedDictionary<long, LogLine> _waiting = [];
    private readonly object _gate = new();
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TaskCompletionSource _completed = new();
    private readonly Task _sending;
    private bool _refused;
    private bool _away;

    public RunLog(CairnClient client, string runId, Action<string> remark)
    {
        _client = client;
        _runId = runId;
        _remark = remark;
        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>Called before each batch: unfinished lines are to be added as they stand.</summary>
    public Action? BeforeBatch { get; set; }

    /// <summary>Adds a line, or replaces the one of its number. Never blocks.</summary>
    public void Add(LogLine line)
    {
        lock (_gate)
        {
            if (!_refused)
            {
                _waiting[line.Line] = line;
            }
        }

        Wake();
    }

    /// <summary>Something was read, though no line may be complete.</summary>
    public void Wake() => _news.Writer.TryWrite(true);

    /// <summary>Blocks while too many lines wait.</summary>
    public void WaitForRoom()
    {
        lock (_gate)
        {
            while (_waiting.Count >= MostWaiting && !_sending.IsCompleted)
            {
                Monitor.Wait(_gate, RetryPause);
            }
        }
    }

    /// <summary>Ends when all lines are on the server, or <paramref name="limit"/> has passed with the server away.</summary>
    public async Task CompleteAsync(TimeSpan limit)
    {
        _news.Writer.TryComplete();
        _completed.TrySetResult();
        try
        {
            await _sending.WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _remark($"The server at {_client.Url} is away: {_waiting.Count} log lines were not delivered.");
            }
        }
    }

    private async Task SendAllAsync()
    {
        var more = true;
        while (more)
        {
            more = await _news.Reader.WaitToReadAsync();
            _news.Reader.TryRead(out _);
            BeforeBatch?.Invoke();
            while (Take() is { Count: > 0 } batch)
            {
                await SendAsync(batch);
            }

            await Task.WhenAny(Task.Delay(Pause), _completed.Task);
        }
    }

    private List<LogLine> Take()
    {
        lock (_gate)
        {
            var batch = new List<LogLine>();
            var characters = 0;
            foreach (var line in _waiting.Values)
            {
                if (batch.Count == MostInBatch || characters > MostCharactersInBatch)
                {
                    break;
                }

                batch.Add(line);
                characters += line.Text.Length;
            }

            return batch;
        }
    }

    /// <summary>Sends until it succeeds or the server refuses; only what is on the server's disk leaves the queue.</summary>
    private async Task SendAsync(List<LogLine> batch)
    {
        while (true)
        {
            try
            {
                await _client.UpdateRunAsync(_runId, new RunUpdate(Logs: batch), CancellationToken.None);
                Remove(batch);
                return;
            }
            catch (CairnClientException fault) when (fault.Status is { } status && status < HttpStatusCode.InternalServerError)
            {
                Refused(fault);
                return;
            }
            catch (CairnClientException fault)
            {
                if (!_away)
                {
                    _remark($"Log lines wait for the server: {fault.Message}");
                    _away = true;
                }

                await Task.Delay(RetryPause);
            }
        }
    }

    private void Remove(List<LogLine> batch)
    {
        lock (_gate)
        {
            foreach (var line in batch)
            {
                // It may have been written anew while it was on its way.
                if (_waiting.TryGetValue(line.Line, out var now) && ReferenceEquals(now, line))
                {
                    _waiting.Remove(line.Line);
                }
            }

            _away = false;
            Monitor.PulseAll(_gate);
        }
    }

    private void Refused(CairnClientException fault)
    {
        lock (_gate)
        {
            _refused = true;
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }

        _remark($"The server refuses log lines; the log of this run ends here. {fault.Message}");
    }
}
