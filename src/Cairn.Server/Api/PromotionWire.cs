using Cairn.Core.Promotion;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>From decisions to the native wire records.</summary>
internal static class PromotionWire
{
    public static Wire.VerdictInfo ToWire(this GateVerdict verdict) => new(
        verdict.Passed,
        [.. verdict.Conditions.Select(condition => new Wire.GateConditionInfo(condition.Kind, condition.Text, condition.Passed, condition.Detail))],
        ToWire(verdict.Candidate),
        verdict.Holder is { } holder ? ToWire(holder) : null);

    public static Wire.DecisionInfo ToWire(this Decision decision) => new(
        decision.Place.Alias,
        decision.Stage,
        decision.From is { } from ? WireMap.Label(from) : null,
        decision.To is { } to ? WireMap.Label(to) : null,
        decision.Outcome switch
        {
            DecisionOutcome.Accepted => "accepted",
            DecisionOutcome.Refused => "refused",
            DecisionOutcome.RolledBack => "rolled_back",
            DecisionOutcome.Removed => "removed",
            DecisionOutcome.GateSet => "gate_set",
            DecisionOutcome.GateRemoved => "gate_removed",
            _ => "moved",
        },
        decision.Who,
        decision.Why,
        decision.RunId?.Value,
        decision.At,
        decision.Verdict?.ToWire());

    private static Wire.JudgedVersionInfo ToWire(JudgedVersion version) => new(version.Version, version.RunId?.Value, version.Metrics, version.Data);
}
