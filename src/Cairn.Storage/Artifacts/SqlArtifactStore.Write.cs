using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Core.Promotion;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;
using Cairn.Storage.Triggers;

namespace Cairn.Storage.Artifacts;

internal sealed partial class SqlArtifactStore
{
    public Task<CommittedVersion> CommitAsync(NewVersion version, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                var artifact = EnsureArtifact(session, version);
                var number = session.First<int?>(
                    "SELECT number FROM version WHERE artifact_id = @1 AND digest = @2 AND deleted_at IS NULL ORDER BY number DESC",
                    row => row.GetInt32(0),
                    artifact,
                    version.Digest.Value);
                var created = number is null;
                var index = number ?? AddVersion(session, artifact, version);
                foreach (var alias in version.Aliases.Prepend(ArtifactCatalog.Latest))
                {
                    PointAlias(session, artifact, alias, index, version.Author, why: null, version.RunId?.Value, version.At);
                }

                if (version.RunId is { } run)
                {
                    AddEdge(session, new LineageEdge(run, version.Key, index, LineageDirection.Output, version.At, UsedAs: null));
                }

                session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", artifact, version.At);
                return new CommittedVersion(ArtifactRows.FindVersion(session, version.Key, new VersionReference(index, null))!, created);
            },
            cancellationToken);

    public Task<AliasChange> MoveAliasAsync(AliasMove move, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                var artifact = FindArtifact(session, move.Key)
                    ?? throw CairnException.NotFound($"There is no artifact '{move.Key.Name}' in experiment {move.Key.ExperimentId}.");
                var from = FindAlias(session, artifact, move.Alias);
                // The move may have happened already, and the caller did not hear of it: asking again is no conflict.
                if (move.Expected is { } expected && expected.Index != from && (move.To is null || move.To != from))
                {
                    throw new CairnException(
                        ErrorCode.Conflict,
                        $"'{move.Alias}' of '{move.Key.Name}' points to {Show(from)}, not to {Show(expected.Index)}: somebody has moved it. Look again before you move it.",
                        "expect");
                }

                if (move.To is { } to)
                {
                    if (ArtifactRows.FindVersion(session, move.Key, new VersionReference(to, null)) is null)
                    {
                        throw CairnException.NotFound($"'{move.Key.Name}' has no version v{to}.");
                    }

                    PointAlias(session, artifact, move.Alias, to, move.Who, move.Why, move.RunId?.Value, move.At);
                }
                else if (from is null)
                {
                    throw CairnException.NotFound($"'{move.Key.Name}' has no alias '{move.Alias}'.");
                }
                else
                {
                    RemoveAlias(session, artifact, move.Alias, from.Value, move.Who, move.Why, move.RunId?.Value, move.At);
                }

                session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", artifact, move.At);
                return new AliasChange(move.Alias, from, move.To, move.Who, move.Why, move.RunId, move.At);
            },
            cancellationToken);

    public Task DeleteVersionAsync(ArtifactKey key, int index, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var artifact = FindArtifact(session, key) ?? throw CairnException.NotFound($"There is no artifact '{key.Name}'.");
                DeleteVersion(session, artifact, index, at);
                return true;
            },
            cancellationToken);

    public Task AddInputAsync(LineageEdge edge, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                AddEdge(session, edge);
                return true;
            },
            cancellationToken);

    private void DeleteVersion(SqlSession session, long artifact, int index, long at)
    {
        foreach (var alias in session.Query("SELECT name FROM alias WHERE artifact_id = @1 AND number = @2", row => row.GetString(0), artifact, index))
        {
            RemoveAlias(session, artifact, alias, index, who: null, why: $"v{index} was deleted", runId: null, at);
        }

        session.Execute("UPDATE version SET deleted_at = @3 WHERE artifact_id = @1 AND number = @2", artifact, index, at);

        // "latest" falls back to the newest version that is left.
        if (FindAlias(session, artifact, ArtifactCatalog.Latest) is null
            && session.First<int?>("SELECT MAX(number) FROM version WHERE artifact_id = @1 AND deleted_at IS NULL", row => row.Int(0), artifact) is { } newest)
        {
            PointAlias(session, artifact, ArtifactCatalog.Latest, newest, who: null, why: $"v{index} was deleted", runId: null, at);
        }
    }

    private static long EnsureArtifact(SqlSession session, NewVersion version)
    {
        if (FindArtifact(session, version.Key) is not { } id)
        {
            var made = session.Number(
                """
                INSERT INTO artifact (experiment_id, name, type, description, created_at, updated_at, next_version)
                VALUES (@1, @2, @3, @4, @5, @5, 0) RETURNING id
                """,
                version.Key.ExperimentId.Value,
                version.Key.Name,
                version.Type,
                version.Description,
                version.At);
            if (version.Type == RegisteredModel.ModelType)
            {
                Register(session, made, version.Key);
            }

            return made;
        }

        var type = session.First("SELECT type FROM artifact WHERE id = @1", row => row.GetString(0), id)!;
        return type == version.Type
            ? id
            : throw new CairnException(
                ErrorCode.Conflict,
                $"'{version.Key.Name}' is an artifact of type '{type}', not '{version.Type}'. Use that type, or another name.",
                "type");
    }

    private static int AddVersion(SqlSession session, long artifact, NewVersion version)
    {
        var index = (int)session.Number("UPDATE artifact SET next_version = next_version + 1 WHERE id = @1 RETURNING next_version - 1", artifact);
        var id = session.Number(
            """
            INSERT INTO version (artifact_id, number, digest, size, file_count, description, metadata, created_at, author, run_id)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10) RETURNING id
            """,
            artifact,
            index,
            version.Digest.Value,
            version.Manifest.Sum(entry => entry.Size),
            version.Manifest.Count,
            version.Description,
            version.Metadata,
            version.At,
            version.Author,
            version.RunId?.Value);
        foreach (var entry in version.Manifest)
        {
            session.Execute(
                "INSERT INTO manifest (version_id, path, digest, size) VALUES (@1, @2, @3, @4)",
                id,
                entry.Path,
                entry.Digest.Value,
                entry.Size);
        }

        TellVersion(session, artifact, index, version.At);
        JobRows.AddForVersion(session, artifact, index, version.RunId?.Value, version.At);
        return index;
    }

    private void PointAlias(
        SqlSession session,
        long artifact,
        string alias,
        int to,
        string? who,
        string? why,
        string? runId,
        long at)
    {
        var from = FindAlias(session, artifact, alias);
        var decision = from == to ? null : PassGate(session, artifact, alias, from, to, new Ask(who, why, runId, at));
        session.Execute(
            "INSERT INTO alias (artifact_id, name, number) VALUES (@1, @2, @3) ON CONFLICT (artifact_id, name) DO UPDATE SET number = excluded.number",
            artifact,
            alias,
            to);
        if (from != to)
        {
            var change = AddChange(session, artifact, alias, from, to, who, why, runId, at);
            if (decision is not null)
            {
                PromotionRows.Add(session, decision, change);
            }
        }
    }

    private static void RemoveAlias(
        SqlSession session,
        long artifact,
        string alias,
        int from,
        string? who,
        string? why,
        string? runId,
        long at)
    {
        session.Execute("DELETE FROM alias WHERE artifact_id = @1 AND name = @2", artifact, alias);
        var change = AddChange(session, artifact, alias, from, to: null, who, why, runId, at);
        if (alias != ArtifactCatalog.Latest && FindGate(session, artifact, alias) is { } gate)
        {
            var run = runId is null ? (Core.Runs.RunId?)null : Core.Runs.RunId.Parse(runId);
            PromotionRows.Add(session, new Decision(0, gate.Place, Stage: null, from, To: null, DecisionOutcome.Removed, who, why, run, at, Verdict: null), change);
        }
    }

    private static long AddChange(
        SqlSession session,
        long artifact,
        string alias,
        int? from,
        int? to,
        string? who,
        string? why,
        string? runId,
        long at)
    {
        var id = session.Number(
            """
            INSERT INTO alias_change (artifact_id, name, from_number, to_number, who, why, run_id, at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8) RETURNING id
            """,
            artifact,
            alias,
            from,
            to,
            who,
            why,
            runId,
            at);
        TellAlias(session, artifact, alias, to, at);
        if (to is { } index)
        {
            JobRows.AddForAlias(session, artifact, alias, index, id, runId, at);
        }

        return id;
    }

    private static void AddEdge(SqlSession session, LineageEdge edge) =>
        session.Execute(
            """
            INSERT INTO lineage (run_id, version_id, direction, at, used_as)
            SELECT @1, version.id, @5, @6, @7 FROM version JOIN artifact ON artifact.id = artifact_id
            WHERE experiment_id = @2 AND name = @3 AND number = @4
            ON CONFLICT (run_id, version_id, direction) DO NOTHING
            """,
            edge.RunId.Value,
            edge.Key.ExperimentId.Value,
            edge.Key.Name,
            edge.Index,
            (int)edge.Direction,
            edge.At,
            edge.UsedAs);

    private static long? FindArtifact(SqlSession session, ArtifactKey key) =>
        session.First<long?>("SELECT id FROM artifact WHERE experiment_id = @1 AND name = @2", row => row.GetInt64(0), key.ExperimentId.Value, key.Name);

    private static int? FindAlias(SqlSession session, long artifact, string alias) =>
        session.First<int?>("SELECT number FROM alias WHERE artifact_id = @1 AND name = @2", row => row.GetInt32(0), artifact, alias);

    private static string Show(int? index) => index is { } number ? $"v{number}" : "nothing";
}
