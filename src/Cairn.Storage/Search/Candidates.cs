using Cairn.Core;
using Cairn.Core.Search;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Search;

/// <summary>
/// Narrows a search down with sets of runs read from the indexes. What fits a large part of all runs is not read so: it
/// is a test on each run that comes up, most of which pass.
/// </summary>
internal sealed class Candidates
{
    /// <summary>Sets beyond this part of all runs are not worth reading.</summary>
    private const double LargestPart = 0.3;

    private const int AlwaysRead = 20_000;

    /// <summary>With so few left it is quicker to look at each than to read all values of a field.</summary>
    private const int Few = 2_000;

    private readonly SqlSession session;
    private readonly Func<string, int?> findMetric;
    private readonly long greatest;
    private readonly int most;

    public Candidates(SqlSession session, RunQuery query, IReadOnlyList<Condition> clauses, Func<string, int?> findMetric)
    {
        this.session = session;
        this.findMetric = findMetric;
        greatest = session.Number("SELECT COALESCE(MAX(key), 0) FROM run");
        most = (int)Math.Min(int.MaxValue, Math.Max(AlwaysRead, greatest * LargestPart));
        AddScope(query);
        foreach (var mayScan in new[] { false, true })
        {
            foreach (var clause in clauses)
            {
                if (!covered.Contains(clause) && (!mayScan || Set is null || Set.Count > Few) && Evaluate(clause, mayScan) is { } set)
                {
                    Narrow(set);
                    covered.Add(clause);
                }
            }
        }

        Tests = [.. clauses.Where(clause => !covered.Contains(clause))];
    }

    private readonly HashSet<Condition> covered = new(ReferenceEqualityComparer.Instance);

    /// <summary>The runs that may be meant; null for all.</summary>
    public KeySet? Set { get; private set; }

    /// <summary>Runs there are, or a few more.</summary>
    public long Total => greatest;

    /// <summary>The clauses that the set does not answer.</summary>
    public IReadOnlyList<Condition> Tests { get; }

    private void Narrow(KeySet set)
    {
        if (Set is null)
        {
            Set = set;
        }
        else
        {
            Set.IntersectWith(set);
        }
    }

    private void AddScope(RunQuery query)
    {
        // Where the experiments hold most of the store, reading all their runs narrows nothing.
        if (query.Experiments.Count is > 0 and <= RunStatement.MostArguments)
        {
            var sql = new SqlText();
            var ids = string.Join(", ", query.Experiments.Select(id => sql.Argument(id.Value)));
            var lifecycle = query.Lifecycle == LifecycleFilter.All ? "0, 1" : sql.Argument((int)query.Lifecycle);
            var select = $"SELECT key FROM run INDEXED BY run_by_experiment WHERE experiment_id IN ({ids}) AND lifecycle IN ({lifecycle})";
            if (Read(select, sql.Arguments, (int)Math.Min(most, Few + (greatest / 20))) is { } set)
            {
                Narrow(set);
            }
        }
    }

    private KeySet? Evaluate(Condition condition, bool mayScan)
    {
        switch (condition)
        {
            case Condition.Never:
                return new KeySet(greatest);
            case Condition.And and:
                return Combine(and.Parts, mayScan, static (set, part) => set.IntersectWith(part));
            case Condition.Or or:
                return Combine(or.Parts, mayScan, static (set, part) => set.UnionWith(part));
            case Condition.Not not:
                var inner = Evaluate(not.Part, mayScan);
                inner?.Invert();
                return inner;
            default:
                var sql = new SqlText();
                return new RunConditions(sql, findMetric).Select(condition, mayScan) is { } select ? Read(select, sql.Arguments, most) : null;
        }
    }

    private KeySet? Combine(IReadOnlyList<Condition> parts, bool mayScan, Action<KeySet, KeySet> with)
    {
        KeySet? all = null;
        foreach (var part in parts)
        {
            if (Evaluate(part, mayScan) is not { } set)
            {
                return null;
            }

            if (all is null)
            {
                all = set;
            }
            else
            {
                with(all, set);
            }
        }

        return all;
    }

    private KeySet? Read(string select, object?[] arguments, int limit)
    {
        var set = new KeySet(greatest);
        using var rows = session.Walk(select, arguments);
        for (var count = 0; rows.Read(); count++)
        {
            if (count == limit)
            {
                return null;
            }

            set.Add(rows.Whole(0));
        }

        return set;
    }
}
