using SeattleWeather.Forest;

namespace SeattleWeather.Evaluate;

/// <summary>The number that decides.</summary>
/// <param name="Name">Its name.</param>
/// <param name="LessIsBetter">True for errors and losses.</param>
/// <param name="Of">Reads it from the scores.</param>
internal sealed record Metric(string Name, bool LessIsBetter, Func<Scores, double> Of)
{
    private static readonly Metric[] Known =
    [
        new("auc", false, scores => scores.Auc),
        new("accuracy", false, scores => scores.Accuracy),
        new("f1", false, scores => scores.F1),
        new("log_loss", true, scores => scores.LogLoss),
        new("brier", true, scores => scores.Brier),
    ];

    public static Metric Named(string name) => Known.FirstOrDefault(metric => metric.Name == name)
        ?? throw new StopException($"--metric must be one of {string.Join(", ", Known.Select(metric => metric.Name))}, but is '{name}'.");

    /// <summary>How much better one value is than the other: above zero is better whichever way the metric points.</summary>
    public double Gain(double candidate, double current) => LessIsBetter ? current - candidate : candidate - current;
}
