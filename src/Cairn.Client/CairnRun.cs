using Cairn.Client.Queue;
using Cairn.Client.Wire;

namespace Cairn.Client;

/// <summary>
/// A run that this program carries out: what it logs goes to the server in the background. Safe to use from any number
/// of threads.
/// </summary>
/// <remarks>
/// <para>
/// <b>Logging</b> (metrics, parameters, tags, summary, lines) stamps the time, puts the value into a queue in memory and
/// returns. Values are sent in order, in batches, within <see cref="CairnClientOptions.FlushInterval"/>. While the server
/// is away they wait and are sent when it is back; a full queue (<see cref="CairnClientOptions.QueueBytes"/>) blocks the
/// logging call. What the server refuses does not hold up the rest: it is told through
/// <see cref="CairnClientOptions.Warn"/> and thrown by the next <see cref="FlushAsync"/> or <see cref="FinishAsync"/>.
/// </para>
/// <para>
/// <b>Ending.</b> <see cref="DisposeAsync"/> delivers everything and finishes the run as
/// <see cref="RunStatus.Finished"/>: it cannot know whether it is called because of an exception. Where that matters call
/// <see cref="FailAsync"/> in a catch block, or let
/// <see cref="TrackAsync(RunOptions?, Func{CairnRun, CancellationToken, Task}, CancellationToken)"/> do it.
/// </para>
/// </remarks>
public sealed partial class CairnRun : IAsyncDisposable
{
    private readonly CairnClient _client;
    private readonly bool _ownsClient;
    private readonly bool _adopted;
    private readonly UpdateQueue _queue;
    private readonly UpdateSender _sender;
    private readonly StepCounter _steps = new();
    private readonly SemaphoreSlim _ending = new(1);
    private readonly ExitWatch? _exitWatch;
    private long _nextLine;
    private volatile bool _finished;
    private volatile bool _givenUp;
    private bool _disposed;

    private CairnRun(CairnClient client, bool ownsClient, RunInfo info, RunDetail? existing, bool adopted)
    {
        _client = client;
        _ownsClient = ownsClient;
        _adopted = adopted;
        Info = info;
        if (existing is not null)
        {
            _steps.ContinueAfter(existing);
            _nextLine = existing.LogLines;
        }

        _queue = new UpdateQueue(client.Options);
        _sender = new UpdateSender(client, info.Id, _queue);
        _exitWatch = client.Options.FinishOnExit ? ExitWatch.Over(this) : null;
    }

    /// <summary>32 lower-case hexadecimal digits.</summary>
    public string Id => Info.Id;

    /// <summary>The run as it was when it was started, adopted or resumed.</summary>
    public RunInfo Info { get; }

    /// <summary>The page of the run in the web interface.</summary>
    public Uri Url => _client.RunPage(Id);

    /// <summary>The client the run speaks through.</summary>
    public CairnClient Client => _client;

    /// <summary>
    /// Ends when all that was logged before the call is on the server's disk. Waits for a server that is away.
    /// </summary>
    /// <param name="cancellation">Ends the waiting; the values stay queued and are sent nevertheless.</param>
    /// <exception cref="CairnClientException">
    /// Values have been refused since the last time this was told: the first, its name in
    /// <see cref="CairnClientException.Field"/>, the others in <see cref="CairnClientException.Others"/>. All else arrived.
    /// </exception>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        await _sender.FlushAsync(cancellation);
        _sender.ThrowRefusals();
    }

    /// <summary>
    /// Delivers everything, then gives the run its final status and its end, the time of the call. Nothing can be logged
    /// from then on. The first end counts: further calls do nothing.
    /// </summary>
    /// <param name="status">How it ended: finished, failed, killed or crashed.</param>
    /// <param name="cancellation">
    /// Gives up waiting for a server that is away. The call can be repeated; disposing instead drops what is queued.
    /// </param>
    /// <exception cref="CairnClientException">
    /// Values have been refused (see <see cref="FlushAsync"/>; the run is finished all the same), or the server stayed away
    /// for <see cref="CairnClientOptions.DeliveryTimeout"/>.
    /// </exception>
    public async Task FinishAsync(RunStatus status = RunStatus.Finished, CancellationToken cancellation = default)
    {
        if (status is RunStatus.Running or RunStatus.Scheduled)
        {
            throw new ArgumentOutOfRangeException(nameof(status), status, "A run does not end as one that goes on.");
        }

        var update = StatusNow(status);
        await _ending.WaitAsync(cancellation);
        try
        {
            if (_finished)
            {
                return;
            }

            _queue.Close();
            await EndAsync(update, cancellation);
            _finished = true;
        }
        finally
        {
            _ending.Release();
        }

        _sender.ThrowRefusals();
    }

    /// <summary>
    /// Finishes the run as <see cref="RunStatus.Failed"/> and keeps what was thrown: the tag "cairn.error" gets type and
    /// message, the log of a run that no launcher captures gets the whole text.
    /// </summary>
    /// <param name="exception">What went wrong.</param>
    /// <param name="cancellation">As for <see cref="FinishAsync"/>.</param>
    public Task FailAsync(Exception exception, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (!_finished && !_givenUp)
        {
            SetTag("cairn.error", $"{exception.GetType().FullName}: {exception.Message}");
            if (!_adopted)
            {
                Log(exception.ToString(), "stderr");
            }
        }

        return FinishAsync(RunStatus.Failed, cancellation);
    }

    /// <summary>
    /// Finishes the run as <see cref="RunStatus.Finished"/> unless it has been ended, waiting as <see cref="FinishAsync"/>
    /// does. Does not throw: what would be thrown is told through <see cref="CairnClientOptions.Warn"/>, because a
    /// disposal must not hide the exception that may be on its way.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _exitWatch?.Dispose();
        if (!_finished && !_givenUp)
        {
            try
            {
                await FinishAsync(RunStatus.Finished, CancellationToken.None);
            }
            catch (CairnClientException fault)
            {
                _client.Options.Tell($"Run {Id} could not be finished as it should: {fault.Message}");
            }
        }

        _queue.Close();
        if (!_finished && _queue.Pending is > 0 and var lost)
        {
            _client.Options.Tell($"{lost} values of run {Id} were not delivered.");
        }

        await _sender.DisposeAsync();
        _queue.Dispose();
        if (_ownsClient)
        {
            _client.Dispose();
        }
    }

    /// <summary>Delivers everything and sets a status, but leaves the run open.</summary>
    internal async Task DeliverAsync(RunStatus status, CancellationToken cancellation)
    {
        var update = StatusNow(status);
        if (!_finished)
        {
            await _sender.FlushAsync(cancellation);
            await _client.SendUpdateAsync(Id, update, Http.Persistence.Stubborn, cancellation);
        }
    }

    private async Task EndAsync(RunUpdate update, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_client.Options.DeliveryTimeout, _client.Options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _sender.DrainAsync(either.Token);
            await _client.SendUpdateAsync(Id, update, Http.Persistence.Stubborn, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            _givenUp = true;
            throw new CairnClientException(
                null,
                "unreachable",
                $"The server at {_client.Url} stayed away for {_client.Options.DeliveryTimeout}; {_queue.Pending} values of run " +
                $"{Id} were not delivered and its status was not set.");
        }
        catch (OperationCanceledException)
        {
            _givenUp = true;
            throw;
        }
    }

    private RunUpdate StatusNow(RunStatus status) =>
        new(Status: status.ToWire(), EndedAt: Now());

    private long Now() => _client.Options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
}
