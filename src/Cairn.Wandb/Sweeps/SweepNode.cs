using Cairn.Core.Sweeps;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Sweeps;

/// <summary>A sweep being told about.</summary>
internal sealed record SweepNode(ProjectNode Project, Sweep Sweep)
{
    public SweepPlan Plan { get; } = SweepConfig.Read(Sweep.Config);

    public string Id => NodeId.Of("Sweep", Sweep.Id);

    public string State => Sweep.State.ToString().ToUpperInvariant();
}
