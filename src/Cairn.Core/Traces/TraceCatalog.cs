using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Core.Traces;

/// <summary>The rules of traces: which may be made, and how they and what is thought of them change.</summary>
public sealed class TraceCatalog(ITraceStore store, IRunStore runs, TimeProvider clock)
{
    /// <summary>Links made by one call.</summary>
    public const int MostLinks = 100;

    private const int IdLength = 250;

    public long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Writes a trace; the same again changes nothing.</summary>
    /// <exception cref="CairnException">For the experiment, or a fact that cannot be kept.</exception>
    public async Task<Trace> PutAsync(Trace trace, CancellationToken cancellationToken)
    {
        Check(trace);
        await RequireExperimentAsync(trace.ExperimentId, cancellationToken);
        await store.PutAsync(trace, cancellationToken);
        return await GetAsync(trace.Id, cancellationToken);
    }

    public async Task AddSpansAsync(Trace skeleton, IReadOnlyList<Span> spans, CancellationToken cancellationToken)
    {
        Check(skeleton);
        await RequireExperimentAsync(skeleton.ExperimentId, cancellationToken);
        await store.AddSpansAsync(skeleton, spans, cancellationToken);
    }

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public async Task<Trace> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync([id], cancellationToken) is [var trace] ? trace : throw Missing(id);

    public Task<IReadOnlyList<Trace>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => store.FindAsync(ids, cancellationToken);

    public Task<IReadOnlyList<Span>> ReadSpansAsync(string id, CancellationToken cancellationToken) => store.ReadSpansAsync(id, cancellationToken);

    public async Task<Trace> UpdateAsync(string id, TraceChange change, CancellationToken cancellationToken)
    {
        CheckPairs("tags", change.Tags);
        CheckPairs("request_metadata", change.Metadata);
        await store.UpdateAsync(id, change, cancellationToken);
        return await GetAsync(id, cancellationToken);
    }

    public Task<IReadOnlyList<Trace>> SearchAsync(TraceQuery query, CancellationToken cancellationToken) => store.SearchAsync(query, cancellationToken);

    /// <summary>Removes traces, not their files, and answers their ids.</summary>
    public Task<IReadOnlyList<string>> RemoveAsync(TraceRemoval removal, CancellationToken cancellationToken) => store.RemoveAsync(removal, cancellationToken);

    public async Task LinkAsync(IReadOnlyList<string> ids, RunId run, CancellationToken cancellationToken)
    {
        if (ids.Count > MostLinks)
        {
            throw CairnException.Invalid(
                "trace_ids",
                $"Cannot link more than {MostLinks} traces to a run in a single request. Provided {ids.Count} traces.");
        }

        if ((await runs.FindRunsAsync([run], cancellationToken)).Count == 0)
        {
            throw CairnException.NotFound($"Run with id={run} not found");
        }

        await store.LinkAsync(ids, run, cancellationToken);
    }

    /// <summary>How two conditions go together among the traces for which a third holds.</summary>
    public async Task<TraceCorrelation> CorrelateAsync(
        IReadOnlyList<ExperimentId> experiments,
        IReadOnlyList<Criterion<TraceSubject>> first,
        IReadOnlyList<Criterion<TraceSubject>> second,
        IReadOnlyList<Criterion<TraceSubject>> among,
        CancellationToken cancellationToken) =>
        new(
            await store.CountAsync(experiments, among, cancellationToken),
            await store.CountAsync(experiments, [.. among, .. first], cancellationToken),
            await store.CountAsync(experiments, [.. among, .. second], cancellationToken),
            await store.CountAsync(experiments, [.. among, .. first, .. second], cancellationToken));

    public async Task<Assessment> AddAssessmentAsync(Assessment assessment, CancellationToken cancellationToken)
    {
        CheckPairs("metadata", assessment.Metadata);
        await store.AddAssessmentAsync(assessment, cancellationToken);
        return await store.GetAssessmentAsync(assessment.TraceId, assessment.Id, cancellationToken);
    }

    public Task<Assessment> GetAssessmentAsync(string trace, string id, CancellationToken cancellationToken) => store.GetAssessmentAsync(trace, id, cancellationToken);

    public Task<Assessment> UpdateAssessmentAsync(string trace, string id, AssessmentChange change, CancellationToken cancellationToken)
    {
        if (change is { Feedback: not null, Expectation: not null })
        {
            throw CairnException.Invalid("assessment", "Cannot specify both `expectation` and `feedback` parameters.");
        }

        CheckPairs("metadata", change.Metadata);
        return store.UpdateAssessmentAsync(trace, id, old => Change(old, change), cancellationToken);
    }

    public Task RemoveAssessmentAsync(string trace, string id, CancellationToken cancellationToken) => store.RemoveAssessmentAsync(trace, id, cancellationToken);

    public static CairnException Missing(string id) => CairnException.NotFound($"Trace with ID '{id}' not found.");

    private Assessment Change(Assessment old, AssessmentChange change)
    {
        if (change.Expectation is not null && !old.IsExpectation)
        {
            throw CairnException.Invalid("assessment.expectation", "Cannot update expectation value on a Feedback assessment.");
        }

        if (change.Feedback is not null && old.IsExpectation)
        {
            throw CairnException.Invalid("assessment.feedback", "Cannot update feedback value on an Expectation assessment.");
        }

        var metadata = new Dictionary<string, string>(old.Metadata, StringComparer.Ordinal);
        foreach (var (key, value) in change.Metadata ?? new Dictionary<string, string>())
        {
            metadata[key] = value;
        }

        return old with
        {
            Name = change.Name ?? old.Name,
            Value = change.Expectation ?? (change.Feedback is { } judged ? judged.Value : old.Value),
            Error = change.Feedback is { } failed ? failed.Error : old.Error,
            Rationale = change.Rationale ?? old.Rationale,
            Metadata = metadata,
            IsValid = change.IsValid ?? old.IsValid,
            UpdatedAt = Now,
        };
    }

    private async Task RequireExperimentAsync(ExperimentId id, CancellationToken cancellationToken)
    {
        var experiment = await runs.FindExperimentAsync(id, cancellationToken) ?? throw CairnException.NotFound($"No Experiment with id={id} exists");
        if (experiment.Lifecycle != Lifecycle.Active)
        {
            throw new CairnException(
                ErrorCode.FailedPrecondition,
                $"The experiment {experiment.Id} must be in the 'active' state. Current state is deleted.");
        }
    }

    private static void Check(Trace trace)
    {
        if (trace.Id.Length is 0 or > IdLength || trace.Id.AsSpan().ContainsAnyInRange('\0', '\u001f') || trace.Id.Contains('/', StringComparison.Ordinal))
        {
            throw CairnException.Invalid("trace_id", $"'trace_id' must have 1 to {IdLength} characters, without slashes and control characters.");
        }

        CheckPairs("tags", trace.Tags);
        CheckPairs("trace_metadata", trace.Metadata);
    }

    private static void CheckPairs(string field, IReadOnlyDictionary<string, string>? pairs)
    {
        foreach (var (key, value) in pairs ?? new Dictionary<string, string>())
        {
            if (key.Length is 0 or > RunRules.KeyLength || value.Length > RunRules.ValueLength)
            {
                throw CairnException.Invalid(
                    field,
                    $"'{field}': a key has 1 to {RunRules.KeyLength} characters and a value at most {RunRules.ValueLength}; '{(key.Length <= 60 ? key : key[..60])}' has {key.Length} and {value.Length}.");
            }
        }
    }
}
