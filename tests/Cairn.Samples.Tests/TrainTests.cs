using SeattleWeather;
using SeattleWeather.Forest;
using SeattleWeather.TrainRandomForest;

namespace Cairn.Samples.Tests;

public sealed class TrainTests
{
    private static readonly ForestSettings Small = new(Trees: 20, Leaves: 16, MinLeaf: 8, FeatureFraction: 0.5, Seed: 1);

    [Fact]
    public void Training_again_on_the_same_days_makes_the_same_bytes()
    {
        using var work = new WorkFolder();
        var train = SampleData.Split(SampleData.Years(2013)).Train;
        ForestTrainer.Train(train, Small).Model.Save(work["a"]);
        ForestTrainer.Train(train, Small).Model.Save(work["b"]);

        Assert.All(["model.zip", "model.json"], file =>
            Assert.Equal(File.ReadAllBytes(Path.Combine(work["a"], file)), File.ReadAllBytes(Path.Combine(work["b"], file))));
    }

    [Fact]
    public void A_model_read_back_foretells_the_same_whatever_the_order_of_the_columns()
    {
        using var work = new WorkFolder();
        var split = SampleData.Split(SampleData.Years(2013));
        var model = ForestTrainer.Train(split.Train, Small).Model;
        model.Save(work["model"]);
        var read = RainModel.Load(work["model"]);

        Assert.Equal(model.Card.Features, read.Card.Features);
        Assert.Equal(Small, read.Card.Settings);
        Assert.Equal(model.Probabilities(split.Test), read.Probabilities(split.Test.Select([.. split.Test.Names.Reverse()])));
        Assert.All(read.Probabilities(split.Test), probability => Assert.InRange(probability, 0, 1));
    }

    [Fact]
    public void A_model_says_which_feature_a_table_lacks()
    {
        var split = SampleData.Split(SampleData.Years(2013));
        var model = ForestTrainer.Train(split.Train, Small).Model;
        var without = split.Test.Select([.. split.Test.Names.Where(name => name != "dry_spell")]);

        Assert.Contains("dry_spell", Assert.Throws<StopException>(() => model.Probabilities(without)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_curve_has_a_point_for_each_tree_and_ends_at_the_score_of_the_forest()
    {
        var trained = ForestTrainer.Train(SampleData.Split(SampleData.Years(2013)).Train, Small);

        Assert.Equal(Small.Trees, trained.Curve.Count);
        // Probabilities rise with scores, so both rank the days alike.
        Assert.Equal(trained.Validation.Auc, trained.Curve[^1], 1e-3);
        Assert.InRange(trained.Validation.Auc, 0.75, 0.9);
        Assert.True(trained.Curve[^1] > trained.Curve[0]);
    }

    [Fact]
    public void Rain_today_is_what_the_forest_leans_on_most()
    {
        var importance = ForestTrainer.Train(SampleData.Split(SampleData.Years(2014)).Train, Small).Importance;

        Assert.Equal(15, importance.Count);
        Assert.Equal("precipitation", importance[0].Name);
        Assert.True(importance[0].Loss > 0.02);
    }

    [Fact]
    public void Folds_are_whole_fortnights_taken_in_turn()
    {
        var table = SampleData.Split(SampleData.Years(2013)).Train;
        var folds = table.Rows.Select(row => CrossValidation.FoldOf(table, row)).ToArray();

        Assert.Equal(Enumerable.Range(0, 5 * 14).Select(i => i / 14), folds.Take(70));
        Assert.Equal(0, folds[70]);
    }

    [Fact]
    public void Days_that_are_too_few_or_all_alike_are_refused()
    {
        var train = SampleData.Split(SampleData.Years(2013)).Train;

        Assert.Throws<StopException>(() => ForestTrainer.Train(train with { Rows = [.. train.Rows.Take(50)] }, Small));
        Assert.Throws<StopException>(() => ForestTrainer.Train(train with { Rows = [.. train.Rows.Where(row => !row.RainTomorrow)] }, Small));
    }
}
