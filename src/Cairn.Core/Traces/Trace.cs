using Cairn.Core.Experiments;

namespace Cairn.Core.Traces;

/// <summary>How the work that a trace shows went.</summary>
public enum TraceState
{
    Unspecified = 0,
    Ok = 1,
    Error = 2,
    InProgress = 3,
}

/// <summary>One request through a system: when it was, how it went, what people and judges thought of it. Its steps are spans.</summary>
/// <param name="Id">Chosen by the client, or made here for older ones.</param>
/// <param name="ExperimentId">Its experiment.</param>
/// <param name="At">Start, Unix milliseconds.</param>
/// <param name="Duration">Milliseconds, or null while it lasts.</param>
/// <param name="State">How it went.</param>
/// <param name="ClientRequestId">The caller's own name of the request, or null.</param>
/// <param name="RequestPreview">The beginning of what was asked, or null.</param>
/// <param name="ResponsePreview">The beginning of what was answered, or null.</param>
/// <param name="Tags">Labels that may change.</param>
/// <param name="Metadata">Facts of the request.</param>
/// <param name="Assessments">Oldest first.</param>
public sealed record Trace(
    string Id,
    ExperimentId ExperimentId,
    long At,
    long? Duration,
    TraceState State,
    string? ClientRequestId,
    string? RequestPreview,
    string? ResponsePreview,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, string> Metadata,
    IReadOnlyList<Assessment> Assessments);

/// <summary>A change to a trace; what is null or empty stays.</summary>
public sealed record TraceChange(
    long? EndedAt = null,
    TraceState? State = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    IReadOnlyDictionary<string, string>? Metadata = null,
    string? RemoveTag = null);

/// <summary>One step of a trace.</summary>
/// <param name="Id">Sixteen hexadecimal digits.</param>
/// <param name="ParentId">The step that this one is a part of; null for the whole.</param>
/// <param name="Name">What was done.</param>
/// <param name="Type">What kind of step, or null.</param>
/// <param name="Status">"OK", "ERROR" or "UNSET".</param>
/// <param name="StartedAt">Unix nanoseconds.</param>
/// <param name="EndedAt">Unix nanoseconds, or null while it lasts.</param>
/// <param name="Content">The step whole, as the JSON that its readers get and that text search looks through.</param>
/// <param name="Tokens">What a language model's answer cost, or null.</param>
/// <param name="Input">Beginning of what went in, where this is the whole; or null.</param>
/// <param name="Output">Beginning of what came out, where this is the whole; or null.</param>
public sealed record Span(
    string Id,
    string? ParentId,
    string Name,
    string? Type,
    string Status,
    long StartedAt,
    long? EndedAt,
    string Content,
    TokenUsage? Tokens = null,
    string? Input = null,
    string? Output = null);

/// <summary>Tokens that a language model read and wrote.</summary>
public readonly record struct TokenUsage(long Input, long Output, long Total)
{
    public static TokenUsage operator +(TokenUsage left, TokenUsage right) => left.Add(right);

    public TokenUsage Add(TokenUsage other) => new(Input + other.Input, Output + other.Output, Total + other.Total);
}
