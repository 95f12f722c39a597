using Cairn.Projects.Pipelines.Running;

namespace Cairn.Projects.Pipelines.Jobs;

/// <summary>How a worker works.</summary>
public sealed record JobWorkerOptions
{
    /// <summary>By which name people know it.</summary>
    public string Name { get; init; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>Jobs at once; a pipeline has one at a time whatever this is.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>How long it may be silent before its job is given to another.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long it waits before it asks again where there is nothing to do.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Ends when there is nothing to do, in place of waiting for work.</summary>
    public bool UntilIdle { get; init; }

    /// <summary>Options of every pipeline; what belongs to one job is set by the worker.</summary>
    public PipelineOptions Pipelines { get; init; } = new();

    /// <summary>Gets a line about what it does.</summary>
    public Action<string> Tell { get; init; } = _ => { };
}
