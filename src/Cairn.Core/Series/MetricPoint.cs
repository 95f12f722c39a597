namespace Cairn.Core.Series;

/// <summary>One value of a series.</summary>
/// <param name="Step">Position on the metric axis; may be negative.</param>
/// <param name="Time">Unix milliseconds.</param>
/// <param name="Value">Any double.</param>
public readonly record struct MetricPoint(long Step, long Time, double Value) : IComparable<MetricPoint>
{
    /// <summary>
    /// Orders by (step, time, value). NaN compares as 0 and then after it: so it is in MLflow, whose "latest" is the
    /// greatest in this order, not the last written. Equal points are the same point.
    /// </summary>
    public int CompareTo(MetricPoint other)
    {
        var order = Step.CompareTo(other.Step);
        if (order == 0)
        {
            order = Time.CompareTo(other.Time);
        }

        if (order == 0)
        {
            order = Number.CompareTo(other.Number);
        }

        return order == 0 ? double.IsNaN(Value).CompareTo(double.IsNaN(other.Value)) : order;
    }

    private double Number => double.IsNaN(Value) ? 0 : Value;

    public static bool operator <(MetricPoint left, MetricPoint right) => left.CompareTo(right) < 0;

    public static bool operator >(MetricPoint left, MetricPoint right) => left.CompareTo(right) > 0;

    public static bool operator <=(MetricPoint left, MetricPoint right) => left.CompareTo(right) <= 0;

    public static bool operator >=(MetricPoint left, MetricPoint right) => left.CompareTo(right) >= 0;
}

/// <summary>A point and the series it belongs to.</summary>
public readonly record struct SeriesPoint(string Key, MetricPoint Point);

/// <summary>A part of one series.</summary>
/// <param name="Key">The metric's name.</param>
/// <param name="Count">Points the series holds in the asked range.</param>
/// <param name="Points">Ordered by (step, time, value), each once. All of them, or a selection that keeps every bucket's extremes.</param>
public sealed record SeriesSlice(string Key, long Count, IReadOnlyList<MetricPoint> Points)
{
    public bool IsSampled => Points.Count < Count;
}
