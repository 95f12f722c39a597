namespace Cairn.Client.Transfer;

/// <summary>
/// Sums up what parallel transfers of one phase have done and tells it, about two hundred times in all plus once for
/// each file, however large they are.
/// </summary>
internal sealed class ProgressMeter
{
    private const int Reports = 200;

    private readonly IProgress<TransferProgress>? _progress;
    private readonly TransferPhase _phase;
    private readonly long _bytesTotal;
    private readonly int _filesTotal;
    private readonly long _stride;
    private long _bytesDone;
    private int _filesDone;

    public ProgressMeter(IProgress<TransferProgress>? progress, TransferPhase phase, long bytesTotal, int filesTotal)
    {
        _progress = progress;
        _phase = phase;
        _bytesTotal = bytesTotal;
        _filesTotal = filesTotal;
        _stride = Math.Max(1, bytesTotal / Reports);
        Report();
    }

    public FileMeter NewFile() => new(this);

    private void Add(long bytes)
    {
        var now = Interlocked.Add(ref _bytesDone, bytes);
        if (_progress is not null && now / _stride != (now - bytes) / _stride)
        {
            Report();
        }
    }

    private void Done()
    {
        Interlocked.Increment(ref _filesDone);
        Report();
    }

    private void Report() => _progress?.Report(
        new TransferProgress(_phase, Interlocked.Read(ref _bytesDone), _bytesTotal, Volatile.Read(ref _filesDone), _filesTotal));

    /// <summary>The part of one file. A try that starts again takes back what the broken one had counted.</summary>
    internal sealed class FileMeter(ProgressMeter meter)
    {
        private long _bytes;

        public void Add(long bytes)
        {
            _bytes += bytes;
            meter.Add(bytes);
        }

        public void Restart()
        {
            if (_bytes > 0)
            {
                Add(-_bytes);
            }
        }

        public void Done() => meter.Done();
    }
}
