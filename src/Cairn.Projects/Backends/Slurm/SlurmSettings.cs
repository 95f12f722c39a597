namespace Cairn.Projects.Backends.Slurm;

/// <summary>What a cluster is asked for, beside the resources of each step. Nothing of it has to be set.</summary>
public sealed record SlurmSettings
{
    /// <summary>The partition; null means the cluster's default.</summary>
    public string? Partition { get; init; }

    /// <summary>The account to be charged, or null.</summary>
    public string? Account { get; init; }

    /// <summary>The quality of service, or null.</summary>
    public string? Qos { get; init; }

    /// <summary>Features the node must have, or null.</summary>
    public string? Constraint { get; init; }

    /// <summary>A reservation to run in, or null.</summary>
    public string? Reservation { get; init; }

    /// <summary>The nodes to run on, or null.</summary>
    public string? Nodes { get; init; }

    /// <summary>Jobs of others that must have ended first, as sbatch writes it (<c>afterok:123</c>), or null.</summary>
    public string? Dependency { get; init; }

    /// <summary>The longest time a job may take where its step sets none, or null.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Resources of commands that do not say their own.</summary>
    public JobResources Resources { get; init; } = new();

    /// <summary>Where jobs and their outputs meet us; every node must see it under this path. Null means the cache folder.</summary>
    public string? Folder { get; init; }
}
