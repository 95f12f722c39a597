using Cairn.Client.Wire;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Backends;

/// <summary>Processes of this machine. They end with us.</summary>
public sealed class LocalBackend : IRunBackend
{
    /// <summary>The one there is.</summary>
    public static LocalBackend Instance { get; } = new();

    public string Name => "local";

    public IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>();

    public Task<IRunJob> StartAsync(JobOrder order, CancellationToken cancellation) =>
        Task.FromResult<IRunJob>(new LocalJob(ChildProcess.Start(order.Command), order));

    public Task<IRunJob?> FindAsync(RunDetail run, Action<string> remark, CancellationToken cancellation) => Task.FromResult<IRunJob?>(null);
}
