using Cairn.Core.Access;
using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Experiments;

namespace Cairn.Storage.Access;

/// <content>Whose contents are.</content>
internal sealed partial class SqlPermissionStore
{
    /// <summary>After the bytes arrive they are mentioned soon: an upload is given up after eight days.</summary>
    private const long Remembered = 9 * 86_400_000L;

    /// <summary>Paths of one content that are looked at.</summary>
    private const int MostPaths = 1000;

    private volatile bool isIndexed;

    public async Task<IReadOnlyList<ContentHolder>> FindHoldersAsync(IReadOnlyCollection<Digest> contents, CancellationToken cancellationToken)
    {
        await IndexAsync(cancellationToken);
        return await database.ReadAsync<IReadOnlyList<ContentHolder>>(
            session =>
            {
                var wanted = Json(contents);
                var holders = session.Query(
                    """
                    SELECT DISTINCT file.digest, run.experiment_id FROM json_each(@1) AS wanted
                    JOIN file ON file.digest = wanted.value JOIN run ON run.id = file.owner
                    """,
                    row => new ContentHolder(Digest.Parse(row.GetString(0)), new ExperimentId(row.GetInt64(1)), null, null),
                    wanted);
                holders.AddRange(session.Query(
                    """
                    SELECT DISTINCT manifest.digest, artifact.experiment_id, artifact.name FROM json_each(@1) AS wanted
                    JOIN manifest ON manifest.digest = wanted.value JOIN version ON version.id = manifest.version_id AND version.deleted_at IS NULL
                    JOIN artifact ON artifact.id = version.artifact_id
                    UNION
                    SELECT DISTINCT version_card.manifest, artifact.experiment_id, artifact.name FROM json_each(@1) AS wanted
                    JOIN version_card ON version_card.manifest = wanted.value JOIN version ON version.id = version_card.version_id AND version.deleted_at IS NULL
                    JOIN artifact ON artifact.id = version.artifact_id
                    """,
                    row => new ContentHolder(Digest.Parse(row.GetString(0)), null, new ArtifactKey(new ExperimentId(row.GetInt64(1)), row.GetString(2)), null),
                    wanted));
                foreach (var content in contents)
                {
                    holders.AddRange(session.Query(
                        "SELECT path FROM file WHERE digest = @1 AND owner = 'mlflow' LIMIT @2",
                        row => new ContentHolder(content, null, null, row.GetString(0)),
                        content.Value,
                        MostPaths));
                }

                return holders;
            },
            cancellationToken);
    }

    public Task<IReadOnlySet<Digest>> FindSentAsync(UserId user, IReadOnlyCollection<Digest> contents, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlySet<Digest>>(
            session => session.Query(
                "SELECT content FROM json_each(@2) AS wanted JOIN sent_content ON user_id = @1 AND content = wanted.value",
                row => Digest.Parse(row.GetString(0)),
                user.Value,
                Json(contents)).ToHashSet(),
            cancellationToken);

    public Task NoteSentAsync(UserId user, Digest content, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute(
                "INSERT INTO sent_content (user_id, content, at) VALUES (@1, @2, @3) ON CONFLICT (user_id, content) DO UPDATE SET at = excluded.at",
                user.Value,
                content.Value,
                at) + session.Execute("DELETE FROM sent_content WHERE at < @1", at - Remembered),
            cancellationToken);

    // Only servers with users ask by content: others do not pay for finding the answer.
    private async Task IndexAsync(CancellationToken cancellationToken)
    {
        if (isIndexed)
        {
            return;
        }

        await database.WriteAsync(
            session => session.Execute("CREATE INDEX IF NOT EXISTS file_by_content ON file (digest)")
                + session.Execute("CREATE INDEX IF NOT EXISTS manifest_by_content ON manifest (digest)")
                + session.Execute("CREATE INDEX IF NOT EXISTS version_card_by_content ON version_card (manifest) WHERE manifest IS NOT NULL"),
            cancellationToken);
        isIndexed = true;
    }

    private static string Json(IEnumerable<Digest> contents) => $"[{string.Join(',', contents.Select(content => $"\"{content.Value}\""))}]";
}
