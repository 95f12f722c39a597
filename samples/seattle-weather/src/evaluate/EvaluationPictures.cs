using Cairn.Client;
using SeattleWeather.Forest;
using SeattleWeather.Pictures;

namespace SeattleWeather.Evaluate;

/// <summary>The ROC curves of both models and the confusion matrix of the candidate.</summary>
internal static class EvaluationPictures
{
    private const string Title = "Will it rain tomorrow?";

    public static async Task LogAsync(CairnRun run, FeatureTable table, JudgedModel candidate, JudgedModel? current, string days, CancellationToken cancellation)
    {
        using var work = new WorkFolder();
        var curves = new List<Roc> { Curve(table, candidate, candidate.Version) };
        if (current is not null && current.Version != candidate.Version)
        {
            curves.Add(Curve(table, current, $"{current.Version} ({Registry.Production})"));
        }

        RocChart.Save(work["roc.png"], Title, $"ROC on {days}", curves);
        await run.LogImageAsync("roc", work["roc.png"], $"ROC on {days}", cancellation: cancellation);

        var counts = Confusion.Of(table.Labels, candidate.Probabilities);
        ConfusionChart.Save(
            work["confusion.png"],
            Title,
            $"{candidate.Version} on {days}",
            ["dry", "rain"],
            [[counts.TrueNegatives, counts.FalsePositives], [counts.FalseNegatives, counts.TruePositives]]);
        await run.LogImageAsync("confusion", work["confusion.png"], $"Forecasts of {candidate.Version} against what came", cancellation: cancellation);
    }

    private static Roc Curve(FeatureTable table, JudgedModel model, string name) =>
        new($"{name}  AUC {model.Scores.Auc:F3}", RocCurve.Points(table.Labels, model.Probabilities));
}
