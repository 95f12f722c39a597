using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>Which series: the store's numbers of the run and of the metric's name.</summary>
internal readonly record struct SeriesKey(long Run, int Metric);

/// <summary>
/// The points of one transaction as one piece of bytes: the cheapest thing a database can make durable. Series, step and
/// time are stored as differences from the point before, since a batch is mostly one run at one step or one metric over
/// many steps.
/// </summary>
internal sealed class TailWriter
{
    private readonly ByteWriter target = new();
    private SeriesKey lastKey;
    private MetricPoint last;

    public bool IsEmpty => target.Length == 0;

    public int Length => target.Length;

    public void Add(SeriesKey key, MetricPoint point)
    {
        target.Signed(key.Run - lastKey.Run);
        target.Signed(key.Metric - lastKey.Metric);
        target.Signed(unchecked(point.Step - last.Step));
        target.Signed(unchecked(point.Time - last.Time));
        target.Double(point.Value);
        lastKey = key;
        last = point;
    }

    public byte[] ToArray() => target.ToArray();

    public void Clear()
    {
        target.Clear();
        lastKey = default;
        last = default;
    }
}

/// <summary>Reads what <see cref="TailWriter"/> wrote.</summary>
internal static class TailReader
{
    public static void Read(ReadOnlySpan<byte> data, Action<SeriesKey, MetricPoint> add)
    {
        var source = new ByteReader(data);
        var key = default(SeriesKey);
        var point = default(MetricPoint);
        while (!source.AtEnd)
        {
            key = new SeriesKey(key.Run + source.Signed(), key.Metric + (int)source.Signed());
            var step = unchecked(point.Step + source.Signed());
            var time = unchecked(point.Time + source.Signed());
            point = new MetricPoint(step, time, source.Double());
            add(key, point);
        }
    }
}
