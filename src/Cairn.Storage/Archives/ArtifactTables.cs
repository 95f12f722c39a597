using Cairn.Core.Artifacts;
using Cairn.Core.Blobs;
using Cairn.Core.Models;
using static Cairn.Storage.Archives.ArchiveTables;

namespace Cairn.Storage.Archives;

/// <summary>What artifacts and portfolios are made of.</summary>
internal static class ArtifactTables
{
    private const string VersionFrom = "FROM version JOIN artifact ON artifact.id = version.artifact_id";
    private const string OfLink = $"{VersionFrom} WHERE version.id = portfolio_link.version_id";
    private const string OfVersion = $"{VersionFrom} WHERE version.id = draft.version_id";

    private static readonly ArchiveColumn Experiment = new ArchiveColumn("experimentId", FieldKind.Experiment, "experiment_id").Needed();
    private static readonly ArchiveColumn ItsName = new ArchiveColumn("name", FieldKind.Name, "name").Needed();
    private static readonly ArchiveColumn Index = Number("number").Needed();

    public static readonly ArchiveTable Versions = new(
        "versions",
        "version",
        "id",
        "artifact_id",
        [
            Index, new("digest", FieldKind.Digest, "digest"), Number("size"), Number("fileCount", "file_count"),
            Text("description"), Json("metadata"), Number("createdAt", "created_at").Needed(), Text("author"), new("runId", FieldKind.Run, "run_id"),
            Text("source"), Text("location"), Text("runText", "run_text"), Text("runLink", "run_link"), Text("loggedModel", "logged_model"),
            Word("stage", "none", "staging", "production", "archived"), Number("updatedAt", "updated_at"),
        ],
        "number")
    {
        Where = "deleted_at IS NULL",
        Identity = ["number"],
        Parts =
        [
            new(
                "files",
                "manifest",
                null,
                "version_id",
                [new ArchiveColumn("path", FieldKind.Path, "path").Needed(), new ArchiveColumn("digest", FieldKind.Content, "digest").Needed(), Number("size").Needed()],
                "path"),
            new(
                "references",
                "version_reference",
                null,
                "version_id",
                [new ArchiveColumn("path", FieldKind.Path, "path").Needed(), Text("uri").Needed(), Text("knownDigest", "digest").Needed(), Number("size")],
                "path"),
            new(
                "card",
                "version_card",
                null,
                "version_id",
                [Text("wireDigest", "wire_digest"), new("manifest", FieldKind.Content, "manifest"), Number("ttlSeconds", "ttl_seconds"), Number("step"), Number("updatedAt", "updated_at").Needed()],
                "version_id"),
            Pairs("tags", "version_tag", "version_id"),
            Labels(kind: 0),
            new(
                "runs",
                "lineage",
                null,
                "version_id",
                [new ArchiveColumn("runId", FieldKind.Run, "run_id").Needed(), Word("direction", "input", "output"), Number("at").Needed(), Text("usedAs", "used_as")],
                "at, run_id, direction"),

            // Clients hold these for days: the number is kept where it is free, and the client's own id where no other has it.
            new(
                "handles",
                "draft",
                null,
                "version_id",
                [
                    new ArchiveColumn("number", FieldKind.Number, "draft.id", "CASE WHEN EXISTS (SELECT 1 FROM draft WHERE id = :value) THEN NULL ELSE :value END") { Target = "id" }.Needed(),
                    new ArchiveColumn("experimentId", FieldKind.Experiment, $"(SELECT artifact.experiment_id {OfVersion})") { Target = "experiment_id" }.Needed(),
                    new ArchiveColumn("name", FieldKind.Name, $"(SELECT artifact.name {OfVersion})") { Target = "name" }.Needed(),
                    Text("type").Needed(), Text("wireDigest", "wire_digest").Needed(), Text("clientId", "client_id"),
                    Text("sequenceClientId", "sequence_client_id"), Text("distributedId", "distributed_id"), Number("createdAt", "created_at").Needed(),
                    Number("touchedAt", "touched_at").Needed(),
                ],
                "draft.id")
            {
                Constants = [("aliases", "''"), ("labels", "''")],
                PassOver = true,
            },
        ],
    };

