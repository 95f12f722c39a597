using Cairn.Core.Artifacts;

namespace Cairn.Core.Promotion;

/// <summary>What a gate stands before: an alias of an artifact, or of a collection of links to versions.</summary>
public readonly record struct GatePlace(ArtifactKey Key, string Alias)
{
    public override string ToString() => $"{Key.Name}:{Alias}";
}

/// <summary>
/// What must hold for a version to get the alias. It is policy of the artifact, kept by the server and judged within the
/// transaction that moves the alias, whichever protocol asks for the move.
/// </summary>
/// <param name="When">A condition on metrics (<see cref="GateExpression"/>), or null.</param>
/// <param name="Checks">Names of checks that must have passed.</param>
/// <param name="Approvals">How many people must have agreed.</param>
/// <param name="Approvers">Whose approvals count; empty means anybody's.</param>
/// <param name="Data">Name of the data on which metrics are compared; null means all data that a run used.</param>
/// <param name="Stage">A stage of MLflow's registry that stands behind the same gate, or null.</param>
public sealed record GatePolicy(
    string? When = null,
    IReadOnlyList<string>? Checks = null,
    int Approvals = 0,
    IReadOnlyList<string>? Approvers = null,
    string? Data = null,
    string? Stage = null)
{
    public IReadOnlyList<string> Checks { get; init; } = Checks ?? [];

    public IReadOnlyList<string> Approvers { get; init; } = Approvers ?? [];
}

/// <summary>A gate as it is kept.</summary>
/// <param name="Place">Before what.</param>
/// <param name="Policy">What must hold.</param>
/// <param name="SetBy">Who set it, or null.</param>
/// <param name="Source">Where it is declared, such as a pipeline's name; null where a person set it.</param>
/// <param name="SetAt">Unix milliseconds.</param>
public sealed record Gate(GatePlace Place, GatePolicy Policy, string? SetBy, string? Source, long SetAt);

/// <summary>What a person said of a version that is to get an alias. Their newest word counts.</summary>
/// <param name="Place">For which alias.</param>
/// <param name="Index">Of which version.</param>
/// <param name="Who">Who.</param>
/// <param name="IsGranted">False: the person objects.</param>
/// <param name="Why">Reason, or null.</param>
/// <param name="At">Unix milliseconds.</param>
public sealed record Approval(GatePlace Place, int Index, string Who, bool IsGranted, string? Why, long At);
