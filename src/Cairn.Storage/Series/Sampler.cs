using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>
/// Chooses the points that draw like all of them: of every bucket of the step range the first, the last, the least and
/// the greatest (and one NaN, should there be any), in order.
/// </summary>
internal static class Sampler
{
    private const int PointsPerBucket = 4;

    public static IReadOnlyList<MetricPoint> Sample(List<MetricPoint> points, int buckets)
    {
        if (buckets <= 0 || points.Count <= (long)buckets * PointsPerBucket)
        {
            return points;
        }

        var first = points[0].Step;
        var span = (double)points[^1].Step - first;

        // Where all points share a step (a client that never set one), their order is the axis.
        Func<int, int> bucketOf = span == 0
            ? i => (int)((long)i * buckets / points.Count)
            : i => Math.Min(buckets - 1, (int)(((double)points[i].Step - first) / span * buckets));

        var chosen = new List<MetricPoint>(buckets * PointsPerBucket);
        for (var start = 0; start < points.Count;)
        {
            var bucket = bucketOf(start);
            var end = start + 1;
            while (end < points.Count && bucketOf(end) == bucket)
            {
                end++;
            }

            Choose(points, start, end, chosen);
            start = end;
        }

        return chosen;
    }

    private static void Choose(List<MetricPoint> points, int start, int end, List<MetricPoint> chosen)
    {
        int least = start, greatest = start, nan = -1;
        for (var i = start; i < end; i++)
        {
            var value = points[i].Value;
            if (double.IsNaN(value))
            {
                nan = nan < 0 ? i : nan;
                continue;
            }

            least = double.IsNaN(points[least].Value) || value < points[least].Value ? i : least;
            greatest = double.IsNaN(points[greatest].Value) || value > points[greatest].Value ? i : greatest;
        }

        Span<int> picks = [start, least, greatest, nan < 0 ? start : nan, end - 1];
        picks.Sort();
        var last = -1;
        foreach (var pick in picks)
        {
            if (pick != last)
            {
                chosen.Add(points[pick]);
                last = pick;
            }
        }
    }
}
