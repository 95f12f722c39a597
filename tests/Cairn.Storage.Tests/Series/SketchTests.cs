using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Storage.Tests.Series;

/// <summary>Long series are drawn from sketches of their chunks: what is drawn must have the extremes of what is there.</summary>
public sealed class SketchTests
{
    private const int Points = 300_000;
    private const int Windows = 10_000;

    [Fact]
    public async Task Drawn_extremes_are_the_true_ones_over_ten_thousand_windows()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        var random = new Random(11);
        var points = new MetricPoint[Points];
        var step = 0L;
        for (var i = 0; i < points.Length; i++)
        {
            step += random.Next(1, 4);
            points[i] = new MetricPoint(step, 1000 + i, random.Next(2000) switch
            {
                0 => double.NaN,
                1 => double.PositiveInfinity,
                2 => random.NextDouble() * 1e6,
                3 => random.NextDouble() * -1e6,
                _ => random.NextDouble(),
            });
        }

        // The last points stay in the tail, and a few of them lie back among the chunks.
        await LogAsync(fixture, run, points.AsSpan(0, Points - 5_000).ToArray());
        await fixture.Store.CompactAsync(StoreFixture.Timeout);
        await LogAsync(fixture, run, points.AsSpan(Points - 5_000).ToArray());
        var extremes = new Extremes(points);
        for (var i = 0; i < Windows; i++)
        {
            var (a, b) = (random.Next(Points), random.Next(Points));
            var (first, last) = i % 3 == 0 ? (a, Math.Min(Points - 1, a + random.Next(20_000))) : (Math.Min(a, b), Math.Max(a, b));
            var buckets = random.Next(3) == 0 ? random.Next(1, 20) : random.Next(20, 400);
            var slice = await fixture.Store.Series.SampleAsync(
                run.Id, "m", new StepRange(points[first].Step, points[last].Step), buckets, TestContext.Current.CancellationToken);
            var (least, greatest) = extremes.Of(first, last);
            var finite = slice.Points.Select(point => point.Value).Where(double.IsFinite).DefaultIfEmpty(double.NaN).ToList();
            Assert.Equal(last - first + 1, slice.Count);
            Assert.Equal(least, finite.Min());
            Assert.Equal(greatest, finite.Max());
            Assert.Equal(points[first], slice.Points[0]);
            Assert.Equal(points[last], slice.Points[^1]);
        }
    }

    [Fact]
    public async Task Late_points_among_sketched_ones_are_counted_once_and_drawn()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        var points = Enumerable.Range(0, 150_000).Select(i => new MetricPoint(2 * i, i, 0.5)).ToArray();
        await LogAsync(fixture, run, points);
        await fixture.Store.CompactAsync(StoreFixture.Timeout);
        await fixture.LogAsync(run, "m", points[100_000], new MetricPoint(200_001, 0, 7));
        var slice = await fixture.Store.Series.SampleAsync(run.Id, "m", StepRange.All, 10, StoreFixture.Timeout);
        Assert.Equal(150_001, slice.Count);
        Assert.Contains(new MetricPoint(200_001, 0, 7), slice.Points);
        await fixture.ReopenAsync();
        Assert.Equal(150_001, (await fixture.ReadAsync(run, "m")).Count);
    }

    [Fact]
    public async Task Several_series_come_in_the_order_they_were_asked_for()
    {
        await using var fixture = await StoreFixture.OpenAsync();
        var run = await fixture.CreateRunAsync();
        await fixture.LogAsync(run, "a", new MetricPoint(0, 0, 1));
        await fixture.LogAsync(run, "b", new MetricPoint(0, 0, 2), new MetricPoint(1, 1, 3));
        var series = await fixture.Store.Series.SampleAsync(run.Id, ["b", "none", "a"], StepRange.All, 10, StoreFixture.Timeout);
        Assert.Equal([("b", 2L), ("none", 0L), ("a", 1L)], series.Select(one => (one.Key, one.Count)));
    }

    private static async Task LogAsync(StoreFixture fixture, Run run, MetricPoint[] points)
    {
        foreach (var batch in points.Chunk(20_000))
        {
            await fixture.LogAsync(run, "m", batch);
        }
    }

    /// <summary>Least and greatest finite value of any window, by blocks, so that ten thousand windows take seconds.</summary>
    private sealed class Extremes
    {
        private const int Block = 500;

        private readonly MetricPoint[] points;
        private readonly (double Least, double Greatest)[] blocks;

        public Extremes(MetricPoint[] points)
        {
            this.points = points;
            blocks = [.. Enumerable.Range(0, (points.Length + Block - 1) / Block).Select(i => Slow(i * Block, Math.Min(points.Length, (i + 1) * Block) - 1))];
        }

        public (double Least, double Greatest) Of(int first, int last)
        {
            var (from, to) = ((first / Block) + 1, last / Block);
            if (from >= to)
            {
                return Known(Slow(first, last));
            }

            var (least, greatest) = Join(Slow(first, (from * Block) - 1), Slow(to * Block, last));
            for (var i = from; i < to; i++)
            {
                (least, greatest) = Join((least, greatest), blocks[i]);
            }

            return Known((least, greatest));
        }

        private static (double Least, double Greatest) Known((double Least, double Greatest) pair) =>
            double.IsFinite(pair.Least) ? pair : (double.NaN, double.NaN);

        private static (double Least, double Greatest) Join((double Least, double Greatest) a, (double Least, double Greatest) b) =>
            (Math.Min(a.Least, b.Least), Math.Max(a.Greatest, b.Greatest));

        private (double Least, double Greatest) Slow(int first, int last)
        {
            var (least, greatest) = (double.PositiveInfinity, double.NegativeInfinity);
            for (var i = first; i <= last; i++)
            {
                if (double.IsFinite(points[i].Value))
                {
                    (least, greatest) = (Math.Min(least, points[i].Value), Math.Max(greatest, points[i].Value));
                }
            }

            return (least, greatest);
        }
    }
}
