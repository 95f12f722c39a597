using SeattleWeather.Forest;

namespace Cairn.Samples.Tests;

public sealed class ScoresTests
{
    private static readonly bool[] Labels = [true, true, false, false];

    [Theory]
    [InlineData(new[] { 0.9f, 0.8f, 0.2f, 0.1f }, 1.0)]
    [InlineData(new[] { 0.1f, 0.2f, 0.8f, 0.9f }, 0.0)]
    [InlineData(new[] { 0.5f, 0.5f, 0.5f, 0.5f }, 0.5)]
    [InlineData(new[] { 0.9f, 0.3f, 0.6f, 0.1f }, 0.75)]
    [InlineData(new[] { 0.9f, 0.5f, 0.5f, 0.1f }, 0.875)]
    public void The_area_is_the_share_of_pairs_in_the_right_order(float[] scores, double area) =>
        Assert.Equal(area, RocCurve.Area(Labels, scores), 1e-12);

    [Fact]
    public void The_area_is_no_number_where_all_days_are_alike() =>
        Assert.Equal(double.NaN, RocCurve.Area([true, true], [0.1f, 0.2f]));

    [Fact]
    public void Scores_are_what_their_names_say()
    {
        var scores = Scores.Of(Labels, [0.9f, 0.3f, 0.6f, 0.1f]);

        Assert.Equal(0.5, scores.Accuracy);
        Assert.Equal(0.5, scores.Precision);
        Assert.Equal(0.5, scores.Recall);
        Assert.Equal(0.5, scores.F1);
        Assert.Equal((0.01 + 0.49 + 0.36 + 0.01) / 4, scores.Brier, 1e-6);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.3) + Math.Log(0.4) + Math.Log(0.9)) / 4, scores.LogLoss, 1e-6);
        Assert.Equal(new Confusion(1, 1, 1, 1), Confusion.Of(Labels, [0.9f, 0.3f, 0.6f, 0.1f]));
    }
}
