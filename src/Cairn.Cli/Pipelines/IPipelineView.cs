using Cairn.Projects.Pipelines.Running;

namespace Cairn.Cli.Pipelines;

/// <summary>Shows a pipeline at work: on a terminal a picture that changes, elsewhere a line for each thing that happens.</summary>
internal interface IPipelineView : IDisposable
{
    void Changed(StepReport report);

    void Print(string step, ReadOnlyMemory<byte> bytes);

    void Remark(string text);

    /// <summary>Shows what is to be seen when all is over as well.</summary>
    void Warn(string text);
}
