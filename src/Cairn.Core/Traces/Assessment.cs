namespace Cairn.Core.Traces;

/// <summary>What somebody or something thought of a trace or of one of its spans.</summary>
/// <param name="Id">"a-" and 32 hexadecimal digits.</param>
/// <param name="TraceId">The trace.</param>
/// <param name="SpanId">The span it is about, or null for the whole trace.</param>
/// <param name="Name">What was judged.</param>
/// <param name="IsExpectation">True for what should have come out, false for feedback on what did.</param>
/// <param name="SourceType">Who judged: "HUMAN", "LLM_JUDGE", "CODE"; or null.</param>
/// <param name="SourceId">Their name, or null.</param>
/// <param name="Value">JSON; null where judging failed.</param>
/// <param name="Error">Why judging failed, or null.</param>
/// <param name="Rationale">Why so, or null.</param>
/// <param name="Metadata">Free facts.</param>
/// <param name="Overrides">The assessment that this one replaces, or null.</param>
/// <param name="IsValid">False once another one overrides it.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record Assessment(
    string Id,
    string TraceId,
    string? SpanId,
    string Name,
    bool IsExpectation,
    string? SourceType,
    string? SourceId,
    string? Value,
    AssessmentError? Error,
    string? Rationale,
    IReadOnlyDictionary<string, string> Metadata,
    string? Overrides,
    bool IsValid,
    long CreatedAt,
    long UpdatedAt);

/// <summary>Why there is no judgement.</summary>
public sealed record AssessmentError(string? Code, string? Message, string? StackTrace);

/// <summary>A change to an assessment; what is null stays, metadata is added.</summary>
/// <param name="Name">New name.</param>
/// <param name="Feedback">New judgement, only for feedback.</param>
/// <param name="Expectation">New expected value as JSON, only for an expectation.</param>
/// <param name="Rationale">New reason.</param>
/// <param name="Metadata">Facts to add or replace.</param>
/// <param name="IsValid">Whether it counts.</param>
public sealed record AssessmentChange(
    string? Name = null,
    FeedbackValue? Feedback = null,
    string? Expectation = null,
    string? Rationale = null,
    IReadOnlyDictionary<string, string>? Metadata = null,
    bool? IsValid = null);

/// <summary>A judgement as JSON, or why there is none.</summary>
public sealed record FeedbackValue(string? Value, AssessmentError? Error);
