using SeattleWeather;

namespace Cairn.Samples.Tests;

public sealed class ArgumentsTests
{
    [Fact]
    public void Values_arrive_as_they_are() =>
        Assert.Equal("$(touch x); ' \"", Arguments.Parse(["--file", "$(touch x); ' \""]).Text("file"));

    [Fact]
    public void A_whole_number_may_be_written_as_a_float() =>
        Assert.Equal(100, Arguments.Parse(["--trees", "100.0"]).Whole("trees", 1));

    [Theory]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("many")]
    [InlineData("NaN")]
    [InlineData("1e99")]
    public void What_is_no_whole_number_is_refused(string text) =>
        Assert.Contains("--trees must be a whole number from 1", Refused(() => Arguments.Parse(["--trees", text]).Whole("trees", 1)), StringComparison.Ordinal);

    [Theory]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void What_is_no_number_of_the_range_is_refused(string text) =>
        Assert.Contains("--min_gain must be a number from 0 to 1", Refused(() => Arguments.Parse(["--min_gain", text]).Number("min_gain", 0, 1)), StringComparison.Ordinal);

    [Fact]
    public void What_is_missing_doubled_unpaired_or_unknown_is_refused()
    {
        Assert.Contains("--file is missing", Refused(() => Arguments.Parse([]).Text("file")), StringComparison.Ordinal);
        Assert.Contains("given twice", Refused(() => Arguments.Parse(["--a", "1", "--a", "2"])), StringComparison.Ordinal);
        Assert.Contains("come in pairs", Refused(() => Arguments.Parse(["--a"])), StringComparison.Ordinal);
        Assert.Contains("--tres is not known", Refused(() => Arguments.Parse(["--tres", "1"]).RefuseOthers()), StringComparison.Ordinal);
    }

    private static string Refused(Action action) => Assert.Throws<StopException>(action).Message;
}
