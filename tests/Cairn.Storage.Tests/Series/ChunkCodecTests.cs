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

    /// <summary>Noise is kept as it is; that the values fall while they are noisy, and that the clock is not exact, costs little.</summary>
    [Fact]
    public void A_trend_costs_nothing_beside_its_noise()
    {
        var random = new Random(3);
        var points = Enumerable.Range(0, 4096).Select(i => new MetricPoint(i, 1_790_000_000_000 + (i * 15_000L) + random.Next(4), 0.9 - (i * 0.0001) + (random.NextDouble() / 1024))).ToList();
        AssertRoundTrip(points);
        const double noise = 43 + 2; // Bits: a 1,024th of what lies between a half and one, and four times.
        Assert.InRange(ChunkCodec.Encode([.. points]).Length * 8 / 4096.0, noise, noise + 3);
    }

    /// <summary>As versions before 2 wrote it: 130 steps, times 3 ms apart, tenths.</summary>
    [Fact]
    public void Chunks_of_the_first_format_are_read()
    {
        const string first =
            "0182018100FEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF80020980B083C5986800061848C0E081840A1836780841E2848A163066D8C8C1E3879022489638" +
            "8942E58A962E60C69849C3E68D9C3A78F6F80944E890A246902659CAC4E993A852A856B98A45EB96AE5EC086194BC6EC99B46AD8B6790B47EE9CBA76" +
            "F0E6D9CBC7EF9FC08208173A8C48F1A2C68E20479A4CC9F2A5CC9A3877FA0C4AF4A8D2A650A75ACDCAF5ABD8B268D7BA8D4BF7AEDEBE800601010400" +
            "103254769810325476981032547698103254769810325476981032547698103254769810325476981032547698103254769810325476981032547698" +
            "103254768002";
        var decoded = new List<MetricPoint>();
        ChunkCodec.Decode(Convert.FromHexString(first), decoded);
        Assert.Equal(Enumerable.Range(0, 130).Select(i => new MetricPoint(i, 1_790_000_000_000 + (i * 3L), i % 10 / 10.0)), decoded);
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
