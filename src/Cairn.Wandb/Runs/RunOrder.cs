using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Wandb.Runs;

/// <summary>
/// <c>order</c>: names with + or - before them, separated by commas, such as "-created_at" or "+summary_metrics.loss". Runs
/// that lack the value come last.
/// </summary>
internal sealed class RunOrder
{
    private readonly List<(string Name, bool IsDescending)> keys;

    private RunOrder(List<(string Name, bool IsDescending)> keys) => this.keys = keys;

    public static Ordering OldestFirst { get; } = new(Field.Of(RecordAttribute.StartedAt), Descending: false);

    /// <summary>The same order as the store knows it; null where it does not.</summary>
    public async ValueTask<Ordering?> StoredAsync(Func<string, ValueTask<bool>> isMeasured) => keys switch
    {
        [("created_at" or "createdAt", var descending)] => new Ordering(Field.Of(RecordAttribute.StartedAt), descending),
        [var (name, descending)] when RunValues.SummaryKey(name) is { } key && await isMeasured(key) => new Ordering(Field.Metric(key), descending),
        _ => null,
    };

    public static RunOrder Parse(string? order)
    {
        var keys = (string.IsNullOrWhiteSpace(order) ? "+created_at" : order)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(key => key[0] is '+' or '-' ? (key[1..], key[0] == '-') : (key, false))
            .ToList();
        foreach (var (name, _) in keys)
        {
            RunValues.Check(name, "order");
        }

        return new RunOrder(keys);
    }

    public List<RunSnapshot> Sort(List<RunSnapshot> runs)
    {
        IOrderedEnumerable<RunSnapshot>? sorted = null;
        foreach (var (name, isDescending) in keys)
        {
            var comparer = new Comparer(isDescending);
            sorted = sorted is null ? runs.OrderBy(run => RunValues.Of(run, name), comparer) : sorted.ThenBy(run => RunValues.Of(run, name), comparer);
        }

        return sorted is null ? runs : [.. sorted.ThenBy(run => run.Run.StartedAt).ThenBy(run => run.Run.Id.Value, StringComparer.Ordinal)];
    }

    private sealed class Comparer(bool isDescending) : IComparer<RunValue>
    {
        public int Compare(RunValue left, RunValue right) =>
            left.IsMissing || right.IsMissing ? left.IsMissing.CompareTo(right.IsMissing) : isDescending ? right.CompareTo(left) : left.CompareTo(right);
    }
}
