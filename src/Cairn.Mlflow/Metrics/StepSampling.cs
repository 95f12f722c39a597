using Cairn.Core.Series;

namespace Cairn.Mlflow.Metrics;

/// <summary>Chooses the steps that MLflow's server would choose.</summary>
internal static class StepSampling
{
    /// <summary>
    /// Up to <paramref name="most"/> of the steps that any run has in the range, evenly spaced by their rank, then the last
    /// one, and the first and last step of every run.
    /// </summary>
    /// <param name="runs">The points of each run, by step.</param>
    /// <param name="range">The steps asked for; null means from 0 to the last.</param>
    /// <param name="most">How many to aim at.</param>
    public static HashSet<long> Choose(IReadOnlyList<IReadOnlyList<MetricPoint>> runs, StepRange? range, int most)
    {
        var all = new List<long>();
        var ends = new List<long>(runs.Count * 2);
        foreach (var points in runs)
        {
            for (var i = 0; i < points.Count; i++)
            {
                if (i == 0 || points[i].Step != points[i - 1].Step)
                {
                    all.Add(points[i].Step);
                }
            }

            if (points.Count > 0)
            {
                ends.Add(points[0].Step);
                ends.Add(points[^1].Step);
            }
        }

        all.Sort();
        var steps = all.Distinct().ToArray();
        var asked = range ?? new StepRange(0, steps.LastOrDefault());
        var chosen = Sample(steps, asked, most);
        chosen.UnionWith(ends.Where(step => step >= asked.First && step <= asked.Last));
        return chosen;
    }

    /// <summary>The evenly spaced ones of sorted steps.</summary>
    public static HashSet<long> Sample(long[] steps, StepRange range, int most)
    {
        var start = FirstAtLeast(steps, range.First);
        var end = range.Last == long.MaxValue ? steps.Length : FirstAtLeast(steps, range.Last + 1);
        var count = end - start;
        if (count <= most)
        {
            return count <= 0 ? [] : [.. steps.AsSpan(start, count)];
        }

        // MLflow's server drops what lies beyond the count from the start of all steps, so its charts lose their right part
        // when one zooms in. Here they do not.
        var interval = (double)count / most;
        var chosen = new HashSet<long>();
        for (var i = 0; i < most; i++)
        {
            chosen.Add(steps[start + (int)(i * interval)]);
        }

        chosen.Add(steps[end - 1]);
        return chosen;
    }

    private static int FirstAtLeast(long[] steps, long step)
    {
        var index = Array.BinarySearch(steps, step);
        return index < 0 ? ~index : index;
    }
}
