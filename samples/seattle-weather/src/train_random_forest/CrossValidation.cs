using Microsoft.ML.Trainers.FastTree;
using SeattleWeather.Forest;

namespace SeattleWeather.TrainRandomForest;

/// <summary>
/// Five forests, each grown without one fifth of the days, so that every day can be judged by a forest that never saw it.
/// The fifths are made of whole fortnights taken in turn: neighbouring days resemble each other, so single days would
/// leak; and one stretch of the year alone is easy (July) or hard (April) by luck.
/// </summary>
internal sealed class CrossValidation
{
    private const int BlockDays = 14;
    private const int Folds = 5;

    private readonly FeatureTable table;
    private readonly FlatTree[][] forestOfRow;

    private CrossValidation(FeatureTable table, FlatTree[][] forestOfRow)
    {
        this.table = table;
        this.forestOfRow = forestOfRow;
    }

    /// <summary>Grows the five forests.</summary>
    public static CrossValidation Of(FeatureTable table, Func<FeatureTable, QuantileRegressionTreeEnsemble> grow)
    {
        var fold = table.Rows.Select(row => FoldOf(table, row)).ToArray();
        var forests = fold.Distinct().ToDictionary(
            left => left,
            left => FlatTree.Of(grow(table with { Rows = [.. table.Rows.Where((_, i) => fold[i] != left)] })));
        return new CrossValidation(table, [.. fold.Select(f => forests[f])]);
    }

    /// <summary>The fold a row belongs to.</summary>
    public static int FoldOf(FeatureTable table, FeatureRow row) =>
        (row.Day.DayNumber - table.Rows[0].Day.DayNumber) / BlockDays % Folds;

    /// <summary>
    /// For each row its score by the first tree, by the first two … by all. ML.NET tells only the sum of all, and growing a
    /// forest for each size would take a hundred times as long, so the trees are walked here.
    /// </summary>
    public IReadOnlyList<float[]> VotesByTrees()
    {
        var sums = new double[table.Rows.Count];
        var votes = new List<float[]>();
        for (var t = 0; t < forestOfRow[0].Length; t++)
        {
            for (var row = 0; row < sums.Length; row++)
            {
                sums[row] += forestOfRow[row][t].Vote(table.Rows[row].Values);
            }

            votes.Add([.. sums.Select(sum => (float)sum)]);
        }

        return votes;
    }

    /// <summary>How much worse the forecast gets when one feature is shuffled among the days; most important first.</summary>
    public IReadOnlyList<FeatureImportance> Importance(int shuffles, int seed)
    {
        var labels = table.Labels;
        var whole = RocCurve.Area(labels, Votes([.. table.Rows.Select(row => row.Values)]));
        return
        [
            .. table.Names
                .Select((name, feature) => (Name: name, Losses: Losses(feature)))
                .Select(f => new FeatureImportance(f.Name, f.Losses.Average(), Spread(f.Losses)))
                .OrderByDescending(f => f.Loss),
        ];

        double[] Losses(int feature)
        {
            // Not for secrets: the same seed must shuffle the same way every time.
#pragma warning disable CA5394
            var random = new Random(seed);
            var rows = table.Rows.Select(row => (float[])row.Values.Clone()).ToArray();
            var values = rows.Select(row => row[feature]).ToArray();
            return [.. Enumerable.Range(0, shuffles).Select(_ =>
            {
                random.Shuffle(values);
#pragma warning restore CA5394
                for (var i = 0; i < rows.Length; i++)
                {
                    rows[i][feature] = values[i];
                }

                return whole - RocCurve.Area(labels, Votes(rows));
            })];
        }
    }

    private static double Spread(double[] losses)
    {
        var mean = losses.Average();
        return Math.Sqrt(losses.Average(loss => Math.Pow(loss - mean, 2)));
    }

    private float[] Votes(float[][] rows)
    {
        var votes = new float[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var sum = 0.0;
            foreach (var tree in forestOfRow[i])
            {
                sum += tree.Vote(rows[i]);
            }

            votes[i] = (float)sum;
        }

        return votes;
    }
}

/// <summary>How much a forest leans on a feature.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Loss">Mean loss of area under the ROC curve when it is shuffled; about zero or less where it is useless.</param>
/// <param name="Spread">Standard deviation of that loss over the shuffles.</param>
internal sealed record FeatureImportance(string Name, double Loss, double Spread);
