namespace Cairn.Client.Tests.Fakes;

/// <summary>Keeps what is reported, on the thread that reports it.</summary>
internal sealed class ProgressLog : IProgress<TransferProgress>
{
    private readonly List<TransferProgress> _reports = [];

    public IReadOnlyList<TransferProgress> Reports
    {
        get
        {
            lock (_reports)
            {
                return [.. _reports];
            }
        }
    }

    public void Report(TransferProgress value)
    {
        lock (_reports)
        {
            _reports.Add(value);
        }
    }

    public TransferProgress Best(TransferPhase phase) =>
        Reports.Where(r => r.Phase == phase).MaxBy(r => (r.FilesDone, r.BytesDone));
}
