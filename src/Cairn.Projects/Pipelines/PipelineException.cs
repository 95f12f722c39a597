namespace Cairn.Projects.Pipelines;

/// <summary>A pipeline cannot be used or run as asked. The message says where and what to change.</summary>
public sealed class PipelineException(string message) : ProjectException(message)
{
    internal PipelineException(ProjectFinding finding)
        : this(finding.ToString()) => Finding = finding;

    /// <summary>What and where, in parts; null where it is about no place of a file.</summary>
    internal ProjectFinding? Finding { get; }
}
