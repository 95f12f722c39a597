using SeattleWeather;
using SeattleWeather.Evaluate;
using SeattleWeather.Forest;
using SeattleWeather.SplitData;
using SeattleWeather.TrainRandomForest;

namespace Cairn.Samples.Tests;

/// <summary>What the demo tells must be so, and not by the luck of one seed.</summary>
public sealed class CyclesTests
{
    private const double MinGain = 0.005;

    private static readonly TimeSplit To2013 = SampleData.Split(SampleData.Years(2013));
    private static readonly TimeSplit To2014 = SampleData.Split(SampleData.Years(2014));
    private static readonly TimeSplit To2015 = SampleData.Split(SampleData.Years(2015));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_second_year_makes_a_better_model_and_a_third_year_does_not(int seed)
    {
        var (v0, v1, v2) = (Train(To2013, seed), Train(To2014, seed), Train(To2015, seed));

        Assert.True(Auc(v1, To2014) - Auc(v0, To2014) > 2 * MinGain);
        Assert.True(Auc(v2, To2015) - Auc(v1, To2015) < MinGain);
    }

    [Fact]
    public void The_gain_of_the_second_year_is_not_the_luck_of_the_days()
    {
        var (v0, v1) = (Train(To2013, 1), Train(To2014, 1));
        var interval = GainInterval.Of(Metric.Named("auc"), To2014.Test.Labels, v1.Probabilities(To2014.Test), v0.Probabilities(To2014.Test), seed: 1);

        Assert.True(interval.Low > 0, $"{interval}");
        Assert.True(interval.High > interval.Low);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_model_from_a_logger_that_lost_its_clock_is_worse(int seed)
    {
        var spoilt = SampleData.Split(SampleData.Raw("lost-clock-2012-2014.csv"));
        Assert.Equal(To2014.Test.Rows.Skip(7).SelectMany(row => row.Values), spoilt.Test.Rows.Skip(7).SelectMany(row => row.Values));

        var (v0, v1, lost) = (Train(To2013, seed), Train(To2014, seed), Train(spoilt, seed));
        Assert.True(Auc(lost, spoilt) < Auc(v0, spoilt) - 0.005, $"{Auc(lost, spoilt)} against {Auc(v0, spoilt)} of v0");
        Assert.True(Auc(lost, spoilt) < Auc(v1, spoilt) - 0.02, $"{Auc(lost, spoilt)} against {Auc(v1, spoilt)} of v1");
    }

    [Fact]
    public void The_spoilt_file_is_what_its_description_says()
    {
        using var work = new WorkFolder();
        LostClock.Spoil(SampleData.Years(2014)).Write(work["spoilt.csv"]);

        Assert.Equal(File.ReadAllText(work["spoilt.csv"]), File.ReadAllText(SampleData.PathOf("lost-clock-2012-2014.csv")));
    }

    private static RainModel Train(TimeSplit split, int seed) =>
        ForestTrainer.Train(split.Train, new ForestSettings(Trees: 100, Leaves: 16, MinLeaf: 8, FeatureFraction: 0.5, seed)).Model;

    private static double Auc(RainModel model, TimeSplit split) => Scores.Of(split.Test.Labels, model.Probabilities(split.Test)).Auc;
}
