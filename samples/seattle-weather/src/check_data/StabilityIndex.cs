namespace SeattleWeather.CheckData;

/// <summary>
/// The population stability index: the sum over bins of (new − old) · ln(new / old), shares of values. By custom below
/// 0.1 means no change, above 0.25 another population.
/// </summary>
internal static class StabilityIndex
{
    private const int Bins = 10;

    /// <summary>Numbers, in bins that hold a tenth of the old values each.</summary>
    public static double OfNumbers(IReadOnlyList<double> old, IReadOnlyList<double> now)
    {
        var sorted = old.Order().ToArray();
        if (sorted.Length == 0 || now.Count == 0)
        {
            return double.PositiveInfinity;
        }

        // Equal quantiles fall together: half of Seattle's days have exactly 0.0 mm of rain.
        var edges = Enumerable.Range(1, Bins - 1).Select(i => sorted[i * sorted.Length / Bins]).Distinct().ToArray();
        int[] Histogram(IEnumerable<double> values)
        {
            var counts = new int[edges.Length + 1];
            foreach (var value in values)
            {
                counts[edges.Count(edge => value > edge)]++;
            }

            return counts;
        }

        return Of(Histogram(old), Histogram(now));
    }

    /// <summary>Words, each a bin of its own.</summary>
    public static double OfWords(IReadOnlyList<string> old, IReadOnlyList<string> now)
    {
        var words = old.Union(now).ToArray();
        return Of([.. words.Select(word => old.Count(word.Equals))], [.. words.Select(word => now.Count(word.Equals))]);
    }

    private static double Of(int[] old, int[] now)
    {
        // Half a count in every bin keeps an empty one from making the logarithm infinite.
        double Share(int[] counts, int bin) => (counts[bin] + 0.5) / (counts.Sum() + (0.5 * counts.Length));
        return Enumerable.Range(0, old.Length).Sum(bin => (Share(now, bin) - Share(old, bin)) * Math.Log(Share(now, bin) / Share(old, bin)));
    }
}
