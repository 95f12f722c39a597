using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Models;
using Cairn.Core.Webhooks;
using Cairn.Storage.Access;
using Cairn.Storage.Promotion;
using Cairn.Storage.Webhooks;

namespace Cairn.Storage.Artifacts;

/// <content>Writing the model registry. There is one writer, so what is looked up here still holds when it is written.</content>
internal sealed partial class SqlArtifactStore
{
    public Task<RegisteredModel> CreateModelAsync(NewModel model, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                RefuseTaken(session, model.Name);
                var id = session.Number(
                    """
                    INSERT INTO artifact (experiment_id, name, type, description, created_at, updated_at, next_version, model_name)
                    VALUES (@1, @2, @3, @4, @5, @5, 0, @6) RETURNING id
                    """,
                    ExperimentId.Default.Value,
                    FreeArtifactName(session, ExperimentId.Default.Value, model.ArtifactName),
                    model.Type,
                    model.Description,
                    model.At,
                    model.Name);
                SqlPermissionStore.AddModelCreator(session, id, model.Creator);
                foreach (var (key, value) in model.Tags)
                {
                    SetTag(session, ArtifactTags, id, key, value);
                }

                var made = ModelRows.FindModel(session, model.Name)!;
                WebhookMessages.Add(session, RegistryNews.Created(made), model.At);
                return made;
            },
            cancellationToken);

    public Task<RegisteredModel> UpdateModelAsync(string name, ModelChange change, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var id = FindModelId(session, name);
                if (change.NewName is { } newName && newName != name)
                {
                    RefuseTaken(session, newName);
                    var (experiment, artifactName) = session.First("SELECT experiment_id, name FROM artifact WHERE id = @1", row => (row.GetInt64(0), row.GetString(1)), id);
                    session.Execute(
                        "UPDATE artifact SET model_name = @2, name = @3 WHERE id = @1",
                        id,
                        newName,
                        change.NewArtifactName == artifactName ? artifactName : FreeArtifactName(session, experiment, change.NewArtifactName!));
                    session.Execute("UPDATE version SET updated_at = @2 WHERE artifact_id = @1", id, at);
                    PromotionRows.Follow(session, new ArtifactKey(new ExperimentId(experiment), artifactName), KeyOf(session, id));
                }

                if (change.Description is { } description)
                {
                    session.Execute("UPDATE artifact SET description = @2 WHERE id = @1", id, description);
                }

                if (change.NewName is not null || change.Description is not null)
                {
                    session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", id, at);
                }

                foreach (var (key, value) in change.Tags ?? NoTags)
                {
                    SetTag(session, ArtifactTags, id, key, value);
                }

                TellTags(session, id, index: null, change.Tags, at);
                return ModelRows.FindModel(session, change.NewName ?? name)!;
            },
            cancellationToken);

    public Task DeleteModelAsync(string name, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var id = FindModelId(session, name);
                PromotionRows.Forget(session, KeyOf(session, id));
                foreach (var table in (ReadOnlySpan<string>)["lineage", "manifest", "version_tag", "version_reference", "version_card", "portfolio_link"])
                {
                    session.Execute($"DELETE FROM {table} WHERE version_id IN (SELECT id FROM version WHERE artifact_id = @1)", id);
                }

                foreach (var table in (ReadOnlySpan<string>)["version", "alias", "alias_change", "artifact_tag"])
                {
                    session.Execute($"DELETE FROM {table} WHERE artifact_id = @1", id);
                }

                return session.Execute("DELETE FROM artifact WHERE id = @1", id);
            },
            cancellationToken);

    public Task<ModelVersion> UpdateModelVersionAsync(string name, int index, ModelVersionChange change, long at, CancellationToken cancellationToken) =>
        WriteGatedAsync(
            session =>
            {
                var (artifact, version) = FindModelVersionId(session, name, index);
                if (change.SetsDescription)
                {
                    session.Execute("UPDATE version SET description = @2, updated_at = @3 WHERE id = @1", version, change.Description, at);
                }

                if (change.Stage is { } stage)
                {
                    if (session.Number("SELECT stage FROM version WHERE id = @1", version) != (int)stage
                        && PassStageGate(session, artifact, index, stage.ToString(), (int)stage, at) is { } decision)
                    {
                        PromotionRows.Add(session, decision);
                    }

                    if (change.ArchiveOthers)
                    {
                        session.Execute(
                            "UPDATE version SET stage = @4, updated_at = @5 WHERE artifact_id = @1 AND id <> @2 AND stage = @3 AND deleted_at IS NULL",
                            artifact,
                            version,
                            (int)stage,
                            (int)ModelStage.Archived,
                            at);
                    }

                    session.Execute("UPDATE version SET stage = @2, updated_at = @3 WHERE id = @1", version, (int)stage, at);
                    session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", artifact, at);
                }

                foreach (var (key, value) in change.Tags ?? NoTags)
                {
                    SetTag(session, VersionTags, version, key, value);
                }

                TellTags(session, artifact, index, change.Tags, at);
                return ModelRows.FindVersion(session, name, new VersionReference(index, null))!;
            },
            cancellationToken);

    public Task DeleteModelVersionAsync(string name, int index, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var (artifact, version) = FindModelVersionId(session, name, index);
                DeleteVersion(session, artifact, index, at);
                return session.Execute(
                    "UPDATE version SET source = NULL, location = NULL, run_text = NULL, run_link = NULL, logged_model = NULL, description = NULL, updated_at = @2 WHERE id = @1",
                    version,
                    at) + session.Execute("UPDATE artifact SET updated_at = @2 WHERE id = @1", artifact, at);
            },
            cancellationToken);
}
