using Cairn.Core.Experiments;
using Cairn.Core.Search;

namespace Cairn.Core.Runs;

/// <summary>Looking over many runs at once, without what each of them holds.</summary>
public partial interface IRunStore
{
    /// <summary>Names of everything that the active runs of an experiment hold, each with the number of runs that hold it; ordered by name.</summary>
    Task<RunKeyCounts> CountKeysAsync(ExperimentId experiment, CancellationToken cancellationToken);

    /// <summary>
    /// What a search finds, as columns: for every run, in the order of the search, the values of <paramref name="fields"/>.
    /// <see cref="RunQuery.Limit"/> holds; <see cref="RunQuery.After"/> does not.
    /// </summary>
    Task<RunColumns> ReadColumnsAsync(RunQuery query, IReadOnlyList<Field> fields, CancellationToken cancellationToken);

    /// <summary>
    /// Active runs that started at <paramref name="since"/> (Unix milliseconds) or later and reported a check by a tag or a
    /// metric that does not say that it passed, newest first, with all they hold.
    /// </summary>
    Task<IReadOnlyList<RunSnapshot>> ListDoubtfulAsync(long since, int limit, CancellationToken cancellationToken);

    /// <summary>Active runs that started at <paramref name="since"/> (Unix milliseconds) or later, counted by experiment and day (UTC).</summary>
    Task<IReadOnlyList<StartedRuns>> CountStartedAsync(long since, CancellationToken cancellationToken);
}

/// <summary>A name and how many runs hold something under it.</summary>
public readonly record struct KeyCount(string Key, int Runs);

/// <summary>Names that the runs of an experiment use.</summary>
public sealed record RunKeyCounts(IReadOnlyList<KeyCount> Params, IReadOnlyList<KeyCount> Metrics, IReadOnlyList<KeyCount> Tags);

/// <summary>Runs that started on one day.</summary>
/// <param name="Experiment">Where.</param>
/// <param name="Day">Days since 1970 (UTC).</param>
/// <param name="Runs">How many.</param>
/// <param name="Failed">How many of them failed or crashed.</param>
public readonly record struct StartedRuns(ExperimentId Experiment, long Day, int Runs, int Failed);
