using Cairn.Core.EvaluationSets;
using Cairn.Core.Experiments;

namespace Cairn.Core.Access;

/// <summary>
/// Evaluation sets. They may be used in several experiments: who may read one of these may read the set, and who changes
/// it must be allowed to in all of them. A set of no experiment is as what nothing was said of.
/// </summary>
internal sealed class GuardedEvaluationSetStore(IEvaluationSetStore inner, AccessGuard guard) : IEvaluationSetStore
{
    public async Task CreateAsync(EvaluationSet set, CancellationToken cancellationToken)
    {
        foreach (var experiment in set.Experiments)
        {
            await guard.DemandAsync(experiment, Permission.Edit, cancellationToken);
        }

        await DemandAsync(set, Permission.Edit, cancellationToken);
        await inner.CreateAsync(set, cancellationToken);
    }

    public async Task<EvaluationSet?> FindAsync(string id, CancellationToken cancellationToken) =>
        await inner.FindAsync(id, cancellationToken) is { } found ? await ShownAsync(found, cancellationToken) : null;

    public async Task<IReadOnlyList<EvaluationSet>> SearchAsync(EvaluationSetQuery query, CancellationToken cancellationToken)
    {
        if (await guard.FindRightsAsync(cancellationToken) is not { SeesEverything: false } rights)
        {
            return await inner.SearchAsync(query, cancellationToken);
        }

        return await guard.LimitAsync(query.Experiments, cancellationToken) is { } readable
            ? [.. (await inner.SearchAsync(query with { Experiments = readable }, cancellationToken)).Select(set => Shown(set, rights))]
            : [];
    }

    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await DemandAsync(id, Permission.Manage, cancellationToken);
        await inner.RemoveAsync(id, cancellationToken);
    }

    public async Task SetTagsAsync(string id, IReadOnlyDictionary<string, string?> tags, CancellationToken cancellationToken)
    {
        await DemandAsync(id, Permission.Edit, cancellationToken);
        await inner.SetTagsAsync(id, tags, cancellationToken);
    }

    public async Task TieAsync(string id, IReadOnlyList<ExperimentId> experiments, bool remove, CancellationToken cancellationToken)
    {
        await DemandAsync(id, Permission.Edit, cancellationToken);
        foreach (var experiment in experiments)
        {
            await guard.DemandAsync(experiment, Permission.Edit, cancellationToken);
        }

        await inner.TieAsync(id, experiments, remove, cancellationToken);
    }

    public async Task<int> MergeAsync(
        string id,
        IReadOnlyList<string> keys,
        Func<EvaluationRecord?, int, EvaluationRecord> merge,
        Func<EvaluationSet, EvaluationSet> finish,
        CancellationToken cancellationToken)
    {
        await DemandAsync(id, Permission.Edit, cancellationToken);
        return await inner.MergeAsync(id, keys, merge, finish, cancellationToken);
    }

    public async Task<IReadOnlyList<EvaluationRecord>> ReadRecordsAsync(string id, RecordPosition? after, int limit, CancellationToken cancellationToken)
    {
        await FindAsync(id, cancellationToken);
        return await inner.ReadRecordsAsync(id, after, limit, cancellationToken);
    }

    private async ValueTask<EvaluationSet> ShownAsync(EvaluationSet set, CancellationToken cancellationToken)
    {
        if (await guard.FindRightsAsync(cancellationToken) is not { } rights)
        {
            return set;
        }

        return (set.Experiments.Count > 0 ? set.Experiments.Any(rights.MayRead) : rights.ByDefault >= Permission.Read)
            ? Shown(set, rights)
            : throw AccessGuard.Refusal(Permission.Read, "an experiment of this evaluation set");
    }

    private static EvaluationSet Shown(EvaluationSet set, Rights rights) =>
        set.Experiments.All(rights.MayRead) ? set : set with { Experiments = [.. set.Experiments.Where(rights.MayRead)] };

    private async ValueTask DemandAsync(string id, Permission need, CancellationToken cancellationToken)
    {
        if (!guard.IsOpen && await inner.FindAsync(id, cancellationToken) is { } set)
        {
            await DemandAsync(set, need, cancellationToken);
        }
    }

    private async ValueTask DemandAsync(EvaluationSet set, Permission need, CancellationToken cancellationToken)
    {
        if (await guard.FindRightsAsync(cancellationToken) is { } rights
            && (set.Experiments.Count > 0 ? set.Experiments.Any(experiment => rights.Of(experiment) < need) : rights.ByDefault < need))
        {
            throw AccessGuard.Refusal(need, set.Experiments.Count > 0 ? "every experiment of this evaluation set" : "evaluation sets of no experiment (name an experiment)");
        }
    }
}
