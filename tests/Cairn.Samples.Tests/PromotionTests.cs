using SeattleWeather;
using SeattleWeather.Evaluate;

namespace Cairn.Samples.Tests;

public sealed class PromotionTests
{
    private const string Days = "the 365 days to 2014-12-30";

    [Fact]
    public void The_first_model_is_promoted()
    {
        var decision = Promotion.Decide(Metric.Named("auc"), new Contender("v0", 0.7708), null, 0.005, Days);

        Assert.True(decision.Promote);
        Assert.Equal("v0 is the first model: auc 0.7708 on the 365 days to 2014-12-30.", decision.Why);
    }

    [Fact]
    public void A_better_model_is_promoted_and_the_reason_holds_both_numbers()
    {
        var decision = Decide("auc", 0.7939, 0.7708, 0.005);

        Assert.True(decision.Promote);
        Assert.Equal("v1 is better: auc 0.7939 of v1 against 0.7708 of v0 on the 365 days to 2014-12-30, a gain of 0.0231 where 0.0050 was asked for.", decision.Why);
    }

    [Theory]
    [InlineData(0.7700, 0.7708, 0, "worse")]
    [InlineData(0.7708, 0.7708, 0, "no better")]
    [InlineData(0.7712, 0.7708, 0.005, "better, but not by enough")]
    public void A_model_that_is_not_better_by_enough_is_not(double candidate, double current, double minGain, string verdict)
    {
        var decision = Decide("auc", candidate, current, minGain);

        Assert.False(decision.Promote);
        Assert.StartsWith($"v1 is {verdict}: auc {candidate:F4} of v1 against {current:F4} of v0", decision.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("log_loss", 0.5, 0.6, true)]
    [InlineData("log_loss", 0.6, 0.5, false)]
    [InlineData("brier", 0.2, 0.2, false)]
    [InlineData("accuracy", 0.75, 0.74, true)]
    [InlineData("f1", 0.7, 0.71, false)]
    public void Losses_are_better_when_they_are_less(string metric, double candidate, double current, bool promoted) =>
        Assert.Equal(promoted, Decide(metric, candidate, current, 0).Promote);

    [Fact]
    public void The_model_that_carries_prod_is_not_promoted_over_itself()
    {
        var decision = Promotion.Decide(Metric.Named("auc"), new Contender("v1", 0.8), new Contender("v1", 0.8), 0, Days);

        Assert.False(decision.Promote);
        Assert.StartsWith("v1 carries prod already", decision.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, 0.7, false)]
    [InlineData(double.NaN, double.NaN, false)]
    [InlineData(0.7, double.NaN, true)]
    public void A_model_without_a_score_loses(double candidate, double current, bool promoted) =>
        Assert.Equal(promoted, Decide("auc", candidate, current, 0.005).Promote);

    [Fact]
    public void An_unknown_metric_is_refused_with_those_that_are_known() =>
        Assert.Equal(
            "--metric must be one of auc, accuracy, f1, log_loss, brier, but is 'r2'.",
            Assert.Throws<StopException>(() => Metric.Named("r2")).Message);

    private static Promotion Decide(string metric, double candidate, double current, double minGain) =>
        Promotion.Decide(Metric.Named(metric), new Contender("v1", candidate), new Contender("v0", current), minGain, Days);
}
