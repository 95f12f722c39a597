using System.Net;
using Cairn.Client.Http;

namespace Cairn.Client.Queue;

/// <summary>
/// Takes batches from the queue of one run and delivers them in order, for as long as it takes. A batch the server
/// refuses is halved until the value at fault stands alone: that one is reported, all others arrive.
/// </summary>
internal sealed class UpdateSender : IAsyncDisposable
{
    private const int MaxRemembered = 17;

    // A server that fails whatever it gets would be asked for every single value, with pauses; one value it stumbles
    // over is found with a dozen splits.
    private const int MaxInternalErrorSplits = 32;

    private readonly CairnClient _client;
    private readonly string _runId;
    private readonly UpdateQueue _queue;
    private readonly CancellationTokenSource _abandoned = new();
    private readonly List<CairnClientException> _refused = [];
    private readonly Task _loop;
    private long _refusedCount;
    private int _splitsLeft;

    public UpdateSender(CairnClient client, string runId, UpdateQueue queue)
    {
        _client = client;
        _runId = runId;
        _queue = queue;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Throws what has been refused since the last time, the first with the others beside it.</summary>
    public void ThrowRefusals()
    {
        CairnClientException first;
        lock (_refused)
        {
            if (_refused.Count == 0)
            {
                return;
            }

            first = _refused[0];
            var more = _refusedCount - 1;
            first = new CairnClientException(
                first.Status,
                first.Code,
                more == 0 ? first.Message : $"{first.Message} ({more} further refused.)",
                first.Field,
                first.InnerException)
            {
                Others = [.. _refused.Skip(1)],
            };
            _refused.Clear();
            _refusedCount = 0;
        }

        throw first;
    }

    /// <summary>Ends when all that was queued before the call is acknowledged or refused, or given up.</summary>
    public async Task FlushAsync(CancellationToken cancellation) =>
        await Task.WhenAny(_queue.FlushAsync(), _loop).WaitAsync(cancellation);

    /// <summary>Ends when the closed queue is empty.</summary>
    public Task DrainAsync(CancellationToken cancellation) => _loop.WaitAsync(cancellation);

    /// <summary>Stops trying; what has not been delivered is lost.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abandoned.CancelAsync();
        await _loop;
        _abandoned.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _queue.TakeAsync() is { } batch)
            {
                _splitsLeft = MaxInternalErrorSplits;
                await DeliverAsync(batch);
                _queue.Settle(batch.Length);
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            // Who abandons has told the user.
        }
    }

    private async Task DeliverAsync(ReadOnlyMemory<Entry> entries)
    {
        while (entries.Length > 0)
        {
            var update = UpdateBatch.Of(entries.Span, out var used);
            var part = entries[..used];
            entries = entries[used..];
            try
            {
                await _client.SendUpdateAsync(_runId, update, Persistence.Stubborn, _abandoned.Token);
            }
            catch (CairnClientException fault) when (used > 1 && IsWorthSplitting(fault.Status))
            {
                await DeliverAsync(part[..(used / 2)]);
                await DeliverAsync(part[(used / 2)..]);
            }
            catch (CairnClientException fault)
            {
                Refuse(part.Span, fault);
            }
#pragma warning disable CA1031 // A value that cannot be sent must not end the sending of all others.
            catch (Exception fault) when (fault is not OperationCanceledException)
#pragma warning restore CA1031
            {
                Refuse(part.Span, new CairnClientException(fault.Message, fault));
            }
        }
    }

    // Only where the content may be the reason: with a missing run or a wrong key smaller parts would fare no better.
    private bool IsWorthSplitting(HttpStatusCode? status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.PreconditionFailed
            or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity => true,
        HttpStatusCode.InternalServerError => _splitsLeft-- > 0,
        _ => false,
    };

    private void Refuse(ReadOnlySpan<Entry> entries, CairnClientException fault)
    {
        var first = entries[0];
        var title = entries.Length == 1 ? first.Title : $"{first.Title} and {entries.Length - 1} further values";
        var refusal = new CairnClientException(
            fault.Status, fault.Code, $"The server refused {title}: {fault.Message}", first.Field, fault);
        lock (_refused)
        {
            _refusedCount += entries.Length;
            if (_refused.Count == MaxRemembered)
            {
                return;
            }

            _refused.Add(refusal);
        }

        _client.Options.Tell(refusal.Message);
    }
}
