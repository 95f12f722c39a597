using System.Runtime.InteropServices;
using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>
/// Chooses the points that draw like all of them: of every bucket of the step range the first, the last, the least and
/// the greatest (and one that is not finite, should there be any), in order. The extremes are those of the finite values:
/// an infinity can be drawn no better than NaN and must not hide them.
/// </summary>
internal static class Sampler
{
    /// <summary>Points of a chunk that its sketch answers for with one bucket.</summary>
    public const int SketchedPoints = 512;

    /// <summary>So many points of a series are quickly read as they are: only what comes after them pays for sketches.</summary>
    public const int WholePoints = 65_536;

    private const int PointsPerBucket = 4;

    public static bool IsFew(long points, int buckets) => buckets <= 0 || points <= (long)buckets * PointsPerBucket;

    public static IReadOnlyList<MetricPoint> Sample(List<MetricPoint> points, int buckets)
    {
        if (IsFew(points.Count, buckets))
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
        var all = CollectionsMarshal.AsSpan(points);
        for (var start = 0; start < all.Length;)
        {
            var bucket = bucketOf(start);
            var end = start + 1;
            while (end < all.Length && bucketOf(end) == bucket)
            {
                end++;
            }

            Choose(all[start..end], chosen);
            start = end;
        }

        return chosen;
    }

    /// <summary>What a chart draws of a long chunk without reading it: a bucket for every <see cref="SketchedPoints"/> points.</summary>
    public static List<MetricPoint> Sketch(ReadOnlySpan<MetricPoint> points)
    {
        var chosen = new List<MetricPoint>((points.Length / SketchedPoints + 1) * PointsPerBucket);
        for (var start = 0; start < points.Length; start += SketchedPoints)
        {
            Choose(points.Slice(start, Math.Min(SketchedPoints, points.Length - start)), chosen);
        }

        return chosen;
    }

    private static void Choose(ReadOnlySpan<MetricPoint> points, List<MetricPoint> chosen)
    {
        int least = -1, greatest = -1, odd = -1;
        for (var i = 0; i < points.Length; i++)
        {
            var value = points[i].Value;
            if (!double.IsFinite(value))
            {
                odd = odd < 0 ? i : odd;
                continue;
            }

            least = least < 0 || value < points[least].Value ? i : least;
            greatest = greatest < 0 || value > points[greatest].Value ? i : greatest;
        }

        Span<int> picks = [0, Math.Max(least, 0), Math.Max(greatest, 0), Math.Max(odd, 0), points.Length - 1];
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
