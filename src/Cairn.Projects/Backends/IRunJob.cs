using Cairn.Projects.Running;

namespace Cairn.Projects.Backends;

/// <summary>A command that was started.</summary>
public interface IRunJob : IDisposable
{
    /// <summary>What people find it by in the scheduler; null where it is a process of this machine.</summary>
    string? Handle { get; }

    /// <summary>Its outputs: one of both, or standard output and standard error. Whoever reads them disposes them.</summary>
    IReadOnlyList<Stream> Outputs { get; }

    /// <summary>Ends when the command begins, or when it will not begin any more.</summary>
    Task Began { get; }

    /// <summary>Ends with the command. Never fails.</summary>
    Task<JobEnd> Ended { get; }

    /// <summary>Ends the command: kindly, then by force.</summary>
    /// <param name="grace">How long it may take.</param>
    /// <param name="force">Ends the waiting.</param>
    Task EndAsync(TimeSpan grace, CancellationToken force);

    /// <summary>Sees to what outlives the command, and that <paramref name="reading"/> comes to its end.</summary>
    Task SettleAsync(OutputReading reading, Action<string> remark, CancellationToken force);

    /// <summary>Everything about it is recorded; what was kept for taking it up again can go. Never fails.</summary>
    Task ForgetAsync();
}
