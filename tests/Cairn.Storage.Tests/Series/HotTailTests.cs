using Cairn.Core.Series;
using Cairn.Storage.Series;

namespace Cairn.Storage.Tests.Series;

public sealed class HotTailTests
{
    private const int Metrics = 50;
    private static readonly SeriesKey Key = new(1, 7);
    private readonly HotTail hot = new();

    [Fact]
    public void A_fold_that_fails_gives_its_points_back_in_front_of_newer_ones()
    {
        Add(0, 3000);
        Assert.Equal(Metrics, hot.BeginFold().Count);
        Assert.Equal(3000, hot.CountFolding(Key));
        Add(3000, 1000);
        hot.AbortFold();
        Assert.Equal(4000 * Metrics, hot.Pending);
        Assert.Equal(Points(0, 4000), hot.Read(Key));
    }

    [Fact]
    public void A_fold_that_fails_half_way_gives_back_what_is_not_in_chunks_yet()
    {
        Add(0, 100);
        var keys = hot.BeginFold();
        Add(100, 10);
        foreach (var key in keys.Where(key => key.Metric < 25))
        {
            hot.EndFold(key, Point(99));
        }

        hot.AbortFold();
        Assert.Equal(Points(0, 110), hot.Read(new SeriesKey(1, 30)));
        Assert.Equal(Points(100, 10), hot.Read(Key));
        Assert.Equal((25 * 110) + (25 * 10), hot.Pending);
    }

    [Fact]
    public void Fold_after_fold_keeps_points_apart()
    {
        for (var round = 0; round < 5; round++)
        {
            Add(round * 100, 100);
            var keys = hot.BeginFold();
            Add((round * 100) + 1000, 1);
            Assert.Equal(round == 0 ? Points(0, 100) : [Point(((round - 1) * 100) + 1000), .. Points(round * 100, 100)], hot.ReadFolding(Key));
            keys.ForEach(key => hot.EndFold(key, Point(0)));
            Assert.Equal([Point((round * 100) + 1000)], hot.Read(Key));
        }
    }

    private void Add(int from, int count)
    {
        var points = new SeriesPoints(1, count * Metrics);
        for (var step = from; step < from + count; step++)
        {
            for (var metric = 0; metric < Metrics; metric++)
            {
                points.Add(metric, Point(step));
            }
        }

        hot.Add([points], new Dictionary<SeriesKey, MetricPoint>());
    }

    private static List<MetricPoint> Points(int from, int count) => [.. Enumerable.Range(from, count).Select(Point)];

    private static MetricPoint Point(int step) => new(step, step * 2, step / 3.0);
}
