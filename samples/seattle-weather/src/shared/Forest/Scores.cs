namespace SeattleWeather.Forest;

/// <summary>How well probabilities foretold what happened.</summary>
/// <param name="Auc">Area under the ROC curve: the chance that a wet day was given a higher probability than a dry one.</param>
/// <param name="Accuracy">Share of days foretold rightly.</param>
/// <param name="Precision">Share of the rain forecasts that came true.</param>
/// <param name="Recall">Share of the wet days that were foretold.</param>
/// <param name="F1">Harmonic mean of precision and recall.</param>
/// <param name="LogLoss">Mean surprise in nats; less is better.</param>
/// <param name="Brier">Mean squared error of the probability; less is better.</param>
public sealed record Scores(double Auc, double Accuracy, double Precision, double Recall, double F1, double LogLoss, double Brier)
{
    /// <summary>Compares probabilities with answers; a probability of at least one half counts as a forecast of rain.</summary>
    public static Scores Of(IReadOnlyList<bool> labels, IReadOnlyList<float> probabilities)
    {
        var confusion = Confusion.Of(labels, probabilities);
        var precision = Share(confusion.TruePositives, confusion.TruePositives + confusion.FalsePositives);
        var recall = Share(confusion.TruePositives, confusion.TruePositives + confusion.FalseNegatives);
        return new Scores(
            RocCurve.Area(labels, probabilities),
            Share(confusion.TruePositives + confusion.TrueNegatives, labels.Count),
            precision,
            recall,
            precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall),
            labels.Zip(probabilities, (rained, p) => -Math.Log(Math.Clamp(rained ? p : 1 - p, 1e-7, 1))).Average(),
            labels.Zip(probabilities, (rained, p) => Math.Pow((rained ? 1 : 0) - p, 2)).Average());
    }

    /// <summary>All of them under the names of metrics.</summary>
    public Dictionary<string, double> Named(string prefix) => new()
    {
        [$"{prefix}auc"] = Auc,
        [$"{prefix}accuracy"] = Accuracy,
        [$"{prefix}precision"] = Precision,
        [$"{prefix}recall"] = Recall,
        [$"{prefix}f1"] = F1,
        [$"{prefix}log_loss"] = LogLoss,
        [$"{prefix}brier"] = Brier,
    };

    private static double Share(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
}

/// <summary>Forecasts against facts, counted; "positive" is rain.</summary>
public sealed record Confusion(int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives)
{
    /// <summary>Counts; a probability of at least one half is a forecast of rain.</summary>
    public static Confusion Of(IReadOnlyList<bool> labels, IReadOnlyList<float> probabilities)
    {
        int Count(bool rained, bool foretold) => labels.Zip(probabilities).Count(pair => pair.First == rained && pair.Second >= 0.5f == foretold);
        return new Confusion(Count(true, true), Count(false, true), Count(false, false), Count(true, false));
    }
}
