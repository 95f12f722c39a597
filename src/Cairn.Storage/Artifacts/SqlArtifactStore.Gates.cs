using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Promotion;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

/// <content>
/// Gates: whatever points an alias of an artifact or a portfolio somewhere, or moves a version to a stage, comes through
/// here in its own transaction. There is one writer, so what the gate is judged by still holds when the alias moves.
/// </content>
internal sealed partial class SqlArtifactStore
{
    /// <summary>An asked change of an alias: what is written to the histories.</summary>
    private readonly record struct Ask(string? Who, string? Why, string? RunId, long At);

    /// <summary>
    /// A write that a gate may refuse. The refusal takes back all that the work did, is remembered in the same
    /// transaction, and is thrown when that is on disk.
    /// </summary>
    private async Task<T> WriteGatedAsync<T>(Func<SqlSession, T> work, CancellationToken cancellationToken)
    {
        var (result, refusal) = await database.WriteAsync(
            session =>
            {
                session.Execute("SAVEPOINT gated");
                (T Result, PromotionRefusedException? Refusal) answer;
                try
                {
                    answer = (work(session), null);
                }
                catch (PromotionRefusedException refused)
                {
                    session.Execute("ROLLBACK TO gated");
                    PromotionRows.Add(session, refused.Decision);
                    answer = (default!, refused);
                }

                session.Execute("RELEASE gated");
                return answer;
            },
            cancellationToken);
        return refusal is null ? result : throw refusal;
    }

    /// <summary>Judges a version by the gate before an alias of its artifact; null where there is none.</summary>
    /// <exception cref="PromotionRefusedException">A condition does not hold.</exception>
    private Decision? PassGate(SqlSession session, long artifact, string alias, int? from, int to, Ask ask)
    {
        if (alias == ArtifactCatalog.Latest || FindGate(session, artifact, alias) is not { } gate)
        {
            return null;
        }

        var candidate = FindPlaced(session, artifact, to)!;
        return Judge(session, gate, stage: null, from, candidate, HolderOf(session, artifact, alias, candidate), ask);
    }

    /// <summary>The same for a stage of MLflow's registry that stands behind the gate of an alias.</summary>
    private Decision? PassStageGate(SqlSession session, long artifact, int index, string stage, int stageNumber, long at)
    {
        if (PromotionRows.FindStageGate(session, KeyOf(session, artifact), stage) is not { } gate)
        {
            return null;
        }

        var candidate = FindPlaced(session, artifact, index)!;
        var inStage = session.First<int?>(
            "SELECT number FROM version WHERE artifact_id = @1 AND stage = @2 AND number <> @3 AND deleted_at IS NULL ORDER BY number DESC",
            row => row.GetInt32(0),
            artifact,
            stageNumber,
            index);
        var holder = inStage is { } staged ? FindPlaced(session, artifact, staged) : HolderOf(session, artifact, gate.Place.Alias, candidate);
        return Judge(session, gate, stage, inStage, candidate, holder, new Ask(null, null, null, at));
    }

    /// <summary>The same for an alias of a portfolio, whose versions may be of several artifacts.</summary>
    private Decision? PassPortfolioGate(SqlSession session, long portfolio, string alias, int? from, int to, long at)
    {
        if (alias == ArtifactCatalog.Latest || from == to || PromotionRows.FindGate(session, new GatePlace(PortfolioKeyOf(session, portfolio), alias)) is not { } gate)
        {
            return null;
        }

        var candidate = FindLinked(session, portfolio, to) ?? throw CairnException.NotFound($"'{gate.Place.Key.Name}' has no version v{to}.");
        var held = from ?? session.First<int?>(
            "SELECT to_number FROM decision WHERE experiment_id = @1 AND name = @2 AND alias = @3 AND outcome = 0 ORDER BY id DESC",
            row => row.Int(0),
            gate.Place.Key.ExperimentId.Value,
            gate.Place.Key.Name,
            alias);
        var holder = held is { } number && number != to ? FindLinked(session, portfolio, number) : null;
        return Judge(session, gate, stage: null, from, candidate, holder, new Ask(null, null, null, at));
    }

    private Decision Judge(SqlSession session, Gate gate, string? stage, int? from, PlacedVersion candidate, PlacedVersion? holder, Ask ask)
    {
        var verdict = GateJudge.Judge(gate, new GateFactReader(session, hot).Read(gate, candidate, holder));
        var decision = new Decision(
            0,
            gate.Place,
            stage,
            from,
            candidate.Index,
            verdict.Passed ? DecisionOutcome.Accepted : DecisionOutcome.Refused,
            ask.Who,
            ask.Why,
            ask.RunId is { } run ? Core.Runs.RunId.Parse(run) : null,
            ask.At,
            verdict);
        return verdict.Passed ? decision : throw new PromotionRefusedException(decision);
    }

    /// <summary>
    /// The version that has the alias, else the one that had it last: taking the alias away and setting it again is no way
    /// around the comparison. Null where that is the candidate itself.
    /// </summary>
    private static PlacedVersion? HolderOf(SqlSession session, long artifact, string alias, PlacedVersion candidate)
    {
        var number = FindAlias(session, artifact, alias) ?? session.First<int?>(
            """
            SELECT to_number FROM alias_change JOIN version ON version.artifact_id = alias_change.artifact_id AND number = to_number
            WHERE alias_change.artifact_id = @1 AND name = @2 AND deleted_at IS NULL ORDER BY alias_change.id DESC
            """,
            row => row.GetInt32(0),
            artifact,
            alias);
        return number is { } held && held != candidate.Index ? FindPlaced(session, artifact, held) : null;
    }

    private static Gate? FindGate(SqlSession session, long artifact, string alias) =>
        PromotionRows.FindGate(session, new GatePlace(KeyOf(session, artifact), alias));

    private static ArtifactKey KeyOf(SqlSession session, long artifact) =>
        session.First("SELECT experiment_id, name FROM artifact WHERE id = @1", row => new ArtifactKey(new ExperimentId(row.GetInt64(0)), row.GetString(1)), artifact);

    private static ArtifactKey PortfolioKeyOf(SqlSession session, long portfolio) =>
        session.First("SELECT experiment_id, name FROM portfolio WHERE id = @1", row => new ArtifactKey(new ExperimentId(row.GetInt64(0)), row.GetString(1)), portfolio);

    private static PlacedVersion? FindPlaced(SqlSession session, long artifact, int index) =>
        session.First(
            """
            SELECT version.id, artifact_id, number, type, logged_model FROM version JOIN artifact ON artifact.id = artifact_id
            WHERE artifact_id = @1 AND number = @2 AND deleted_at IS NULL
            """,
            row => new PlacedVersion(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.Text(4)),
            artifact,
            index);

    private static PlacedVersion? FindLinked(SqlSession session, long portfolio, int number) =>
        session.First(
            """
            SELECT version.id, artifact_id, portfolio_link.number, type, logged_model FROM portfolio_link
            JOIN version ON version.id = version_id JOIN artifact ON artifact.id = artifact_id
            WHERE portfolio_id = @1 AND portfolio_link.number = @2 AND deleted_at IS NULL
            """,
            row => new PlacedVersion(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.Text(4)),
            portfolio,
            number);
}
