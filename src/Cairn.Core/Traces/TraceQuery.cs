using Cairn.Core.Experiments;
using Cairn.Core.Search;

namespace Cairn.Core.Traces;

/// <summary>What a search can ask a trace about.</summary>
public enum TraceSubject
{
    /// <summary>"id", "at", "duration", "end", "state", "client_request_id" or "experiment_id".</summary>
    Attribute,
    Tag,
    Metadata,

    /// <summary>The run it belongs to, by what it says itself or by a link.</summary>
    Run,

    /// <summary>"name", "type", "status" or "content" of any of its spans.</summary>
    Span,

    /// <summary>An attribute of any of its spans.</summary>
    SpanAttribute,
    Feedback,
    Expectation,
}

/// <summary>A search over traces.</summary>
/// <param name="Experiments">Where to look; nowhere where it is empty.</param>
/// <param name="Where">All of these must hold.</param>
/// <param name="OrderBy">First is strongest; then newest first, then id, always apply.</param>
/// <param name="Limit">Traces at most.</param>
/// <param name="Offset">Traces to pass over.</param>
public sealed record TraceQuery(
    IReadOnlyList<ExperimentId> Experiments,
    IReadOnlyList<Criterion<TraceSubject>> Where,
    IReadOnlyList<SortKey<TraceSubject>> OrderBy,
    int Limit,
    int Offset);

/// <summary>Which traces of an experiment to remove: the named ones, or the oldest up to a time.</summary>
public sealed record TraceRemoval(ExperimentId Experiment, IReadOnlyList<string> Ids, long? UpTo, int? Most);
