namespace Cairn.Core.Sweeps;

/// <summary>
/// Bayesian search with tree-structured Parzen estimators: the trials so far are split into the good quarter and the rest;
/// of some candidates drawn near the good ones, the one is chosen that is likeliest under the good and least likely under
/// the rest. Each parameter is looked at by itself.
/// </summary>
internal static class TreeParzen
{
    private const int RandomTrials = 8;
    private const int Candidates = 32;
    private const double GoodShare = 0.25;

    /// <summary>So often a parameter is drawn anew from everywhere: what began badly by chance gets its second one.</summary>
    private const double Exploring = 0.2;

    public static List<double> Choose(IReadOnlyList<Dimension> dimensions, IReadOnlyList<TrialResult> results, SplitMix random)
    {
        var known = results.Where(result => result.Loss is { } loss && !double.IsNaN(loss)).OrderBy(result => result.Loss).ToList();
        if (known.Count < RandomTrials)
        {
            return [.. dimensions.Select(_ => random.NextDouble())];
        }

        var goodCount = Math.Max(2, (int)Math.Ceiling(known.Count * GoodShare));

        // Trials under way count with the rest: several agents at once then try different things.
        var good = known.Take(goodCount).ToList();
        var rest = known.Skip(goodCount).Concat(results.Where(result => result.Loss is null)).ToList();
        var point = new List<double>(dimensions.Count);
        for (var i = 0; i < dimensions.Count; i++)
        {
            var index = i;
            if (random.NextDouble() < Exploring)
            {
                point.Add(random.NextDouble());
                continue;
            }

            point.Add(dimensions[i].IsOrdered
                ? Number([.. good.Select(result => result.Point[index])], [.. rest.Select(result => result.Point[index])], random)
                : Category(dimensions[i], [.. good.Select(result => result.Point[index])], [.. rest.Select(result => result.Point[index])], random));
        }

        return point;
    }

    private static double Number(List<double> good, List<double> rest, SplitMix random)
    {
        var width = Width(good.Count);
        var best = (Point: 0.5, Score: double.NegativeInfinity);
        for (var i = 0; i < Candidates; i++)
        {
            // One in so many is drawn from everywhere, so that nothing is ruled out for good.
            var centre = (int)(random.NextDouble() * (good.Count + 1));
            var point = centre == good.Count ? random.NextDouble() : Math.Clamp(good[centre] + (width * NormalQuantile.Of(random.NextDouble())), 0, 1);
            var score = Math.Log(Density(good, width, point)) - Math.Log(Density(rest, Width(rest.Count), point));
            if (score > best.Score)
            {
                best = (point, score);
            }
        }

        return best.Point;
    }

    private static double Category(Dimension dimension, List<double> good, List<double> rest, SplitMix random)
    {
        var count = dimension.Values.Count;
        var goodShares = Shares(dimension, good);
        var restShares = Shares(dimension, rest);
        var best = (Index: 0, Score: double.NegativeInfinity);
        for (var i = 0; i < Candidates; i++)
        {
            var draw = random.NextDouble();
            var index = 0;
            while (index < count - 1 && (draw -= goodShares[index]) > 0)
            {
                index++;
            }

            var score = Math.Log(goodShares[index]) - Math.Log(restShares[index]);
            if (score > best.Score)
            {
                best = (index, score);
            }
        }

        return dimension.GridPoint(best.Index);
    }

    private static double[] Shares(Dimension dimension, List<double> points)
    {
        var shares = dimension.Weights.Select(weight => weight + 1e-6).ToArray();
        foreach (var point in points)
        {
            shares[dimension.IndexAt(point)]++;
        }

        var sum = shares.Sum();
        return [.. shares.Select(share => share / sum)];
    }

    private static double Width(int count) => Math.Clamp(1.0 / (1 + count), 0.02, 0.25);

    private static double Density(List<double> points, double width, double at)
    {
        var sum = 1.0;
        foreach (var point in points)
        {
            var distance = (at - point) / width;
            sum += Math.Exp(-0.5 * distance * distance) / (width * Math.Sqrt(2 * Math.PI));
        }

        return sum / (points.Count + 1);
    }
}
