using Cairn.Projects.Environments;
using Cairn.Projects.Processes;

namespace Cairn.Projects.Backends;

/// <summary>A command of a run, to be carried out once.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Title">A short name for lists of jobs.</param>
/// <param name="Command">The program with its arguments, folder and environment.</param>
/// <param name="Resources">What it needs.</param>
/// <param name="Timeout">How long it may run, or null.</param>
/// <param name="Remark">Gets remarks for people while it waits and runs.</param>
public sealed record JobOrder(
    string RunId, string Title, ChildCommand Command, JobResources Resources, TimeSpan? Timeout, Action<string> Remark)
{
    /// <summary>The mark by which processes of the run are known even when they left their process group.</summary>
    public required string Mark { get; init; }

    /// <summary>The container it is to run in, and the shell line there; null where it runs in none.</summary>
    internal ContainerPlan? Container { get; init; }

    /// <summary>The command without the container's engine around it.</summary>
    public string? ShellLine { get; init; }

    /// <summary>Ends the container it runs in, kindly and then by force; null where it runs in none.</summary>
    internal Func<TimeSpan, CancellationToken, Task>? StopContainer { get; init; }
}
