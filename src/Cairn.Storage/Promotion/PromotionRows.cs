using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Promotion;

/// <summary>Gates, approvals and decisions in SQL.</summary>
internal static class PromotionRows
{
    private const string GateColumns = "SELECT experiment_id, name, alias, condition, checks, approvals, approvers, data, stage, set_by, source, set_at FROM gate";
    private const string DecisionColumns = "SELECT id, experiment_id, name, alias, stage, from_number, to_number, outcome, who, why, run_id, at, verdict FROM decision";

    public static Gate? FindGate(SqlSession session, GatePlace place) =>
        session.First($"{GateColumns} WHERE experiment_id = @1 AND name = @2 AND alias = @3", ReadGate, place.Key.ExperimentId.Value, place.Key.Name, place.Alias);

    /// <summary>The gate that stands before a stage of an artifact.</summary>
    public static Gate? FindStageGate(SqlSession session, ArtifactKey key, string stage) =>
        session.First($"{GateColumns} WHERE experiment_id = @1 AND name = @2 AND stage = @3 ORDER BY alias", ReadGate, key.ExperimentId.Value, key.Name, stage);

    public static IReadOnlyList<Gate> ListGates(SqlSession session, long? experiment, string? name) =>
        session.Query($"{GateColumns} WHERE (@1 IS NULL OR experiment_id = @1) AND (@2 IS NULL OR name = @2) ORDER BY name, experiment_id, alias", ReadGate, experiment, name);

    public static void PutGate(SqlSession session, Gate gate) =>
        session.Execute(
            """
            INSERT INTO gate (experiment_id, name, alias, condition, checks, approvals, approvers, data, stage, set_by, source, set_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12)
            ON CONFLICT (experiment_id, name, alias) DO UPDATE SET condition = excluded.condition, checks = excluded.checks,
                approvals = excluded.approvals, approvers = excluded.approvers, data = excluded.data, stage = excluded.stage,
                set_by = excluded.set_by, source = excluded.source, set_at = excluded.set_at
            """,
            gate.Place.Key.ExperimentId.Value,
            gate.Place.Key.Name,
            gate.Place.Alias,
            gate.Policy.When,
            NameList.Write(gate.Policy.Checks),
            gate.Policy.Approvals,
            NameList.Write(gate.Policy.Approvers),
            gate.Policy.Data,
            gate.Policy.Stage,
            gate.SetBy,
            gate.Source,
            gate.SetAt);

    public static int RemoveGate(SqlSession session, GatePlace place) =>
        session.Execute("DELETE FROM gate WHERE experiment_id = @1 AND name = @2 AND alias = @3", place.Key.ExperimentId.Value, place.Key.Name, place.Alias);

    /// <summary>The artifact is called otherwise or lives elsewhere now; a gate that stands there already stays.</summary>
    public static void Follow(SqlSession session, ArtifactKey from, ArtifactKey to)
    {
        foreach (var table in (ReadOnlySpan<string>)["gate", "approval"])
        {
            session.Execute(
                $"UPDATE OR IGNORE {table} SET experiment_id = @3, name = @4 WHERE experiment_id = @1 AND name = @2",
                from.ExperimentId.Value,
                from.Name,
                to.ExperimentId.Value,
                to.Name);
            session.Execute($"DELETE FROM {table} WHERE experiment_id = @1 AND name = @2", from.ExperimentId.Value, from.Name);
        }

        session.Execute(
            "UPDATE decision SET experiment_id = @3, name = @4 WHERE experiment_id = @1 AND name = @2",
            from.ExperimentId.Value,
            from.Name,
            to.ExperimentId.Value,
            to.Name);
    }

    /// <summary>The artifact is gone, and its numbers may be given again. Its gates stay: making it anew is no way around them.</summary>
    public static void Forget(SqlSession session, ArtifactKey key)
    {
        session.Execute("DELETE FROM approval WHERE experiment_id = @1 AND name = @2", key.ExperimentId.Value, key.Name);
        session.Execute("DELETE FROM decision WHERE experiment_id = @1 AND name = @2", key.ExperimentId.Value, key.Name);
    }

