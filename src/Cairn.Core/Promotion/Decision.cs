using Cairn.Core.Runs;

namespace Cairn.Core.Promotion;

/// <summary>How a move of a gated alias ended.</summary>
public enum DecisionOutcome
{
    /// <summary>Every condition held: the alias moved.</summary>
    Accepted = 0,

    /// <summary>A condition did not hold: nothing moved.</summary>
    Refused = 1,

    /// <summary>The alias went back to the holder before; the gate was not asked.</summary>
    RolledBack = 2,

    /// <summary>The alias was taken away; the gate was not asked.</summary>
    Removed = 3,

    /// <summary>There was no gate.</summary>
    Moved = 4,

    /// <summary>The gate was set or changed.</summary>
    GateSet = 5,

    /// <summary>The gate was taken away.</summary>
    GateRemoved = 6,
}

/// <summary>A condition of a gate and what became of it.</summary>
/// <param name="Kind">"when", "check" or "approval".</param>
/// <param name="Text">The condition as the gate has it.</param>
/// <param name="Passed">It held.</param>
/// <param name="Detail">The facts, as a sentence; where it failed, also what to do.</param>
public sealed record GateCondition(string Kind, string Text, bool Passed, string Detail);

/// <summary>A version and the evaluation by which it was judged.</summary>
/// <param name="Version">"v3".</param>
/// <param name="RunId">The run that measured, or null where it was not judged by metrics.</param>
/// <param name="Metrics">Its metrics.</param>
/// <param name="Data">What it was measured on: "test_data.csv:v2".</param>
public sealed record JudgedVersion(string Version, RunId? RunId, IReadOnlyDictionary<string, double> Metrics, IReadOnlyList<string> Data);

/// <summary>What a gate says of a version.</summary>
/// <param name="Conditions">All of them, also those after one that failed.</param>
/// <param name="Candidate">The version that is to get the alias.</param>
/// <param name="Holder">The version that has it, or had it last; null where none did.</param>
public sealed record GateVerdict(IReadOnlyList<GateCondition> Conditions, JudgedVersion Candidate, JudgedVersion? Holder)
{
    /// <summary>Everything holds but the approvals.</summary>
    public bool WantsOnlyApprovals => !Passed && Conditions.All(condition => condition.Passed || condition.Kind == "approval");

    public bool Passed => Conditions.All(condition => condition.Passed);

    /// <summary>The reasons of a refusal in one line.</summary>
    public string Reasons => string.Join(" ", Conditions.Where(condition => !condition.Passed).Select(condition => condition.Detail));
}

/// <summary>A move of an alias, or the refusal of one, as it is remembered.</summary>
/// <param name="Id">The store's number; the greatest is the newest.</param>
/// <param name="Place">Which alias.</param>
/// <param name="Stage">The stage that was asked for in place of the alias, or null.</param>
/// <param name="From">Index it pointed to, or null.</param>
/// <param name="To">Index it was asked to point to; null takes it away.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Who">Who asked, or null.</param>
/// <param name="Why">Their reason, or null.</param>
/// <param name="RunId">The run that asked, or null.</param>
/// <param name="At">Unix milliseconds.</param>
/// <param name="Verdict">What the gate said; null where it was not asked.</param>
public sealed record Decision(
    long Id,
    GatePlace Place,
    string? Stage,
    int? From,
    int? To,
    DecisionOutcome Outcome,
    string? Who,
    string? Why,
    RunId? RunId,
    long At,
    GateVerdict? Verdict);

/// <summary>The gate refused a move. The decision is remembered, though nothing else is changed.</summary>
public sealed class PromotionRefusedException(Decision decision)
    : CairnException(
        ErrorCode.FailedPrecondition,
        $"'{decision.Place.Key.Name}:v{decision.To}' was not given {(decision.Stage is { } stage ? $"the stage '{stage}'" : $"the alias '{decision.Place.Alias}'")}: {decision.Verdict!.Reasons}",
        "alias")
{
    public Decision Decision { get; } = decision;
}
