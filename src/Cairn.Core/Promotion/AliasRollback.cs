using Cairn.Core.Artifacts;
using Cairn.Core.Runs;

namespace Cairn.Core.Promotion;

/// <summary>An asked return of an alias to the holder before.</summary>
/// <param name="Place">Which alias.</param>
/// <param name="Expected">Where it must point now; null where that does not matter.</param>
/// <param name="Who">Who asks, or null.</param>
/// <param name="Why">Reason, or null.</param>
/// <param name="RunId">The run that asks, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record AliasRollback(GatePlace Place, ExpectedAlias? Expected, string? Who, string? Why, RunId? RunId, long At);
