using Cairn.Core.Search;
using Cairn.Storage.Runs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Search;

/// <summary>
/// A search over runs, without what the runs hold. Conditions become sets of runs read from the indexes; then either the
/// few that are left are sorted, or the runs are walked through in the order asked for until the page is full. So the
/// work depends on the size of the page and of the indexes' ranges, not on what all runs hold (docs/decisions/0006-search.md).
/// </summary>
internal sealed class RunSearch(SqlSession session, RunQuery query, Func<string, int?> findMetric)
{
    /// <summary>In a store so small, or with so few left, any way is quick.</summary>
    private const int Few = 500;

    /// <summary>How many entries of an index are walked in the time that one run takes to be looked at.</summary>
    private const int WalkedPerRun = 40;

    public List<StoredRun> Find(SearchWay way = SearchWay.Best)
    {
        var clauses = Clauses(query.Where).ToList();
        if (way == SearchWay.LookAtAll || (way == SearchWay.Best && session.Number("SELECT COALESCE(MAX(key), 0) FROM run") <= Few))
        {
            return Sort(null, clauses);
        }

        var bounds = way == SearchWay.SortSet ? [] : clauses.OfType<Condition.Number>().Where(IsAboutOrder).ToList();
        var candidates = new Candidates(session, query, [.. clauses.Except(bounds)], findMetric);
        if (way != SearchWay.SortSet && OrderWalk.IsPossible(query) && (way == SearchWay.Walk || IsWalkQuicker(candidates)))
        {
            return Walk(candidates, bounds);
        }

        // A set of most runs is no help: the keys would have to be handed over one by one.
        return candidates.Set is { } set && (set.Count < candidates.Total / 2 || way == SearchWay.SortSet)
            ? Sort([.. set.Keys], [.. candidates.Tests, .. bounds])
            : Sort(null, clauses);
    }

    private long Wanted => (long)query.Limit + Skipped;

    private int Skipped => query.After is null ? query.Offset : 0;

    private bool IsAboutOrder(Condition.Number number) =>
        number.Field.Kind == FieldKind.Metric && query.OrderBy.Count > 0 && query.OrderBy[0].Field == number.Field;

    private bool IsWalkQuicker(Candidates candidates)
    {
        if (candidates.Set is not { } set)
        {
            return true;
        }

        var count = Math.Max(1, set.Count);
        return count > Few && Math.Min(count, Wanted) + (Math.Min(candidates.Total, Wanted * candidates.Total / count) / WalkedPerRun) < count;
    }

    private List<StoredRun> Walk(Candidates candidates, List<Condition.Number> bounds)
    {
        var found = new List<StoredRun>();
        foreach (var portion in new OrderWalk(session, query, findMetric).Portions(candidates.Set, bounds, Wanted))
        {
            if (portion.Count > 0)
            {
                found.AddRange(Read(portion, candidates.Tests, Wanted - found.Count));
            }

            if (found.Count >= Wanted)
            {
                break;
            }
        }

        return Page(found);
    }

    private List<StoredRun> Sort(IReadOnlyCollection<long>? keys, IReadOnlyList<Condition> clauses) => Page(Read(keys, clauses, Wanted));

    private List<StoredRun> Read(IReadOnlyCollection<long>? keys, IReadOnlyList<Condition> clauses, long limit)
    {
        var (sql, arguments) = new RunStatement(query, findMetric).Build(keys, clauses, limit);
        return session.Query(sql, RunRows.Read, arguments);
    }

    private List<StoredRun> Page(List<StoredRun> found)
    {
        found.RemoveRange(0, Math.Min(Skipped, found.Count));
        return found;
    }

    private static IEnumerable<Condition> Clauses(Condition? condition) => condition switch
    {
        null => [],
        Condition.And and => and.Parts.SelectMany(Clauses),
        _ => [condition],
    };
}

/// <summary>How to go about a search. All ways find the same; tests compare them.</summary>
internal enum SearchWay
{
    Best,
    LookAtAll,
    SortSet,
    Walk,
}
