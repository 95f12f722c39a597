using Cairn.Core.Experiments;
using Cairn.Core.Search;

namespace Cairn.Core.LoggedModels;

/// <summary>What a search can ask a model about.</summary>
public enum LoggedModelSubject
{
    /// <summary>One of the columns in <see cref="LoggedModelFilter"/>.</summary>
    Attribute,
    Metric,
    Param,
    Tag,
}

/// <summary>A search over logged models.</summary>
/// <param name="Experiments">Where to look; nowhere where it is empty.</param>
/// <param name="Where">All of these must hold.</param>
/// <param name="Datasets">Where not empty: comparisons of metrics look only at values measured on one of these, and without such a comparison a model must have any.</param>
/// <param name="OrderBy">First is strongest; then newest first, then id, always apply.</param>
/// <param name="Limit">Models at most.</param>
/// <param name="Offset">Models to pass over.</param>
public sealed record LoggedModelQuery(
    IReadOnlyList<ExperimentId> Experiments,
    IReadOnlyList<Criterion<LoggedModelSubject>> Where,
    IReadOnlyList<MeasuredOn> Datasets,
    IReadOnlyList<LoggedModelOrder> OrderBy,
    int Limit,
    int Offset);

/// <summary>Data on which a value was measured; a null digest means any.</summary>
public sealed record MeasuredOn(string Name, string? Digest);

/// <summary>A sort key; for a metric perhaps only as measured on some data, of which the newest value counts.</summary>
public sealed record LoggedModelOrder(LoggedModelSubject Subject, string Key, bool Descending, string? DatasetName, string? DatasetDigest);
