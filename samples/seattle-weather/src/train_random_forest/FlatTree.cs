using Microsoft.ML.Trainers.FastTree;

namespace SeattleWeather.TrainRandomForest;

/// <summary>
/// A tree as plain arrays. Importance walks millions of times through trees, and ML.NET's own read-only lists make each
/// step of that ten times as dear.
/// </summary>
internal sealed class FlatTree
{
    private readonly int[] feature;
    private readonly float[] threshold;
    private readonly int[] left;
    private readonly int[] right;
    private readonly double[] leaf;

    private FlatTree(QuantileRegressionTree tree, double weight)
    {
        feature = [.. tree.NumericalSplitFeatureIndexes];
        threshold = [.. tree.NumericalSplitThresholds];
        left = [.. tree.LeftChild];
        right = [.. tree.RightChild];
        leaf = [.. tree.LeafValues.Select(value => weight * value)];
    }

    /// <summary>The trees of a forest; what they vote adds up to what ML.NET calls Score.</summary>
    public static FlatTree[] Of(QuantileRegressionTreeEnsemble forest) =>
        [.. forest.Trees.Select((tree, i) => new FlatTree(tree, forest.TreeWeights[i]))];

    /// <summary>What the tree adds to the score of a day.</summary>
    public double Vote(float[] values)
    {
        // A child below zero is a leaf, its index written as the complement. A tree without splits is its leaf 0.
        var node = feature.Length == 0 ? ~0 : 0;
        while (node >= 0)
        {
            node = values[feature[node]] <= threshold[node] ? left[node] : right[node];
        }

        return leaf[~node];
    }
}
