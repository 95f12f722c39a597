using Cairn.Client.Wire;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>What a pipeline that goes on finds of its earlier life.</summary>
/// <param name="Finished">Runs of steps that succeeded.</param>
/// <param name="Left">Runs of steps whose jobs outlived the runner, whether they still go on or not.</param>
internal sealed record EarlierRuns(IReadOnlyList<RunDetail> Finished, IReadOnlyList<RunDetail> Left)
{
    public static EarlierRuns None { get; } = new([], []);
}
