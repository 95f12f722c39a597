namespace SeattleWeather.Forest;

/// <summary>The ROC curve: what share of wet days is found at the price of what share of false alarms.</summary>
public static class RocCurve
{
    /// <summary>Corners of the curve from (0, 0) to (1, 1); days of equal score move it in one straight step.</summary>
    public static IReadOnlyList<(double FalseAlarms, double Found)> Points(IReadOnlyList<bool> labels, IReadOnlyList<float> scores)
    {
        var order = Enumerable.Range(0, labels.Count).OrderByDescending(i => scores[i]).ToArray();
        var wet = labels.Count(label => label);
        var dry = labels.Count - wet;
        var points = new List<(double, double)> { (0, 0) };
        var found = 0;
        var alarms = 0;
        for (var i = 0; i < order.Length; i++)
        {
            if (labels[order[i]])
            {
                found++;
            }
            else
            {
                alarms++;
            }

            if (i + 1 == order.Length || scores[order[i + 1]] != scores[order[i]])
            {
                points.Add((dry == 0 ? 0 : alarms / (double)dry, wet == 0 ? 0 : found / (double)wet));
            }
        }

        return points;
    }

    /// <summary>Area under the curve; 0.5 is guessing, NaN where all days were alike.</summary>
    public static double Area(IReadOnlyList<bool> labels, IReadOnlyList<float> scores)
    {
        var wet = labels.Count(label => label);
        if (wet == 0 || wet == labels.Count)
        {
            return double.NaN;
        }

        var points = Points(labels, scores);
        return points.Zip(points.Skip(1), (a, b) => (b.FalseAlarms - a.FalseAlarms) * (a.Found + b.Found) / 2).Sum();
    }
}
