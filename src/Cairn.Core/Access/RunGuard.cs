using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;

namespace Cairn.Core.Access;

/// <summary>What may be written into runs, and by whom: asked before a write queues up.</summary>
/// <param name="guard">Who may do what.</param>
/// <param name="models">Where logged models are looked up: the store itself, not the guarded one.</param>
public sealed class RunGuard(AccessGuard guard, ILoggedModelStore models)
{
    public async ValueTask DemandAsync(NewRun run, CancellationToken cancellationToken)
    {
        if (guard.IsOpen)
        {
            return;
        }

        await guard.DemandAsync(run.ExperimentId, Permission.Edit, cancellationToken);
        if (run.Id is { } id && await guard.HomeOfAsync(id, cancellationToken) is { } home)
        {
            // Whoever creates a run again is answered with the run.
            await guard.DemandAsync(home, Permission.Edit, cancellationToken);
        }

        if (run.ParentId is { } parent)
        {
            await guard.DemandAsync(parent, Permission.Read, cancellationToken);
        }

        if (run.Content is { } content)
        {
            await DemandContentAsync(content, cancellationToken);
        }
    }

    public async ValueTask DemandAsync(RunUpdate update, CancellationToken cancellationToken)
    {
        if (guard.IsOpen)
        {
            return;
        }

        await guard.DemandAsync(update.RunId, update.Lifecycle is null ? Permission.Edit : Permission.Manage, cancellationToken);
        await DemandContentAsync(update, cancellationToken);
    }

    private async ValueTask DemandContentAsync(RunUpdate update, CancellationToken cancellationToken)
    {
        if (update.ParentId is { } parent)
        {
            await guard.DemandAsync(parent, Permission.Read, cancellationToken);
        }

        foreach (var model in update.ModelPoints.Select(point => point.ModelId).Concat(update.Links.ModelOutputs.Select(made => made.ModelId)).Distinct())
        {
            await DemandModelAsync(model, Permission.Edit, cancellationToken);
        }

        foreach (var model in update.Links.ModelInputs)
        {
            await DemandModelAsync(model, Permission.Read, cancellationToken);
        }
    }

    private async ValueTask DemandModelAsync(string id, Permission need, CancellationToken cancellationToken)
    {
        if (await models.FindAsync(id, cancellationToken) is { } model)
        {
            await guard.DemandAsync(model.ExperimentId, need, cancellationToken);
        }
    }
}
