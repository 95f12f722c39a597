using Cairn.Core.Models;

namespace Cairn.Core.Artifacts;

/// <content>The model registry: artifacts that also have a name unique on the server.</content>
public partial interface IArtifactStore
{
    /// <summary>Registers a model without versions. Its artifact is in the default experiment until a run gives it another home.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.AlreadyExists"/>.</exception>
    Task<RegisteredModel> CreateModelAsync(NewModel model, CancellationToken cancellationToken);

    Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken);

    /// <summary>The model that an artifact is; null where it is none.</summary>
    Task<RegisteredModel?> FindModelAsync(ArtifactKey key, CancellationToken cancellationToken);

    Task<IReadOnlyList<RegisteredModel>> SearchModelsAsync(ModelQuery query, CancellationToken cancellationToken);

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>; <see cref="ErrorCode.AlreadyExists"/> where the new name is taken.</exception>
    Task<RegisteredModel> UpdateModelAsync(string name, ModelChange change, long at, CancellationToken cancellationToken);

    /// <summary>Removes the model with all its versions, aliases, tags and lineage. Its name can be used again.</summary>
    Task DeleteModelAsync(string name, long at, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a version under the next index, also where its content is known already; moves "latest" to it and records the
    /// run's output. The first version of a model takes it to the experiment of its run, where its name is free there.
    /// </summary>
    Task<ModelVersion> AddModelVersionAsync(NewModelVersion version, CancellationToken cancellationToken);

    /// <summary>Null where there is none or it is deleted.</summary>
    Task<ModelVersion?> FindModelVersionAsync(string name, VersionReference reference, CancellationToken cancellationToken);

    Task<IReadOnlyList<ModelVersion>> SearchModelVersionsAsync(ModelQuery query, CancellationToken cancellationToken);

    /// <summary>All of an artifact's versions as the registry sees them, newest first; empty where it is no model.</summary>
    Task<IReadOnlyList<ModelVersion>> ListModelVersionsAsync(ArtifactKey key, CancellationToken cancellationToken);

    Task<ModelVersion> UpdateModelVersionAsync(string name, int index, ModelVersionChange change, long at, CancellationToken cancellationToken);

    /// <summary>Takes a version out of sight; its aliases go with it, and where it came from is forgotten.</summary>
    Task DeleteModelVersionAsync(string name, int index, long at, CancellationToken cancellationToken);
}
