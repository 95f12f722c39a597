using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Models;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <content>The model registry. What was said of a model goes before what holds for its experiment.</content>
internal sealed partial class GuardedArtifactStore
{
    public async Task<RegisteredModel> CreateModelAsync(NewModel model, CancellationToken cancellationToken)
    {
        var made = await inner.CreateModelAsync(model with { Creator = Caller.Current.UserId }, cancellationToken);
        guard.Forget();
        return made;
    }

    public async Task<RegisteredModel?> FindModelAsync(string name, CancellationToken cancellationToken) =>
        await guard.DemandModelAsync(name, Permission.Read, cancellationToken) ?? await inner.FindModelAsync(name, cancellationToken);

    public async Task<RegisteredModel?> FindModelAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.FindModelAsync(key, cancellationToken);
    }

    public async Task<IReadOnlyList<RegisteredModel>> SearchModelsAsync(ModelQuery query, CancellationToken cancellationToken) =>
        await inner.SearchModelsAsync(query with { Sight = await guard.FindModelSightAsync(cancellationToken) }, cancellationToken);

    public async Task<RegisteredModel> UpdateModelAsync(string name, ModelChange change, long at, CancellationToken cancellationToken)
    {
        await guard.DemandModelAsync(name, Permission.Edit, cancellationToken);
        var changed = await inner.UpdateModelAsync(name, change, at, cancellationToken);
        if (change.NewName is not null)
        {
            guard.Forget();
        }

        return changed;
    }

    public async Task DeleteModelAsync(string name, long at, CancellationToken cancellationToken)
    {
        await guard.DemandModelAsync(name, Permission.Manage, cancellationToken);
        await inner.DeleteModelAsync(name, at, cancellationToken);
        guard.Forget();
    }

    public async Task<ModelVersion> AddModelVersionAsync(NewModelVersion version, CancellationToken cancellationToken)
    {
        await guard.DemandModelAsync(version.ModelName, Permission.Edit, cancellationToken);
        if (version.RunId is { } || RunId.TryParse(version.RunText, out _))
        {
            await guard.DemandAsync(version.RunId ?? RunId.Parse(version.RunText!), Permission.Read, cancellationToken);
        }

        if (version.LoggedModelId is { } logged && !guard.IsOpen && await loggedModels.FindAsync(logged, cancellationToken) is { } source)
        {
            await guard.DemandAsync(source.ExperimentId, Permission.Read, cancellationToken);
        }

        var added = await inner.AddModelVersionAsync(version with { MayMove = await MayMoveAsync(version.RunId, cancellationToken) }, cancellationToken);

        // The first version takes its model to the experiment of its run.
        guard.Forget();
        return added;
    }

    public async Task<ModelVersion?> FindModelVersionAsync(string name, VersionReference reference, CancellationToken cancellationToken)
    {
        await guard.DemandModelAsync(name, Permission.Read, cancellationToken);
        return await inner.FindModelVersionAsync(name, reference, cancellationToken);
    }

    public async Task<IReadOnlyList<ModelVersion>> SearchModelVersionsAsync(ModelQuery query, CancellationToken cancellationToken) =>
        await inner.SearchModelVersionsAsync(query with { Sight = await guard.FindModelSightAsync(cancellationToken) }, cancellationToken);

    public async Task<IReadOnlyList<ModelVersion>> ListModelVersionsAsync(ArtifactKey key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(key, Permission.Read, cancellationToken);
        return await inner.ListModelVersionsAsync(key, cancellationToken);
    }

    public async Task<ModelVersion> UpdateModelVersionAsync(string name, int index, ModelVersionChange change, long at, CancellationToken cancellationToken)
    {
        // MLflow lets only those who manage a model take tags of its versions away.
        var need = change.Tags?.Values.Contains(null) == true ? Permission.Manage : Permission.Edit;
        await guard.DemandModelAsync(name, need, cancellationToken);
        return await inner.UpdateModelVersionAsync(name, index, change, at, cancellationToken);
    }

    public async Task DeleteModelVersionAsync(string name, int index, long at, CancellationToken cancellationToken)
    {
        await guard.DemandModelAsync(name, Permission.Manage, cancellationToken);
        await inner.DeleteModelVersionAsync(name, index, at, cancellationToken);
    }

    // Who may read an experiment may take a model from it, and not put one into it.
    private async ValueTask<bool> MayMoveAsync(RunId? run, CancellationToken cancellationToken) =>
        await guard.FindRightsAsync(cancellationToken) is not { } rights
        || (run is { } id && await guard.HomeOfAsync(id, cancellationToken) is { } home && rights.Of(home) >= Permission.Edit);
}
