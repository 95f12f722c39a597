using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Artifacts;

internal sealed partial class SqlArtifactStore
{
    public Task<IReadOnlyList<(ArtifactKey Artifact, string Type, AliasChange Change)>> ListMovesAsync(int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<(ArtifactKey Artifact, string Type, AliasChange Change)>>(
            session => session.Query(
                """
                SELECT experiment_id, artifact.name, type, alias_change.name, from_number, to_number, who, why, run_id, at
                FROM alias_change JOIN artifact ON artifact.id = artifact_id
                WHERE alias_change.name <> 'latest' ORDER BY alias_change.id DESC LIMIT @1
                """,
                row => (
                    new ArtifactKey(new ExperimentId(row.GetInt64(0)), row.GetString(1)),
                    row.GetString(2),
                    new AliasChange(
                        row.GetString(3),
                        row.Int(4),
                        row.Int(5),
                        row.Text(6),
                        row.Text(7),
                        row.Text(8) is { } run ? RunId.Parse(run) : null,
                        row.GetInt64(9))),
                limit),
            cancellationToken);
}
