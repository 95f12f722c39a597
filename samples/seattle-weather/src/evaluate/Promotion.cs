using System.Globalization;

namespace SeattleWeather.Evaluate;

/// <summary>What is to be expected of the gate before <c>prod</c>, and the sentence that will be kept as the reason.</summary>
/// <param name="Promote">True where the new model should get it.</param>
/// <param name="Why">The reason, with the numbers.</param>
internal sealed record Promotion(bool Promote, string Why)
{
    /// <summary>Compares the newest model with the one in production, both judged on the same days.</summary>
    /// <param name="metric">What they were judged by.</param>
    /// <param name="candidate">The newest model.</param>
    /// <param name="current">The model that carries <c>prod</c>, or null where none does.</param>
    /// <param name="minGain">How much better the candidate must be. With 0 it must still be better, not equal.</param>
    /// <param name="days">The days both were judged on, as words: "the 365 days to 2014-12-30".</param>
    public static Promotion Decide(Metric metric, Contender candidate, Contender? current, double minGain, string days)
    {
        if (!double.IsFinite(candidate.Value))
        {
            return new Promotion(false, Text($"{candidate.Version} has no {metric.Name} on {days} ({candidate.Value}), so it cannot be judged."));
        }

        if (current is null)
        {
            return new Promotion(true, Text($"{candidate.Version} is the first model: {metric.Name} {candidate.Value:F4} on {days}."));
        }

        if (candidate.Version == current.Version)
        {
            return new Promotion(false, Text($"{candidate.Version} carries prod already: {metric.Name} {candidate.Value:F4} on {days}."));
        }

        var gain = metric.Gain(candidate.Value, current.Value);
        var numbers = Text($"{metric.Name} {candidate.Value:F4} of {candidate.Version} against {current.Value:F4} of {current.Version} on {days}");
        // A production model without a score has lost, whatever the gain.
        if (!double.IsFinite(current.Value) || (gain > 0 && gain >= minGain))
        {
            return new Promotion(true, Text($"{candidate.Version} is better: {numbers}, a gain of {gain:F4} where {minGain:F4} was asked for."));
        }

        var verdict = gain > 0 ? "better, but not by enough" : gain == 0 ? "no better" : "worse";
        return new Promotion(false, Text($"{candidate.Version} is {verdict}: {numbers}, a gain of {gain:F4} where {minGain:F4} was asked for."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A model version and its value of the metric.</summary>
internal sealed record Contender(string Version, double Value);
