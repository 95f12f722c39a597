using System.Globalization;
using System.Text.Json;

namespace Cairn.Core.Sweeps;

/// <summary>
/// One parameter that a sweep chooses. Every distribution is a map from [0, 1] to values: a uniform number between 0 and 1
/// becomes a value with that distribution, and the optimiser sees all parameters alike.
/// </summary>
/// <param name="Path">Names from the outermost object inwards.</param>
/// <param name="Values">JSON of the possible values, for a choice among some; empty for numbers.</param>
/// <param name="Weights">Chances of the values, summing to 1.</param>
/// <param name="Map">From [0, 1] to a number, where there are no values.</param>
/// <param name="IsWhole">The number is a whole one.</param>
/// <param name="Steps">How many values a grid takes; 0 where it cannot.</param>
public sealed record Dimension(
    IReadOnlyList<string> Path,
    IReadOnlyList<string> Values,
    IReadOnlyList<double> Weights,
    Func<double, double>? Map,
    bool IsWhole,
    long Steps)
{
    /// <summary>True where neighbouring points mean neighbouring values.</summary>
    public bool IsOrdered => Values.Count == 0;

    /// <summary>The value at a point, as JSON.</summary>
    public string At(double point)
    {
        if (Values.Count > 0)
        {
            return Values[IndexAt(point)];
        }

        var number = Map!(Math.Clamp(point, 0, 1));
        return IsWhole && Math.Abs(number) < 1e15
            ? ((long)Math.Round(number)).ToString(CultureInfo.InvariantCulture)
            : JsonSerializer.Serialize(number, SweepJson.Default.Double);
    }

    /// <summary>The point of the grid's value of that index.</summary>
    public double GridPoint(long index) =>
        Values.Count > 0 ? Middle((int)index) : Steps <= 1 ? 0 : (double)index / (Steps - 1);

    /// <summary>Which of the values is at a point.</summary>
    public int IndexAt(double point)
    {
        var sum = 0.0;
        for (var i = 0; i < Values.Count - 1; i++)
        {
            sum += Weights[i];
            if (point < sum)
            {
                return i;
            }
        }

        return Values.Count - 1;
    }

    private double Middle(int index) => Weights.Take(index).Sum() + (Weights[index] / 2);
}
