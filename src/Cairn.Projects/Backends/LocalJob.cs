using Cairn.Projects.Processes;
using Cairn.Projects.Running;

namespace Cairn.Projects.Backends;

/// <summary>A process of this machine with everything it starts.</summary>
internal sealed class LocalJob : IRunJob
{
    /// <summary>How long processes that outlive the command may take to end when asked.</summary>
    private static readonly TimeSpan LeftoverGrace = TimeSpan.FromSeconds(2);

    /// <summary>How long an output that a daemon holds open is read when nothing comes from it.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that is away, or a terminal that is held, may keep us from reading on.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _child;
    private readonly ProcessFamily _family;
    private readonly JobOrder _order;

    public LocalJob(ChildProcess child, JobOrder order)
    {
        _child = child;
        _order = order;
        _family = new ProcessFamily(child.Id, order.Mark);
        Ended = EndOfAsync(child);
    }

    public string? Handle => null;

    public IReadOnlyList<Stream> Outputs => [_child.Output, _child.Error];

    public Task Began => Task.CompletedTask;

    public Task<JobEnd> Ended { get; }

    public async Task EndAsync(TimeSpan grace, CancellationToken force)
    {
        if (_order.StopContainer is { } stop)
        {
            await stop(grace, force);
        }

        await _family.EndAsync(grace, force);
    }

    /// <summary>
    /// A run ends with its command: what the command left running in the background is ended too. Only what made itself
    /// a daemon (a session of its own) is let be; it may hold the pipes open, so the reading is not waited for endlessly.
    /// </summary>
    public async Task SettleAsync(OutputReading reading, Action<string> remark, CancellationToken force)
    {
        // The common case costs nothing: all outputs are closed when nobody is left.
        if (await Task.WhenAny(reading.Completed, Task.Delay(50, CancellationToken.None)) != reading.Completed || _family.HasGroup)
        {
            if (_family.HasGroup)
            {
                remark("The command left processes behind; they are ended.");
                await _family.EndAsync(LeftoverGrace, force);
            }

            await reading.DrainAsync(Quiet, Stuck, force);
        }
    }

    public Task ForgetAsync() => Task.CompletedTask;

    public void Dispose() => _child.Dispose();

    private static async Task<JobEnd> EndOfAsync(ChildProcess child) => new(await child.Exited, RunEnd.Exited);
}
