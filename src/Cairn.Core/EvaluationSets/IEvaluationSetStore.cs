using Cairn.Core.Experiments;
using Cairn.Core.Search;

namespace Cairn.Core.EvaluationSets;

/// <summary>Remembers evaluation sets and their records. Every write is one durable transaction.</summary>
public interface IEvaluationSetStore
{
    Task CreateAsync(EvaluationSet set, CancellationToken cancellationToken);

    Task<EvaluationSet?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first unless ordered otherwise.</summary>
    Task<IReadOnlyList<EvaluationSet>> SearchAsync(EvaluationSetQuery query, CancellationToken cancellationToken);

    /// <summary>Removes a set with its records, if it is there.</summary>
    Task RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sets tags, and removes those whose value is null.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    Task SetTagsAsync(string id, IReadOnlyDictionary<string, string?> tags, CancellationToken cancellationToken);

    /// <summary>Ties the set to experiments, or unties it.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    Task TieAsync(string id, IReadOnlyList<ExperimentId> experiments, bool remove, CancellationToken cancellationToken);

    /// <summary>
    /// Adds records, or merges them into those with the same inputs, and brings the set's digest and schema up to date.
    /// </summary>
    /// <param name="id">The set.</param>
    /// <param name="keys">For each record the fingerprint of its inputs.</param>
    /// <param name="merge">Puts a record (second) into the one that is there (first, null where there is none).</param>
    /// <param name="finish">The set as it shall be, from the set as it was.</param>
    /// <returns>How many records are new.</returns>
    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    Task<int> MergeAsync(
        string id,
        IReadOnlyList<string> keys,
        Func<EvaluationRecord?, int, EvaluationRecord> merge,
        Func<EvaluationSet, EvaluationSet> finish,
        CancellationToken cancellationToken);

    /// <summary>By creation, then id.</summary>
    Task<IReadOnlyList<EvaluationRecord>> ReadRecordsAsync(string id, RecordPosition? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A search over evaluation sets.</summary>
/// <param name="Experiments">Only those used in one of these; all where it is empty.</param>
/// <param name="Where">All must hold; the subject is true for a tag, false for a column.</param>
/// <param name="OrderBy">Columns; then newest first, then id.</param>
/// <param name="Limit">Sets at most.</param>
/// <param name="Offset">Sets to pass over.</param>
public sealed record EvaluationSetQuery(
    IReadOnlyList<ExperimentId> Experiments,
    IReadOnlyList<Criterion<bool>> Where,
    IReadOnlyList<SortKey<bool>> OrderBy,
    int Limit,
    int Offset);
