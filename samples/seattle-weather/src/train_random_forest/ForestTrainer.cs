using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using SeattleWeather.Forest;

namespace SeattleWeather.TrainRandomForest;

/// <summary>
/// Grows a random forest on all days. All that must be measured on days a forest has not seen (learning curve, importance,
/// how a score translates into a probability) comes from cross-validation beside it.
/// </summary>
internal static class ForestTrainer
{
    private const int FewestDays = 100;
    private const int Shuffles = 5;

    public static TrainedForest Train(FeatureTable table, ForestSettings settings)
    {
        var labels = table.Labels;
        if (labels.Length < FewestDays || labels.Distinct().Count() < 2)
        {
            throw new StopException($"{labels.Length} training days, {labels.Count(wet => wet)} of them before rain: at least {FewestDays} of both kinds together are needed.");
        }

        var ml = new MLContext(settings.Seed);
        var validation = CrossValidation.Of(table, part => Grow(ml, part, settings).Model.TrainedTreeEnsemble);
        var votes = validation.VotesByTrees();
        var calibrator = Calibrate(ml, labels, votes[^1]);

        var forest = Grow(ml, table, settings);
        var probability = ml.BinaryClassification.Calibrators.Platt(calibrator.Slope, calibrator.Offset).Fit(forest.Transform(RainModel.View(ml, table)));
        var card = new ModelCard("FastForest", table.Names, FeatureTable.Target, settings, labels.Length, table.Rows[0].Day, table.Rows[^1].Day);
        return new TrainedForest(
            new RainModel(new TransformerChain<ITransformer>(forest, probability), card),
            Scores.Of(labels, [.. votes[^1].Select(vote => Probability(calibrator, vote))]),
            [.. votes.Select(scores => RocCurve.Area(labels, scores))],
            validation.Importance(Shuffles, settings.Seed));
    }

    private static BinaryPredictionTransformer<FastForestBinaryModelParameters> Grow(MLContext ml, FeatureTable table, ForestSettings settings) =>
        ml.BinaryClassification.Trainers.FastForest(new FastForestBinaryTrainer.Options
        {
            NumberOfTrees = settings.Trees,
            NumberOfLeaves = settings.Leaves,
            MinimumExampleCountPerLeaf = settings.MinLeaf,
            FeatureFractionPerSplit = settings.FeatureFraction,
            Seed = settings.Seed,
            FeatureSelectionSeed = settings.Seed,
        }).Fit(RainModel.View(ml, table));

    /// <summary>Fits the curve that turns scores into probabilities (Platt) on scores of unseen days.</summary>
    private static PlattCalibrator Calibrate(MLContext ml, bool[] labels, float[] scores)
    {
        var judged = ml.Data.LoadFromEnumerable(labels.Zip(scores, (label, score) => new Judged { Label = label, Score = score }));
        IPredictionTransformer<PlattCalibrator> calibrator = ml.BinaryClassification.Calibrators.Platt().Fit(judged);
        return calibrator.Model;
    }

    private static float Probability(PlattCalibrator calibrator, float score) =>
        (float)(1 / (1 + Math.Exp((calibrator.Slope * score) + calibrator.Offset)));

    private sealed class Judged
    {
        public bool Label { get; init; }

        public float Score { get; init; }
    }
}

/// <summary>A model and what was measured while it was made.</summary>
/// <param name="Model">The forest grown on every day.</param>
/// <param name="Validation">Scores in cross-validation.</param>
/// <param name="Curve">Area under the ROC curve in cross-validation with one tree, two trees …</param>
/// <param name="Importance">Features, most important first.</param>
internal sealed record TrainedForest(
    RainModel Model,
    Scores Validation,
    IReadOnlyList<double> Curve,
    IReadOnlyList<FeatureImportance> Importance);
