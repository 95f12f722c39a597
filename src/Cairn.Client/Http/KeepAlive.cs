namespace Cairn.Client.Http;

/// <summary>
/// Cancels one try when nothing has moved for <see cref="CairnClientOptions.SilenceTimeout"/>. Whoever moves bytes calls
/// <see cref="Touch"/>, so that a long transfer lives as long as it gets on.
/// </summary>
internal sealed class KeepAlive : IDisposable
{
    private readonly TimeSpan _silence;
    private readonly CancellationTokenSource _timer;
    private readonly CancellationTokenSource _either;

    public KeepAlive(CairnClientOptions options, CancellationToken cancellation)
    {
        _silence = options.SilenceTimeout;
        _timer = new CancellationTokenSource(_silence, options.TimeProvider);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timer.Token, cancellation);
    }

    public CancellationToken Token => _either.Token;

    public void Touch() => _timer.CancelAfter(_silence);

    public void Dispose()
    {
        _either.Dispose();
        _timer.Dispose();
    }
}
