using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <summary>Logged models: as their experiment.</summary>
internal sealed class GuardedLoggedModelStore(ILoggedModelStore inner, AccessGuard guard) : ILoggedModelStore
{
    public async Task CreateAsync(LoggedModel model, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(model.ExperimentId, Permission.Edit, cancellationToken);
        if (RunId.TryParse(model.SourceRunId, out var run))
        {
            await guard.DemandAsync(run, Permission.Read, cancellationToken);
        }

        await inner.CreateAsync(model, cancellationToken);
    }

    public async Task<LoggedModel?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var found = await inner.FindAsync(id, cancellationToken);
        if (found is not null)
        {
            await guard.DemandAsync(found.ExperimentId, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<IReadOnlyList<string>> FindMissingAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        foreach (var id in guard.IsOpen ? [] : ids)
        {
            await FindAsync(id, cancellationToken);
        }

        return await inner.FindMissingAsync(ids, cancellationToken);
    }

    public async Task UpdateAsync(string id, LoggedModelChange change, long at, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindAsync(id, cancellationToken) is { } model)
        {
            // As MLflow has it, taking a tag away is deleting.
            await guard.DemandAsync(model.ExperimentId, change.Delete || change.RemoveTag is not null ? Permission.Manage : Permission.Edit, cancellationToken);
        }

        await inner.UpdateAsync(id, change, at, cancellationToken);
    }

    public async Task<IReadOnlyList<LoggedModel>> SearchAsync(LoggedModelQuery query, CancellationToken cancellationToken) =>
        query.Experiments.Count == 0 ? await inner.SearchAsync(query, cancellationToken)
        : await guard.LimitAsync(query.Experiments, cancellationToken) is { } readable ? await inner.SearchAsync(query with { Experiments = readable }, cancellationToken)
        : [];
}
