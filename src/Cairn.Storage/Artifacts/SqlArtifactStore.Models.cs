using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Storage.Search;

namespace Cairn.Storage.Artifacts;

/// <content>Reading the model registry; writing it is in SqlArtifactStore.ModelWrites.cs.</content>
internal sealed partial class SqlArtifactStore
{
    public Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ModelRows.FindModel(session, name), cancellationToken);

    public Task<RegisteredModel?> FindModelAsync(ArtifactKey key, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.First(
                $"{ModelRows.SelectModel} WHERE experiment_id = @1 AND name = @2 AND model_name IS NOT NULL",
                row => ModelRows.ReadModel(session, row),
                key.ExperimentId.Value,
                key.Name),
            cancellationToken);

    public Task<IReadOnlyList<RegisteredModel>> SearchModelsAsync(ModelQuery query, CancellationToken cancellationToken)
    {
        var (sql, arguments) = new ModelSearch().Models(query);
        return database.SearchAsync<IReadOnlyList<RegisteredModel>>(
            session => session.Query(sql, row => ModelRows.ReadModel(session, row), arguments),
            cancellationToken);
    }

    public Task<ModelVersion?> FindModelVersionAsync(string name, VersionReference reference, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ModelRows.FindVersion(session, name, reference), cancellationToken);

    public Task<IReadOnlyList<ModelVersion>> SearchModelVersionsAsync(ModelQuery query, CancellationToken cancellationToken)
    {
        var (sql, arguments) = new ModelSearch().Versions(query);
        return database.SearchAsync<IReadOnlyList<ModelVersion>>(
            session => session.Query(sql, row => ModelRows.ReadVersion(session, row), arguments),
            cancellationToken);
    }

    public Task<IReadOnlyList<ModelVersion>> ListModelVersionsAsync(ArtifactKey key, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ModelVersion>>(
            session => session.Query(
                $"""
                {ModelRows.SelectVersion} WHERE experiment_id = @1 AND name = @2 AND model_name IS NOT NULL AND deleted_at IS NULL
                ORDER BY number DESC
                """,
                row => ModelRows.ReadVersion(session, row),
                key.ExperimentId.Value,
                key.Name),
            cancellationToken);
}
