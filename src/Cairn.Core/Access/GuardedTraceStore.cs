using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Core.Traces;

namespace Cairn.Core.Access;

/// <summary>Traces, their spans and assessments: as their experiment.</summary>
internal sealed class GuardedTraceStore(ITraceStore inner, AccessGuard guard) : ITraceStore
{
    public async Task PutAsync(Trace trace, CancellationToken cancellationToken)
    {
        await DemandWriteAsync(trace, cancellationToken);
        await inner.PutAsync(trace, cancellationToken);
    }

    public async Task AddSpansAsync(Trace skeleton, IReadOnlyList<Span> spans, CancellationToken cancellationToken)
    {
        await DemandWriteAsync(skeleton, cancellationToken);
        await inner.AddSpansAsync(skeleton, spans, cancellationToken);
    }

    public async Task UpdateAsync(string id, TraceChange change, CancellationToken cancellationToken)
    {
        await DemandAsync([id], Permission.Edit, cancellationToken);
        await inner.UpdateAsync(id, change, cancellationToken);
    }

    /// <summary>One that may not be read is refused where it is asked for alone, and left out among others.</summary>
    public async Task<IReadOnlyList<Trace>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var found = await inner.FindAsync(ids, cancellationToken);
        if (await guard.FindRightsAsync(cancellationToken) is not { SeesEverything: false } rights)
        {
            return found;
        }

        if (ids.Count == 1 && found is [var one])
        {
            await guard.DemandAsync(one.ExperimentId, Permission.Read, cancellationToken);
        }

        return [.. found.Where(trace => rights.MayRead(trace.ExperimentId))];
    }

    public async Task<IReadOnlyList<Span>> ReadSpansAsync(string id, CancellationToken cancellationToken)
    {
        await DemandAsync([id], Permission.Read, cancellationToken);
        return await inner.ReadSpansAsync(id, cancellationToken);
    }

    public async Task<IReadOnlyList<Trace>> SearchAsync(TraceQuery query, CancellationToken cancellationToken) =>
        query.Experiments.Count == 0 ? await inner.SearchAsync(query, cancellationToken)
        : await guard.LimitAsync(query.Experiments, cancellationToken) is { } readable ? await inner.SearchAsync(query with { Experiments = readable }, cancellationToken)
        : [];

    public async Task<int> CountAsync(IReadOnlyList<ExperimentId> experiments, IReadOnlyList<Criterion<TraceSubject>> where, CancellationToken cancellationToken) =>
        experiments.Count == 0 ? await inner.CountAsync(experiments, where, cancellationToken)
        : await guard.LimitAsync(experiments, cancellationToken) is { } readable ? await inner.CountAsync(readable, where, cancellationToken)
        : 0;

    public async Task<IReadOnlyList<string>> RemoveAsync(TraceRemoval removal, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(removal.Experiment, Permission.Manage, cancellationToken);
        return await inner.RemoveAsync(removal, cancellationToken);
    }

    public async Task LinkAsync(IReadOnlyList<string> ids, RunId run, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(run, Permission.Edit, cancellationToken);
        await DemandAsync(ids, Permission.Edit, cancellationToken);
        await inner.LinkAsync(ids, run, cancellationToken);
    }

    public async Task AddAssessmentAsync(Assessment assessment, CancellationToken cancellationToken)
    {
        await DemandAsync([assessment.TraceId], Permission.Edit, cancellationToken);
        await inner.AddAssessmentAsync(assessment, cancellationToken);
    }

    public async Task<Assessment> GetAssessmentAsync(string trace, string id, CancellationToken cancellationToken)
    {
        await DemandAsync([trace], Permission.Read, cancellationToken);
        return await inner.GetAssessmentAsync(trace, id, cancellationToken);
    }

    public async Task<Assessment> UpdateAssessmentAsync(string trace, string id, Func<Assessment, Assessment> change, CancellationToken cancellationToken)
    {
        await DemandAsync([trace], Permission.Edit, cancellationToken);
        return await inner.UpdateAssessmentAsync(trace, id, change, cancellationToken);
    }

    public async Task RemoveAssessmentAsync(string trace, string id, CancellationToken cancellationToken)
    {
        await DemandAsync([trace], Permission.Edit, cancellationToken);
        await inner.RemoveAssessmentAsync(trace, id, cancellationToken);
    }

    // A trace of that id may be there already, in another experiment.
    private async ValueTask DemandWriteAsync(Trace trace, CancellationToken cancellationToken)
    {
        await guard.DemandAsync(trace.ExperimentId, Permission.Edit, cancellationToken);
        await DemandAsync([trace.Id], Permission.Edit, cancellationToken);
    }

    private async ValueTask DemandAsync(IReadOnlyList<string> ids, Permission need, CancellationToken cancellationToken)
    {
        foreach (var trace in guard.IsOpen ? [] : await inner.FindAsync(ids, cancellationToken))
        {
            await guard.DemandAsync(trace.ExperimentId, need, cancellationToken);
        }
    }
}
