using Cairn.Core.Sweeps;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.Artifacts;
using Cairn.Wandb.Files;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.History;
using Cairn.Wandb.Projects;
using Cairn.Wandb.Registries;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Streams;
using Cairn.Wandb.Sweeps;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb;

/// <summary>The parts of the schema, one line each.</summary>
internal static class WandbSlices
{
    public static IReadOnlyList<ISchemaSlice> All(SignedLinks links, RunDesks desks, ISweepStore sweeps, SweepDirector director) =>
    [
        new ViewerSlice(),
        new ProjectSlice(),
        new RunSlice(desks),
        new HistorySlice(),
        new FileSlice(links),
        new ArtifactSlice(),
        new CollectionSlice(),
        new ArtifactMutations(),
        new RegistrySlice(),
        new SweepSlice(sweeps, director),
    ];
}
