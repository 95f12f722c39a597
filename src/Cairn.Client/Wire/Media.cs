namespace Cairn.Client.Wire;

/// <summary>Body of <c>POST /api/v1/media</c>.</summary>
/// <param name="Runs">Ids of 1 to 1000 runs. One that is not there, or not any more, is left out of the answer.</param>
public sealed record MediaRequest(IReadOnlyList<string> Runs);

/// <summary>Answer of <c>POST /api/v1/media</c>.</summary>
/// <param name="Runs">In the order they were asked for; those with nothing to look at are left out.</param>
public sealed record MediaList(IReadOnlyList<RunMedia> Runs);

/// <summary>What a run has to look at.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Media">What was logged as media, by key and step.</param>
/// <param name="Files">Pictures among the files of the run, and the JSON files that may be tables, at most 200; those of <paramref name="Media"/> left out.</param>
public sealed record RunMedia(string RunId, IReadOnlyList<MediaInfo> Media, IReadOnlyList<string> Files);

/// <summary>Answer of <c>GET /api/v1/runs/{id}/histograms?key=…</c>.</summary>
/// <param name="Histograms">By step; of more than 1000, every so many and the last.</param>
/// <param name="Total">How many the run logged.</param>
public sealed record HistogramList(IReadOnlyList<HistogramInfo> Histograms, int Total);

/// <summary>How often values fell between two edges.</summary>
/// <param name="Step">Step of the metric axis.</param>
/// <param name="Counts">One for each pair of neighbouring edges.</param>
/// <param name="Edges">One more than counts, least first.</param>
public sealed record HistogramInfo(long Step, IReadOnlyList<double> Counts, IReadOnlyList<double> Edges);
