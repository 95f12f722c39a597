using Cairn.Core.Accounts;
using Cairn.Core.Experiments;
using Cairn.Core.Housekeeping;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Series;

namespace Cairn.Core.Access;

/// <summary>Experiments and runs, as the caller may see and change them. Everything of a run follows its experiment.</summary>
internal sealed class GuardedRunStore(IRunStore inner, AccessGuard guard) : IRunStore
{
    public async Task<Experiment> CreateExperimentAsync(NewExperiment experiment, long at, CancellationToken cancellationToken)
    {
        if (experiment.ArtifactLocation is { } location)
        {
            await guard.DemandPlaceAsync(location, cancellationToken);
        }

        var made = await inner.CreateExperimentAsync(experiment with { Creator = Caller.Current.UserId }, at, cancellationToken);
        guard.Forget();
        guard.ForgetPlaces();
        return made;
    }

    public async Task<Experiment?> FindExperimentAsync(ExperimentId id, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        return await inner.FindExperimentAsync(id, cancellationToken);
    }

    public async Task<Experiment?> FindExperimentAsync(string name, CancellationToken cancellationToken)
    {
        var found = await inner.FindExperimentAsync(name, cancellationToken);
        if (found is not null)
        {
            await guard.DemandAsync(found.Id, Permission.Read, cancellationToken);
        }

        return found;
    }

    public async Task<Experiment> UpdateExperimentAsync(ExperimentId id, ExperimentChange change, long at, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, change.Lifecycle is null ? Permission.Edit : Permission.Manage, cancellationToken);
        if (change.ArtifactLocation is { } location)
        {
            await guard.DemandPlaceAsync(location, cancellationToken);
        }

        var changed = await inner.UpdateExperimentAsync(id, change, at, cancellationToken);
        if (change.ArtifactLocation is not null)
        {
            guard.ForgetPlaces();
        }

        return changed;
    }

    public async Task<IReadOnlyList<Experiment>> SearchExperimentsAsync(ExperimentQuery query, CancellationToken cancellationToken) =>
        await inner.SearchExperimentsAsync(query with { Among = await guard.FindSightAsync(cancellationToken) }, cancellationToken);

    public async Task<IReadOnlyList<ExperimentActivity>> ListExperimentsAsync(LifecycleFilter lifecycle, CancellationToken cancellationToken) =>
        await guard.OnlyReadableAsync(await inner.ListExperimentsAsync(lifecycle, cancellationToken), one => one.Experiment.Id, cancellationToken);

    public Task<RunState?> LoadStateAsync(RunId id, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("The state of the journal");
        return inner.LoadStateAsync(id, cancellationToken);
    }

    public Task CommitAsync(IReadOnlyList<RunCommit> commits, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Writing past the journal");
        return inner.CommitAsync(commits, cancellationToken);
    }

    public async Task<RunSnapshot?> FindRunAsync(RunId id, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        var found = await inner.FindRunAsync(id, cancellationToken);

        // The run that launched it may be one that the caller must not know of.
        return found is { Run.ParentId: { } parent } && await guard.FindRightsAsync(cancellationToken) is { SeesEverything: false } rights
            && await guard.HomeOfAsync(parent, cancellationToken) is { } home && !rights.MayRead(home)
            ? found with { Run = found.Run with { ParentId = null } }
            : found;
    }

    public async Task<IReadOnlyList<Run>> FindRunsAsync(IReadOnlyList<RunId> ids, CancellationToken cancellationToken)
    {
        if (ids is [var one])
        {
            await guard.DemandAsync(one, Permission.Read, cancellationToken);
        }

        return await guard.OnlyReadableAsync(await inner.FindRunsAsync(ids, cancellationToken), run => run.ExperimentId, cancellationToken);
    }

    public async Task<IReadOnlyList<RunSnapshot>> SearchRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        await guard.LimitAsync(query.Experiments, cancellationToken) is { } experiments
            ? await inner.SearchRunsAsync(query with { Experiments = experiments }, cancellationToken)
            : [];

    public Task<PurgedRuns> PurgeDeletedAsync(long deletedBefore, bool dryRun, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("Emptying the bin");
        return inner.PurgeDeletedAsync(deletedBefore, dryRun, cancellationToken);
    }

    public async Task<IReadOnlyList<Run>> ListChildrenAsync(RunId parent, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(parent, Permission.Read, cancellationToken);
        return await guard.OnlyReadableAsync(await inner.ListChildrenAsync(parent, cancellationToken), run => run.ExperimentId, cancellationToken);
    }

    public async Task<LogPage> ReadLogsAsync(RunId id, long after, int limit, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        return await inner.ReadLogsAsync(id, after, limit, cancellationToken);
    }

    public async Task<string?> FindDocumentAsync(RunId id, string name, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        return await inner.FindDocumentAsync(id, name, cancellationToken);
    }

    public async Task<IReadOnlyList<RunDocument>> ListDocumentsAsync(RunId id, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        return await inner.ListDocumentsAsync(id, cancellationToken);
    }

    public async Task<IReadOnlyList<LineBlock>> ListBlocksAsync(RunId id, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        return await inner.ListBlocksAsync(id, cancellationToken);
    }

    public async Task ReadLinesAsync(RunId id, LineStream stream, long firstLine, StepRange steps, LineVisitor visit, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        await inner.ReadLinesAsync(id, stream, firstLine, steps, visit, cancellationToken);
    }

    public Task<IReadOnlyList<Run>> ListSilentAsync(long before, CancellationToken cancellationToken)
    {
        guard.DemandAdmin("The list of silent runs");
        return inner.ListSilentAsync(before, cancellationToken);
    }

    public async Task<bool> HasSummaryAsync(ExperimentId experiment, string key, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.HasSummaryAsync(experiment, key, cancellationToken);
    }

    public async Task<int> CountRunsAsync(ExperimentId experiment, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.CountRunsAsync(experiment, cancellationToken);
    }

    public async Task<IReadOnlyList<Media>> ReadMediaAsync(RunId id, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(id, Permission.Read, cancellationToken);
        return await inner.ReadMediaAsync(id, cancellationToken);
    }

    public async Task<RunKeyCounts> CountKeysAsync(ExperimentId experiment, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(experiment, Permission.Read, cancellationToken);
        return await inner.CountKeysAsync(experiment, cancellationToken);
    }

    public async Task<RunColumns> ReadColumnsAsync(RunQuery query, IReadOnlyList<Field> fields, CancellationToken cancellationToken) =>
        await guard.LimitAsync(query.Experiments, cancellationToken) is { } experiments
            ? await inner.ReadColumnsAsync(query with { Experiments = experiments }, fields, cancellationToken)
            : new RunColumns([], [.. fields.Select(field => new RunColumn(field, field.Kind == FieldKind.Metric ? null : [], []))]);

    public async Task<IReadOnlyList<RunSnapshot>> ListDoubtfulAsync(long since, int limit, CancellationToken cancellationToken)
    {
        var isLimited = await guard.FindRightsAsync(cancellationToken) is { SeesEverything: false };
        var found = await inner.ListDoubtfulAsync(since, isLimited ? AccessGuard.LookedThrough : limit, cancellationToken);
        return isLimited ? [.. (await guard.OnlyReadableAsync(found, run => run.Run.ExperimentId, cancellationToken)).Take(limit)] : found;
    }

    public async Task<IReadOnlyList<StartedRuns>> CountStartedAsync(long since, CancellationToken cancellationToken) =>
        await guard.OnlyReadableAsync(await inner.CountStartedAsync(since, cancellationToken), count => count.Experiment, cancellationToken);
}
