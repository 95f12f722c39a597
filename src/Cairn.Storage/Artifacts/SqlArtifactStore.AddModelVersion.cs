using System.Globalization;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Models;
using Cairn.Core.Runs;
using Cairn.Storage.Promotion;
using Cairn.Storage.Sqlite;
using Cairn.Storage.Triggers;

namespace Cairn.Storage.Artifacts;

/// <content>Registering versions, and what names and tags need.</content>
internal sealed partial class SqlArtifactStore
{
    private const string ArtifactTags = "artifact_tag (artifact_id, name, value)";
    private const string VersionTags = "version_tag (version_id, name, value)";

    private static readonly Dictionary<string, string?> NoTags = [];

    public Task<ModelVersion> AddModelVersionAsync(NewModelVersion version, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var artifact = FindModelId(session, version.ModelName);
                if (version is { RunId: { } maker, MayMove: true })
                {
                    MoveHome(session, artifact, maker);
                }

                var (index, id) = InsertModelVersion(session, artifact, version);
                foreach (var entry in version.Manifest)
                {
                    session.Execute(
                        "INSERT INTO manifest (version_id, path, digest, size) VALUES (@1, @2, @3, @4)",
                        id,
                        entry.Path,
                        entry.Digest.Value,
                        entry.Size);
                }

                foreach (var (key, value) in version.Tags)
                {
                    SetTag(session, VersionTags, id, key, value);
                }

                PointAlias(session, artifact, ArtifactCatalog.Latest, index, version.Author, why: null, version.RunId?.Value, version.At);
                var added = ModelRows.FindVersion(session, version.ModelName, new VersionReference(index, null))!;
                if (version.RunId is { } run)
                {
                    AddEdge(session, new LineageEdge(run, added.Version.Key, index, LineageDirection.Output, version.At, UsedAs: null));
                }

                session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", artifact, version.At);
                TellVersion(session, artifact, index, version.At);
                JobRows.AddForVersion(session, artifact, index, version.RunId?.Value, version.At);
                return added;
            },
            cancellationToken);

    private static (int Index, long Id) InsertModelVersion(SqlSession session, long artifact, NewModelVersion version)
    {
        var index = (int)session.Number("UPDATE artifact SET next_version = next_version + 1 WHERE id = @1 RETURNING next_version - 1", artifact);
        var id = session.Number(
            """
            INSERT INTO version (artifact_id, number, digest, size, file_count, description, created_at, author, run_id,
                source, location, run_text, run_link, logged_model, updated_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @7) RETURNING id
            """,
            artifact,
            index,
            version.Digest.Value,
            version.Manifest.Sum(entry => entry.Size),
            version.Manifest.Count,
            version.Description,
            version.At,
            version.Author,
            version.RunId?.Value,
            version.Source,
            version.Location,
            version.RunText,
            version.RunLink,
            version.LoggedModelId);
        return (index, id);
    }

    // A model is registered before anything says to which experiment it belongs; the run of its first version does.
    private static void MoveHome(SqlSession session, long artifact, RunId run)
    {
        var before = KeyOf(session, artifact);
        session.Execute(
            """
            UPDATE artifact SET experiment_id = run.experiment_id FROM run
            WHERE artifact.id = @1 AND run.id = @2 AND artifact.next_version = 0 AND artifact.experiment_id = @3
                AND NOT EXISTS (SELECT 1 FROM artifact AS other WHERE other.experiment_id = run.experiment_id AND other.name = artifact.name)
            """,
            artifact,
            run.Value,
            ExperimentId.Default.Value);
        if (KeyOf(session, artifact) is var home && home != before)
        {
            PromotionRows.Follow(session, before, home);
        }
    }

    /// <summary>Gives a new artifact of type "model" its name in the registry: its own, where that is free.</summary>
    private static void Register(SqlSession session, long artifact, ArtifactKey key)
    {
        var name = key.Name;
        for (var next = 1; IsModel(session, name); next++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{key.Name}~{key.ExperimentId}{(next > 1 ? $"~{next}" : "")}");
        }

        session.Execute("UPDATE artifact SET model_name = @2 WHERE id = @1", artifact, name);
    }

    private static string FreeArtifactName(SqlSession session, long experiment, string wanted)
    {
        var name = wanted;
        for (var next = 2; session.Number("SELECT EXISTS (SELECT 1 FROM artifact WHERE experiment_id = @1 AND name = @2)", experiment, name) == 1; next++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}-{next}");
        }

        return name;
    }

    private static void RefuseTaken(SqlSession session, string name)
    {
        if (IsModel(session, name))
        {
            throw new CairnException(ErrorCode.AlreadyExists, $"Registered Model (name={name}) already exists.", "name");
        }
    }

    private static bool IsModel(SqlSession session, string name) =>
        session.Number("SELECT EXISTS (SELECT 1 FROM artifact WHERE model_name = @1)", name) == 1;

    private static long FindModelId(SqlSession session, string name) =>
        session.First<long?>("SELECT id FROM artifact WHERE model_name = @1", row => row.GetInt64(0), name) ?? throw ModelRegistry.MissingModel(name);

    private static (long Artifact, long Version) FindModelVersionId(SqlSession session, string name, int index) =>
        session.First<(long, long)?>(
            "SELECT artifact.id, version.id FROM version JOIN artifact ON artifact.id = artifact_id WHERE model_name = @1 AND number = @2 AND deleted_at IS NULL",
            row => (row.GetInt64(0), row.GetInt64(1)),
            name,
            index)
        ?? throw ModelRegistry.MissingVersion(name, index + 1);

    private static void SetTag(SqlSession session, string table, long owner, string key, string? value)
    {
        var owners = table == ArtifactTags ? "artifact_id" : "version_id";
        if (value is null)
        {
            session.Execute($"DELETE FROM {table[..table.IndexOf(' ', StringComparison.Ordinal)]} WHERE {owners} = @1 AND name = @2", owner, key);
        }
        else
        {
            session.Execute(
                $"INSERT INTO {table} VALUES (@1, @2, @3) ON CONFLICT ({owners}, name) DO UPDATE SET value = excluded.value",
                owner,
                key,
                value);
        }
    }
}
