using Cairn.Wandb.Accounts;
using Cairn.Wandb.GraphQl;

namespace Cairn.Wandb;

/// <summary>The parts of the schema, one line each.</summary>
internal static class WandbSlices
{
    public static IReadOnlyList<ISchemaSlice> All() =>
    [
        new ViewerSlice(),
    ];
}
