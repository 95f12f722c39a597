namespace Cairn.Client.Wire;

/// <summary>Body of <c>POST /api/v1/series</c>: which series to draw, and how finely.</summary>
/// <param name="Runs">Ids of 1 to 1000 runs. One that is not there, or not any more, is left out of the answer.</param>
/// <param name="Keys">1 to 100 metrics; not every run needs to have them.</param>
/// <param name="From">First step, or null for the beginning.</param>
/// <param name="To">Last step, included, or null for the end.</param>
/// <param name="Buckets">Parts of the range that keep their extremes, 1 to 10000; null is 500.</param>
/// <param name="Times">Whether the times of the points are wanted too; null is yes.</param>
public sealed record SeriesRequest(
    IReadOnlyList<string> Runs,
    IReadOnlyList<string> Keys,
    long? From = null,
    long? To = null,
    int? Buckets = null,
    bool? Times = null);
