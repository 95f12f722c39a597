using Cairn.Core.Experiments;

namespace Cairn.Core.Search;

/// <summary>A search over runs.</summary>
/// <param name="Experiments">Where to look; empty means everywhere.</param>
/// <param name="Lifecycle">Which runs.</param>
/// <param name="Where">Condition, or null.</param>
/// <param name="OrderBy">First is strongest; then start time descending, then id, always apply. Missing values come last in both directions.</param>
/// <param name="Limit">Runs to return at most.</param>
/// <param name="Offset">Runs to pass over; not looked at where <paramref name="After"/> is given.</param>
/// <param name="After">Only runs behind this position in the order; a page after another is found so without counting.</param>
public sealed record RunQuery(
    IReadOnlyList<ExperimentId> Experiments,
    LifecycleFilter Lifecycle,
    Condition? Where,
    IReadOnlyList<Ordering> OrderBy,
    int Limit,
    int Offset,
    RunPosition? After = null);

/// <summary>A search over experiments; by default newest first.</summary>
public sealed record ExperimentQuery(
    LifecycleFilter Lifecycle,
    Condition? Where,
    IReadOnlyList<Ordering> OrderBy,
    int Limit,
    int Offset)
{
    /// <summary>Only these are found; null for all.</summary>
    public IReadOnlyList<ExperimentId>? Among { get; init; }
}

/// <summary>What a comparison or an ordering looks at.</summary>
public enum FieldKind
{
    Metric,
    Param,
    Tag,
    Attribute,

    /// <summary>"name", "digest" or "context" of a dataset that the run read.</summary>
    Dataset,
}

/// <summary>Columns of a run or an experiment.</summary>
public enum RecordAttribute
{
    Id,
    Name,
    Status,
    Author,
    JobType,
    StartedAt,
    EndedAt,

    /// <summary>Milliseconds from the start of a run to its end; a run that goes on has none.</summary>
    Duration,

    ArtifactUri,
    CreatedAt,
    UpdatedAt,

    /// <summary>Id of the run that launched this one, compared as a text.</summary>
    ParentId,

    /// <summary>Number of a version of a model, from 1.</summary>
    VersionNumber,

    /// <summary>Id of the run that made a version of a model, compared as a text.</summary>
    RunId,

    /// <summary>URI from which a version of a model was registered.</summary>
    Source,
}

/// <summary>A metric, param or tag by key, or an attribute.</summary>
public readonly record struct Field(FieldKind Kind, string? Key, RecordAttribute Attribute)
{
    public static Field Metric(string key) => new(FieldKind.Metric, key, default);

    public static Field Param(string key) => new(FieldKind.Param, key, default);

    public static Field Tag(string key) => new(FieldKind.Tag, key, default);

    public static Field Dataset(string key) => new(FieldKind.Dataset, key, default);

    public static Field Of(RecordAttribute attribute) => new(FieldKind.Attribute, null, attribute);
}

/// <summary>How two values are compared. LIKE knows % and _; ILIKE ignores case.</summary>
public enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    RLike,
    In,
    NotIn,
}

/// <summary>
/// A condition on a run or an experiment. A comparison with something the record lacks is false, also for
/// <see cref="Comparison.NotEqual"/>.
/// </summary>
public abstract record Condition
{
    /// <summary>Compare with a number (metrics, times; params where the superset asks for it).</summary>
    public sealed record Number(Field Field, Comparison Comparison, double Value) : Condition;

    /// <summary>Compare with a text.</summary>
    public sealed record Text(Field Field, Comparison Comparison, string Value) : Condition;

    /// <summary>Compare with a list of texts: <see cref="Comparison.In"/> or <see cref="Comparison.NotIn"/>.</summary>
    public sealed record OneOf(Field Field, Comparison Comparison, IReadOnlyList<string> Values) : Condition;

    /// <summary>Compare with a list of numbers: <see cref="Comparison.In"/> or <see cref="Comparison.NotIn"/>.</summary>
    public sealed record OneOfNumbers(Field Field, Comparison Comparison, IReadOnlyList<double> Values) : Condition;

    public sealed record And(IReadOnlyList<Condition> Parts) : Condition;

    public sealed record Or(IReadOnlyList<Condition> Parts) : Condition;

    public sealed record Not(Condition Part) : Condition;

    /// <summary>Matches nothing: what a comparison with an impossible value comes down to.</summary>
    public sealed record Never : Condition;
}

/// <summary>One sort key.</summary>
public readonly record struct Ordering(Field Field, bool Descending)
{
    /// <summary>
    /// Of params and tags: 9 comes before 10, and texts come after numbers in both directions. MLflow's clients expect all of
    /// them sorted as texts.
    /// </summary>
    public bool NumbersByValue { get; init; }
}
