using Cairn.Core.Series;
using Cairn.Storage.Series;
using CsCheck;

namespace Cairn.Storage.Tests.Series;

public sealed class ChunkCodecTests
{
    private static readonly Gen<double> AnyValue = Gen.OneOf(
        Gen.Double,
        Gen.Float.Select(value => (double)value),
        Gen.Int[-1_000_000, 1_000_000].Select(value => value / 1000.0),
        OneOfThese(0.0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 0.1, 1e300));

    [Fact]
    public void What_is_encoded_comes_back_bit_for_bit()
    {
        var points = Gen.Select(Gen.Long, Gen.Long, AnyValue, (step, time, value) => new MetricPoint(step, time, value));
        points.List[1, 700].Sample(AssertRoundTrip, iter: 2000);
    }

    [Fact]
    public void Series_as_they_are_logged_come_back_bit_for_bit()
    {
        var series = Gen.Select(Gen.Long[-1000, 1000], Gen.Int[1, 50], AnyValue.List[1, 1000], (first, pace, values) =>
            values.Select((value, i) => new MetricPoint(first + (i * (long)pace), 1_790_000_000_000 + (i * 37L), value)).ToList());
        series.Sample(AssertRoundTrip, iter: 1000);
    }

    [Fact]
    public void Decimals_take_a_fraction_of_their_eight_bytes()
    {
        var points = Enumerable.Range(0, 4096).Select(i => new MetricPoint(i, 1_790_000_000_000 + (i * 40), Math.Round(0.5 + (0.3 * Math.Sin(i * 0.7)), 4))).ToArray();
        Assert.InRange(ChunkCodec.Encode(points).Length / 4096.0, 0.5, 2.5);
    }

    private static void AssertRoundTrip(List<MetricPoint> points)
    {
        var decoded = new List<MetricPoint>();
        ChunkCodec.Decode(ChunkCodec.Encode([.. points]), decoded);
        Assert.Equal(points.Select(Bits), decoded.Select(Bits));
    }

    private static (long, long, long) Bits(MetricPoint point) => (point.Step, point.Time, BitConverter.DoubleToInt64Bits(point.Value));

    private static Gen<T> OneOfThese<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
