using System.Globalization;
using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Projects;

/// <summary>A project: an experiment of the house.</summary>
internal sealed record ProjectNode(Experiment Experiment)
{
    /// <summary>Where runs go that name no project.</summary>
    public const string Default = "uncategorized";

    public string Id => NodeId.Of("Project", Number);

    public string InternalId => NodeId.Of("ProjectInternalId", Number);

    /// <summary>A number that clients parse; ids on the wire start at 1.</summary>
    public long Number => Experiment.Id.Value + 1;

    public string NumberText => Number.ToString(CultureInfo.InvariantCulture);

    public string Name => Experiment.Name;

    public EntityNode Entity { get; } = EntityNode.Default;

    /// <summary>The active project of that name, or null. The entity does not matter: there is one.</summary>
    public static async ValueTask<ProjectNode?> FindAsync(WandbRequest request, string? name, CancellationToken cancellationToken) =>
        !string.IsNullOrEmpty(name) && await request.Services.Runs.FindExperimentAsync(name, cancellationToken) is { Lifecycle: Lifecycle.Active } found
            ? new ProjectNode(found)
            : null;
}
