using Cairn.Core.Experiments;
using Cairn.Core.Views;

namespace Cairn.Core.Access;

/// <summary>Saved views of pages: as their experiment.</summary>
internal sealed class GuardedSavedViewStore(ISavedViewStore inner, AccessGuard guard) : ISavedViewStore
{
    public async Task<IReadOnlyList<SavedView>> ListAsync(ExperimentId experiment, string? page, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.ListAsync(experiment, page, cancellationToken);
    }

    public async Task PutAsync(SavedView view, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(view.Experiment, Permission.Edit, cancellationToken);
        await inner.PutAsync(view, cancellationToken);
    }

    public async Task<bool> RemoveAsync(ExperimentId experiment, string page, string name, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Edit, cancellationToken);
        return await inner.RemoveAsync(experiment, page, name, cancellationToken);
    }
}
