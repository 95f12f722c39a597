namespace Cairn.Migration;

/// <summary>What moves beside experiments and runs. A later kind may speak of an earlier one, and all of runs.</summary>
public static class ThingKinds
{
    public const string LoggedModels = "logged-models";
    public const string Artifacts = "artifacts";
    public const string Traces = "traces";

    /// <summary>In the order in which they are imported.</summary>
    public static IReadOnlyList<string> All { get; } =
        [LoggedModels, Artifacts, "portfolios", "gates", "approvals", "decisions", Traces, "evaluation-sets", "scorers", "sweeps", "views"];
}
