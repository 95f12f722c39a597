using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Promotion;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <content>Keeping gates, approvals and decisions, and going back to the holder before.</content>
internal sealed partial class SqlArtifactStore
{
    public Task<IReadOnlyList<Gate>> ListGatesAsync(ExperimentId? experiment, string? name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => PromotionRows.ListGates(session, experiment?.Value, name), cancellationToken);

    public Task<Gate> SetGateAsync(Gate gate, bool onlyIfMissing, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (session.Number("SELECT EXISTS (SELECT 1 FROM experiment WHERE id = @1)", gate.Place.Key.ExperimentId.Value) == 0)
                {
                    throw CairnException.NotFound($"There is no experiment {gate.Place.Key.ExperimentId}.");
                }

                var before = PromotionRows.FindGate(session, gate.Place);
                if (before is not null && (onlyIfMissing || IsSame(before.Policy, gate.Policy)))
                {
                    return before;
                }

                PromotionRows.PutGate(session, gate);
                Note(session, gate.Place, DecisionOutcome.GateSet, gate.SetBy, Describe(gate.Policy), gate.SetAt);
                return gate;
            },
            cancellationToken);

    public Task<bool> RemoveGateAsync(GatePlace place, string? who, string? why, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (PromotionRows.RemoveGate(session, place) == 0)
                {
                    return false;
                }

                Note(session, place, DecisionOutcome.GateRemoved, who, why, at);
                return true;
            },
            cancellationToken);

    public Task SetApprovalAsync(Approval approval, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                """
                INSERT INTO approval (experiment_id, name, number, alias, who, is_granted, why, at) VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
                ON CONFLICT (experiment_id, name, number, alias, who) DO UPDATE SET at = CASE WHEN is_granted = excluded.is_granted AND why IS excluded.why THEN at ELSE excluded.at END,
                    is_granted = excluded.is_granted, why = excluded.why
                """,
                approval.Place.Key.ExperimentId.Value,
                approval.Place.Key.Name,
                approval.Index,
                approval.Place.Alias,
                approval.Who,
                approval.IsGranted ? 1 : 0,
                approval.Why,
                approval.At),
            cancellationToken);

    public Task WithdrawApprovalAsync(GatePlace place, int index, string who, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "DELETE FROM approval WHERE experiment_id = @1 AND name = @2 AND number = @3 AND alias = @4 AND who = @5",
                place.Key.ExperimentId.Value,
                place.Key.Name,
                index,
                place.Alias,
                who),
            cancellationToken);

    public Task<IReadOnlyList<Approval>> ReadApprovalsAsync(ArtifactKey key, int index, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Approval>>(session => PromotionRows.ReadApprovals(session, key, index, alias: null), cancellationToken);

    public Task<IReadOnlyList<Decision>> ReadDecisionsAsync(ArtifactKey key, string? alias, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Decision>>(
            session =>
            {
                var decided = PromotionRows.ReadDecisions(session, key, alias, limit);
                var plain = session.Query(
                    """
                    SELECT alias_change.id, alias_change.name, from_number, to_number, who, why, run_id, at, is_rollback FROM alias_change
                    JOIN artifact ON artifact.id = artifact_id
                    WHERE experiment_id = @1 AND artifact.name = @2 AND alias_change.name <> 'latest' AND (@3 IS NULL OR alias_change.name = @3)
                        AND NOT EXISTS (SELECT 1 FROM decision WHERE change_id = alias_change.id)
                    ORDER BY alias_change.id DESC LIMIT @4
                    """,
                    row => new Decision(
                        0,
                        new GatePlace(key, row.GetString(1)),
                        Stage: null,
                        row.Int(2),
                        row.Int(3),
                        row.GetInt32(8) == 1 ? DecisionOutcome.RolledBack : row.Int(3) is null ? DecisionOutcome.Removed : DecisionOutcome.Moved,
                        row.Text(4),
                        row.Text(5),
                        row.Text(6) is { } run ? Core.Runs.RunId.Parse(run) : null,
                        row.GetInt64(7),
                        Verdict: null),
                    key.ExperimentId.Value,
                    key.Name,
                    alias,
                    limit);
                return [.. decided.Concat(plain).OrderByDescending(decision => decision.At).ThenByDescending(decision => decision.Id).Take(limit)];
            },
            cancellationToken);

    public Task<IReadOnlyList<Decision>> ListWaitingAsync(int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Decision>>(
            session => [.. PromotionRows.ListRefusals(session).Where(decision => decision.Verdict is { WantsOnlyApprovals: true }).Take(limit)],
            cancellationToken);

    public Task<GateVerdict?> JudgeAsync(GatePlace place, int index, GatePolicy? proposed, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session =>
            {
                var asked = proposed is null ? PromotionRows.FindGate(session, place) : new Gate(place, proposed, SetBy: null, Source: null, SetAt: 0);
                if (asked is not { } gate || FindArtifact(session, place.Key) is not { } artifact)
                {
                    return null;
                }

                var candidate = FindPlaced(session, artifact, index) ?? throw CairnException.NotFound($"'{place.Key.Name}' has no version v{index}.");
                return GateJudge.Judge(gate, new GateFactReader(session, hot).Read(gate, candidate, HolderOf(session, artifact, place.Alias, candidate)));
            },
            cancellationToken);

    public Task<AliasChange> RollBackAsync(AliasRollback rollback, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var place = rollback.Place;
                var artifact = FindArtifact(session, place.Key)
                    ?? throw CairnException.NotFound($"There is no artifact '{place.Key.Name}' in experiment {place.Key.ExperimentId}.");
                var from = FindAlias(session, artifact, place.Alias);
                if (rollback.Expected is { } expected && expected.Index != from)
                {
                    // Asked once more after the answer was lost: the rollback has happened.
                    return FindRollback(session, artifact, place.Alias, expected.Index, from)
                        ?? throw new CairnException(
                            ErrorCode.Conflict,
                            $"'{place.Alias}' of '{place.Key.Name}' points to {Show(from)}, not to {Show(expected.Index)}: somebody has moved it. Look again before you roll it back.",
                            "expect");
                }

                var to = HolderBefore(session, artifact, place.Alias, from)
                    ?? throw new CairnException(
                        ErrorCode.FailedPrecondition,
                        from is null
                            ? $"No version of '{place.Key.Name}' has had the alias '{place.Alias}', so there is none to go back to."
                            : $"'{place.Alias}' of '{place.Key.Name}' has no holder before {Show(from)} to go back to.",
                        "alias");
                var run = rollback.RunId?.Value;
                session.Execute(
                    "INSERT INTO alias (artifact_id, name, number) VALUES (@1, @2, @3) ON CONFLICT (artifact_id, name) DO UPDATE SET number = excluded.number",
                    artifact,
                    place.Alias,
                    to);
                var change = AddChange(session, artifact, place.Alias, from, to, rollback.Who, rollback.Why, run, rollback.At);
                session.Execute("UPDATE alias_change SET is_rollback = 1 WHERE id = @1", change);
                session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", artifact, rollback.At);
                PromotionRows.Add(
                    session,
                    new Decision(0, place, Stage: null, from, to, DecisionOutcome.RolledBack, rollback.Who, rollback.Why, rollback.RunId, rollback.At, Verdict: null),
                    change);
                return new AliasChange(place.Alias, from, to, rollback.Who, rollback.Why, rollback.RunId, rollback.At);
            },
            cancellationToken);

    /// <summary>Holders form a stack: a move puts one on top, a rollback takes down to where it went. Deleted versions are passed over.</summary>
    private static int? HolderBefore(SqlSession session, long artifact, string alias, int? current)
    {
        var stack = new List<int>();
        session.Query(
            "SELECT to_number, is_rollback FROM alias_change WHERE artifact_id = @1 AND name = @2 AND to_number IS NOT NULL ORDER BY id",
            row =>
            {
                var to = row.GetInt32(0);
                if (row.GetInt32(1) == 1 && stack.LastIndexOf(to) is >= 0 and var at)
                {
                    stack.RemoveRange(at, stack.Count - at);
                }

                stack.Add(to);
                return 0;
            },
            artifact,
            alias);
        for (var i = stack.Count - 1; i >= 0; i--)
        {
            // Where the alias was taken away, the top of the stack is the holder before.
            if (stack[i] != current && FindPlaced(session, artifact, stack[i]) is not null)
            {
                return stack[i];
            }
        }

        return null;
    }

    private static AliasChange? FindRollback(SqlSession session, long artifact, string alias, int? from, int? to) =>
        session.First(
            "SELECT from_number, to_number, who, why, run_id, at, is_rollback FROM alias_change WHERE artifact_id = @1 AND name = @2 ORDER BY id DESC",
            row => row.GetInt32(6) == 1 && row.Int(0) == from && row.Int(1) == to
                ? new AliasChange(alias, from, to, row.Text(2), row.Text(3), row.Text(4) is { } run ? Core.Runs.RunId.Parse(run) : null, row.GetInt64(5))
                : null,
            artifact,
            alias);

    private static void Note(SqlSession session, GatePlace place, DecisionOutcome outcome, string? who, string? why, long at) =>
        PromotionRows.Add(session, new Decision(0, place, Stage: null, From: null, To: null, outcome, who, why, RunId: null, at, Verdict: null));

    private static bool IsSame(GatePolicy left, GatePolicy right) =>
        left with { Checks = [], Approvers = [] } == right with { Checks = [], Approvers = [] }
        && left.Checks.SequenceEqual(right.Checks)
        && left.Approvers.SequenceEqual(right.Approvers);

    private static string Describe(GatePolicy policy)
    {
        var parts = new List<string>();
        if (policy.When is { } when)
        {
            parts.Add($"when {when}");
        }

        if (policy.Checks.Count > 0)
        {
            parts.Add($"checks {string.Join(", ", policy.Checks)}");
        }

        if (policy.Approvals > 0)
        {
            parts.Add(FormattableString.Invariant($"approvals {policy.Approvals}{(policy.Approvers.Count > 0 ? $" of {string.Join(", ", policy.Approvers)}" : "")}"));
        }

        return string.Join("; ", parts);
    }
}
