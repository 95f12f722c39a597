namespace Cairn.Core.Datasets;

/// <summary>Data that a run read, as its client described it: the data itself is elsewhere. Known by name and digest within an experiment.</summary>
/// <param name="Name">A name for people.</param>
/// <param name="Digest">The client's fingerprint of the content.</param>
/// <param name="SourceType">What kind of place <paramref name="Source"/> is.</param>
/// <param name="Source">Where the data came from, usually JSON. Never opened by the server.</param>
/// <param name="Schema">Columns, usually JSON, or null.</param>
/// <param name="Profile">Counts, usually JSON, or null.</param>
public sealed record Dataset(string Name, string Digest, string SourceType, string Source, string? Schema, string? Profile);

/// <summary>A dataset as an input of one run.</summary>
/// <param name="Dataset">The data.</param>
/// <param name="Tags">What this use is about, such as its context "train".</param>
public sealed record DatasetInput(Dataset Dataset, IReadOnlyList<KeyValuePair<string, string>> Tags);

/// <summary>A dataset of an experiment in one of its contexts.</summary>
public sealed record DatasetSummary(Experiments.ExperimentId ExperimentId, string Name, string Digest, string? Context);
