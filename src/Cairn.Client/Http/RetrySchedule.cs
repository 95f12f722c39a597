using System.Net;

namespace Cairn.Client.Http;

/// <summary>How long one call keeps trying.</summary>
internal enum Persistence
{
    /// <summary>Someone waits for the answer: <see cref="CairnClientOptions.RetryFor"/>.</summary>
    Patient,

    /// <summary>Queued data of a run: until the server is back or the caller cancels.</summary>
    Stubborn,
}

/// <summary>
/// The tries of one call: which faults are worth another one, and after what pause. Every write of the native API may be
/// sent twice, so nothing here depends on the method.
/// </summary>
internal sealed class RetrySchedule(CairnClientOptions options, Persistence persistence, TimeSpan patience)
{
    private const int MaxInternalErrors = 4;
    private static readonly TimeSpan LongestAskedPause = TimeSpan.FromMinutes(1);

    private readonly long _started = options.TimeProvider.GetTimestamp();
    private int _tries;
    private int _internalErrors;

    public TimeSpan Elapsed => options.TimeProvider.GetElapsedTime(_started);

    /// <summary>The pause before the next try, or null where this fault is final.</summary>
    /// <param name="status">What the server answered; null where it did not.</param>
    /// <param name="asked">The pause the server asked for, or null.</param>
    public TimeSpan? NextPause(HttpStatusCode? status, TimeSpan? asked)
    {
        if (!IsWorthAnother(status))
        {
            return null;
        }

        var pause = asked is { } wish && wish > TimeSpan.Zero
            ? (wish < LongestAskedPause ? wish : LongestAskedPause)
            : BackOff(_tries);
        _tries++;
        return persistence == Persistence.Stubborn || Elapsed + pause <= patience ? pause : null;
    }

    private bool IsWorthAnother(HttpStatusCode? status) => status switch
    {
        null => true,
        HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => true,
        // A full disk is emptied by a person; queued data waits for that, a person does not.
        HttpStatusCode.InsufficientStorage => persistence == Persistence.Stubborn,
        HttpStatusCode.InternalServerError => _internalErrors++ < MaxInternalErrors,
        _ => false,
    };

    private TimeSpan BackOff(int tries)
    {
        var full = Math.Min(
            options.RetryDelay.TotalMilliseconds * Math.Pow(2, Math.Min(tries, 30)),
            options.MaxRetryDelay.TotalMilliseconds);
#pragma warning disable CA5394 // Chance here spreads load; it guards nothing.
        return TimeSpan.FromMilliseconds(full * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }
}
