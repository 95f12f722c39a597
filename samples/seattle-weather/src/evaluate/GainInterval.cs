using SeattleWeather.Forest;

namespace SeattleWeather.Evaluate;

/// <summary>
/// How sure the gain is: the test days are drawn again and again with replacement, both models are judged on each draw, and
/// the middle nine tenths of the gains are told. An interval that reaches below zero says that luck may have decided.
/// </summary>
internal sealed record GainInterval(double Low, double High)
{
    private const int Draws = 400;

    public static GainInterval Of(Metric metric, bool[] labels, float[] candidate, float[] current, int seed)
    {
        // Not for secrets: the same seed must draw the same days every time.
#pragma warning disable CA5394
        var random = new Random(seed);
        var gains = Enumerable.Range(0, Draws).Select(_ =>
        {
            var days = Enumerable.Range(0, labels.Length).Select(_ => random.Next(labels.Length)).ToArray();
#pragma warning restore CA5394
            var drawn = days.Select(day => labels[day]).ToArray();
            double Value(float[] probabilities) => metric.Of(Scores.Of(drawn, days.Select(day => probabilities[day]).ToArray()));
            return metric.Gain(Value(candidate), Value(current));
        }).Where(double.IsFinite).Order().ToArray();
        return gains.Length == 0 ? new GainInterval(double.NaN, double.NaN) : new GainInterval(gains[gains.Length / 20], gains[^(1 + (gains.Length / 20))]);
    }
}
