using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>Points of one run, each with its metric, in the order they were written.</summary>
internal sealed class SeriesPoints(long run, int capacity)
{
    private readonly List<(int Metric, MetricPoint Point)> points = new(capacity);

    public long Run => run;

    public int Count => points.Count;

    public void Add(int metric, MetricPoint point) => points.Add((metric, point));

    public List<(int Metric, MetricPoint Point)>.Enumerator GetEnumerator() => points.GetEnumerator();
}
