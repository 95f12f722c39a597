namespace SeattleWeather.Evaluate;

/// <summary>What evaluate is told.</summary>
/// <param name="Model">The model to judge, such as "model_export:latest".</param>
/// <param name="TestData">The days to judge it by.</param>
/// <param name="Metric">The number that decides.</param>
/// <param name="MinGain">How much better than production it must be.</param>
internal sealed record Options(string Model, string TestData, Metric Metric, double MinGain);
