using Cairn.Core.Experiments;
using Cairn.Core.Search;

namespace Cairn.Core.Traces;

/// <summary>Remembers traces, their spans and assessments. Every write is one durable transaction.</summary>
public interface ITraceStore
{
    /// <summary>
    /// Writes a trace. Where there is one of that id already (its spans may come first, and clients repeat calls), it takes
    /// the new facts and keeps what else it has.
    /// </summary>
    Task PutAsync(Trace trace, CancellationToken cancellationToken);

    /// <summary>
    /// Adds spans to a trace, making the trace where it is missing. A span that is there is replaced. The trace grows to
    /// hold them, and takes its state from the span that is the whole, where it has none yet.
    /// </summary>
    /// <param name="skeleton">The trace to make where there is none of its id.</param>
    /// <param name="spans">At least one.</param>
    Task AddSpansAsync(Trace skeleton, IReadOnlyList<Span> spans, CancellationToken cancellationToken);

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> for the trace or the tag to remove.</exception>
    Task UpdateAsync(string id, TraceChange change, CancellationToken cancellationToken);

    /// <summary>In the order of <paramref name="ids"/>; unknown ones are left out.</summary>
    Task<IReadOnlyList<Trace>> FindAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>The whole first, then by start.</summary>
    Task<IReadOnlyList<Span>> ReadSpansAsync(string id, CancellationToken cancellationToken);

    Task<IReadOnlyList<Trace>> SearchAsync(TraceQuery query, CancellationToken cancellationToken);

    /// <summary>How many traces there are for which all criteria hold.</summary>
    Task<int> CountAsync(IReadOnlyList<ExperimentId> experiments, IReadOnlyList<Criterion<TraceSubject>> where, CancellationToken cancellationToken);

    /// <summary>Removes traces with all that belongs to them but their files; answers their ids.</summary>
    Task<IReadOnlyList<string>> RemoveAsync(TraceRemoval removal, CancellationToken cancellationToken);

    /// <summary>Says that traces belong to a run. Unknown traces are passed over, a repeated link changes nothing.</summary>
    Task LinkAsync(IReadOnlyList<string> ids, Runs.RunId run, CancellationToken cancellationToken);

    /// <summary>Adds an assessment; the one it overrides does not count any more.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/> for the trace or the overridden one.</exception>
    Task AddAssessmentAsync(Assessment assessment, CancellationToken cancellationToken);

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    Task<Assessment> GetAssessmentAsync(string trace, string id, CancellationToken cancellationToken);

    /// <summary>Applies a change whole or not at all and answers the assessment as it is then.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>, or what <paramref name="change"/> throws.</exception>
    Task<Assessment> UpdateAssessmentAsync(string trace, string id, Func<Assessment, Assessment> change, CancellationToken cancellationToken);

    /// <summary>Removes an assessment, if it is there; the one it overrode counts again.</summary>
    Task RemoveAssessmentAsync(string trace, string id, CancellationToken cancellationToken);
}
