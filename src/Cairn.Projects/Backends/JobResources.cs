namespace Cairn.Projects.Backends;

/// <summary>What a command needs of a machine.</summary>
/// <param name="Processors">Processors.</param>
/// <param name="Memory">Bytes, or null: as much as the scheduler gives.</param>
/// <param name="Gpus">Number of graphics processors, or with their kind ("a100:2"); null means none.</param>
public sealed record JobResources(int Processors = 1, long? Memory = null, string? Gpus = null);