    public static List<Approval> ReadApprovals(SqlSession session, ArtifactKey key, int index, string? alias) =>
        session.Query(
            """
            SELECT alias, who, is_granted, why, at FROM approval
            WHERE experiment_id = @1 AND name = @2 AND number = @3 AND (@4 IS NULL OR alias = @4) ORDER BY at, who
            """,
            row => new Approval(new GatePlace(key, row.GetString(0)), index, row.GetString(1), row.GetInt32(2) == 1, row.Text(3), row.GetInt64(4)),
            key.ExperimentId.Value,
            key.Name,
            index,
            alias);

    /// <summary>Keeps a decision. A refusal that only repeats the newest one is that one.</summary>
    public static void Add(SqlSession session, Decision decision, long? change = null)
    {
        var verdict = decision.Verdict is { } said ? VerdictJson.Write(said) : null;
        if (decision.Outcome == DecisionOutcome.Refused
            && session.First(
                $"{DecisionColumns} WHERE experiment_id = @1 AND name = @2 AND alias = @3 ORDER BY id DESC",
                ReadDecision,
                decision.Place.Key.ExperimentId.Value,
                decision.Place.Key.Name,
                decision.Place.Alias) is { Outcome: DecisionOutcome.Refused, Verdict: { } before } last
            && last with { Id = 0, At = 0, Verdict = null } == decision with { Id = 0, At = 0, Verdict = null }
            && VerdictJson.Write(before) == verdict)
        {
            return;
        }

        session.Execute(
            """
            INSERT INTO decision (experiment_id, name, alias, stage, from_number, to_number, outcome, who, why, run_id, at, verdict, change_id)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13)
            """,
            decision.Place.Key.ExperimentId.Value,
            decision.Place.Key.Name,
            decision.Place.Alias,
            decision.Stage,
            decision.From,
            decision.To,
            (int)decision.Outcome,
            decision.Who,
            decision.Why,
            decision.RunId?.Value,
            decision.At,
            verdict,
            change);
        Webhooks.PromotionNews.Tell(session, decision);
    }

    public static List<Decision> ReadDecisions(SqlSession session, ArtifactKey key, string? alias, int limit) =>
        session.Query(
            $"{DecisionColumns} WHERE experiment_id = @1 AND name = @2 AND (@3 IS NULL OR alias = @3) ORDER BY id DESC LIMIT @4",
            ReadDecision,
            key.ExperimentId.Value,
            key.Name,
            alias,
            limit);

    /// <summary>The newest decision of each alias, where it refused a version that is there and does not have the alias; newest first.</summary>
    public static List<Decision> ListRefusals(SqlSession session) =>
        session.Query(
            $"""
            {DecisionColumns} WHERE outcome = @1 AND stage IS NULL AND id IN (SELECT MAX(id) FROM decision GROUP BY experiment_id, name, alias)
                AND EXISTS (
                    SELECT 1 FROM artifact JOIN version ON version.artifact_id = artifact.id
                    WHERE artifact.experiment_id = decision.experiment_id AND artifact.name = decision.name AND version.number = to_number AND deleted_at IS NULL
                        AND NOT EXISTS (SELECT 1 FROM alias WHERE alias.artifact_id = artifact.id AND alias.name = decision.alias AND alias.number = to_number))
            ORDER BY id DESC LIMIT 500
            """,
            ReadDecision,
            (int)DecisionOutcome.Refused);

    private static Gate ReadGate(SqliteDataReader row) => new(
        new GatePlace(new ArtifactKey(new ExperimentId(row.GetInt64(0)), row.GetString(1)), row.GetString(2)),
        new GatePolicy(
            row.Text(3),
            NameList.Read(row.GetString(4)),
            row.GetInt32(5),
            NameList.Read(row.GetString(6)),
            row.Text(7),
            row.Text(8)),
        row.Text(9),
        row.Text(10),
        row.GetInt64(11));

    private static Decision ReadDecision(SqliteDataReader row) => new(
        row.GetInt64(0),
        new GatePlace(new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)), row.GetString(3)),
        row.Text(4),
        row.Int(5),
        row.Int(6),
        (DecisionOutcome)row.GetInt32(7),
        row.Text(8),
        row.Text(9),
        row.Text(10) is { } run ? RunId.Parse(run) : null,
        row.GetInt64(11),
        row.Text(12) is { } verdict ? VerdictJson.Read(verdict) : null);
}
