using Cairn.Core.Experiments;

namespace Cairn.Core.EvaluationSets;

/// <summary>Examples by which a system is judged: each has inputs, and perhaps what should come out. MLflow calls it an evaluation dataset.</summary>
/// <param name="Id">"d-" and 32 hexadecimal digits.</param>
/// <param name="Name">A name for people, not unique.</param>
/// <param name="Digest">Changes with every change of the records.</param>
/// <param name="Tags">By key.</param>
/// <param name="Schema">Names and kinds of fields as JSON; null before the first record.</param>
/// <param name="RecordCount">Records.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="CreatedBy">Who made it, or null.</param>
/// <param name="UpdatedBy">Who changed it last, or null.</param>
/// <param name="Experiments">Where it is used.</param>
public sealed record EvaluationSet(
    string Id,
    string Name,
    string Digest,
    IReadOnlyDictionary<string, string> Tags,
    string? Schema,
    int RecordCount,
    long CreatedAt,
    long UpdatedAt,
    string? CreatedBy,
    string? UpdatedBy,
    IReadOnlyList<ExperimentId> Experiments);

/// <summary>One example. All parts are JSON.</summary>
/// <param name="Id">"dr-" and 32 hexadecimal digits.</param>
/// <param name="Inputs">What goes in: an object.</param>
/// <param name="Outputs">What came out, or null.</param>
/// <param name="Expectations">What should come out: an object, or null.</param>
/// <param name="Tags">An object of texts, or null.</param>
/// <param name="Source">Where the example is from, or null.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
/// <param name="CreatedBy">Who, or null.</param>
/// <param name="UpdatedBy">Who, or null.</param>
public sealed record EvaluationRecord(
    string Id,
    string Inputs,
    string? Outputs,
    string? Expectations,
    string? Tags,
    string? Source,
    long CreatedAt,
    long UpdatedAt,
    string? CreatedBy,
    string? UpdatedBy);

/// <summary>Where a page of records begins: after this one.</summary>
public readonly record struct RecordPosition(long CreatedAt, string Id);
