namespace Cairn.Projects.Pipelines;

/// <summary>A pipeline cannot be used or run as asked. The message says where and what to change.</summary>
public sealed class PipelineException(string message) : ProjectException(message);
