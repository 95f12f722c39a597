using Cairn.Core.Experiments;

namespace Cairn.Core.Triggers;

/// <summary>A pipeline that the server may have carried out by a worker. The server knows where it is, not what it does.</summary>
/// <param name="Name">Unique on the server.</param>
/// <param name="ExperimentId">Where its runs go.</param>
/// <param name="Source">Where a worker finds it.</param>
/// <param name="Changes">Changes of its parameters for every run.</param>
/// <param name="RegisteredBy">Who, or null.</param>
/// <param name="RegisteredAt">Unix milliseconds.</param>
/// <param name="Revision">Counts registrations under this name, from 1.</param>
public sealed record RegisteredPipeline(
    string Name,
    ExperimentId ExperimentId,
    PipelineSource Source,
    IReadOnlyList<string> Changes,
    string? RegisteredBy,
    long RegisteredAt,
    int Revision = 1)
{
    /// <summary>The tag by which a runner says of which pipeline a run is.</summary>
    public const string NameTag = "cairn.pipeline.name";
}

/// <summary>Where a pipeline is.</summary>
/// <param name="Kind">"snapshot" (an artifact version that holds its folder), "git" or "folder" (on the worker's machine).</param>
/// <param name="Location">"experiment/name:v3", an address or a path.</param>
/// <param name="Commit">Commit of the code, or null.</param>
/// <param name="File">Path of the pipeline file within it.</param>
public sealed record PipelineSource(string Kind, string Location, string? Commit, string File);