    public static readonly ArchiveTable Artifacts = new(
        "artifacts",
        "artifact",
        "id",
        null,
        [
            Experiment, ItsName, new ArchiveColumn("type", FieldKind.Name, "type").Needed(), Text("description"), Number("createdAt", "created_at").Needed(),
            Number("updatedAt", "updated_at").Needed(), Number("nextVersion", "next_version").Needed(), Text("modelName", "model_name"),
        ],
        "experiment_id, name")
    {
        Identity = ["experimentId", "name"],
        Parts =
        [
            Pairs("tags", "artifact_tag", "artifact_id"),
            Labels(kind: 1),
            Versions,
            Aliases("alias", "artifact_id"),
            new(
                "aliasHistory",
                "alias_change",
                null,
                "artifact_id",
                [
                    Text("alias", "name").Needed(), Number("from", "from_number"), Number("to", "to_number"), Text("who"), Text("why"),
                    new("runId", FieldKind.Run, "run_id"), Number("at").Needed(),
                    Number("isRollback", "is_rollback").Needed(),
                ],
                "id"),
        ],
    };

    public static readonly ArchiveTable Portfolios = new(
        "portfolios",
        "portfolio",
        "id",
        null,
        [
            Experiment, ItsName, new ArchiveColumn("type", FieldKind.Name, "type").Needed(), Text("description"), Number("createdAt", "created_at").Needed(),
            Number("updatedAt", "updated_at").Needed(), Number("nextNumber", "next_number").Needed(),
        ],
        "experiment_id, name")
    {
        Identity = ["experimentId", "name"],
        Parts =
        [
            Labels(kind: 2),
            new(
                "links",
                "portfolio_link",
                null,
                "portfolio_id",
                [
                    Index,
                    new ArchiveColumn("experimentId", FieldKind.Experiment, $"(SELECT artifact.experiment_id {OfLink})", "").Needed(),
                    new ArchiveColumn("artifact", FieldKind.Name, $"(SELECT artifact.name {OfLink})", "").Needed(),
                    new ArchiveColumn(
                        "version",
                        FieldKind.Number,
                        $"(SELECT version.number {OfLink})",
                        $"(SELECT version.id {VersionFrom} WHERE artifact.experiment_id = :experimentId: AND artifact.name = :artifact: AND version.number = :value)")
                    { Target = "version_id" }.Needed(),
                    Number("at").Needed(),
                ],
                "number")
            {
                Where = "EXISTS (SELECT 1 FROM version WHERE version.id = portfolio_link.version_id AND deleted_at IS NULL)",
            },
            Aliases("portfolio_alias", "portfolio_id"),
            new(
                "aliasHistory",
                "portfolio_alias_change",
                null,
                "portfolio_id",
                [Text("alias", "name").Needed(), Number("from", "from_number"), Number("to", "to_number"), Number("at").Needed()],
                "id"),
        ],
    };

    /// <summary>What a version that comes from elsewhere does not say about its files, or, without any, about its source.</summary>
    public static void Complete(object?[] version, IReadOnlyList<ArchivedRow> files)
    {
        const int digest = 1;
        const int size = 2;
        const int count = 3;
        const int source = 9;
        version[digest] ??= (files.Count > 0
            ? ArtifactCatalog.DigestOf([.. files.Select(file => new ManifestEntry((string)file.Values[0]!, Digest.Parse((string)file.Values[1]!), (long)file.Values[2]!)).OrderBy(file => file.Path, StringComparer.Ordinal)])
            : ModelRegistry.DigestOf(version[source] as string ?? "")).Value;
        version[size] ??= files.Sum(file => (long)file.Values[2]!);
        version[count] ??= (long)files.Count;
    }

    private static ArchiveTable Labels(int kind) =>
        new("labels", "label", null, "owner_id", [Text("name").Needed()], "name") { Where = $"kind = {kind}", Constants = [("kind", kind.ToString(System.Globalization.CultureInfo.InvariantCulture))] };

    private static ArchiveTable Aliases(string table, string owner) =>
        new("aliases", table, null, owner, [new ArchiveColumn("name", FieldKind.Name, "name").Needed(), Number("number").Needed()], "name") { Identity = ["name"], PassOver = true };
}
