using SeattleWeather;
using SeattleWeather.Preprocess;

namespace Cairn.Samples.Tests;

public sealed class PreprocessTests
{
    [Fact]
    public void Columns_come_out_in_one_order_and_strangers_are_dropped()
    {
        var clean = Clean("Weather, station ,DATE,wind,temp_min,temp_max,precipitation", "SUN,KSEA,2012-01-01,4.7,5.0,12.8,0.0");

        Assert.Equal(WeatherColumns.All, clean.Table.Columns);
        Assert.Equal(["2012-01-01", "0.0", "12.8", "5.0", "4.7", "sun"], clean.Table.Rows.Single());
    }

    [Fact]
    public void Days_come_out_in_order_and_the_later_of_two_rows_for_one_day_stands()
    {
        var clean = Clean("date,wind", "2012-01-02,2", "2012-01-01,1", "2012-01-02,3");

        Assert.Equal([["2012-01-01", "1"], ["2012-01-02", "3"]], clean.Table.Rows);
        Assert.Equal(1, clean.Duplicates);
    }

    [Theory]
    [InlineData("NA")]
    [InlineData("-9999")]
    [InlineData(" NaN ")]
    [InlineData("")]
    public void What_sources_write_for_nothing_becomes_nothing(string nothing) =>
        Assert.Equal("", Clean("date,precipitation", $"2012-01-01,{nothing}").Table.Rows[0][1]);

    [Fact]
    public void Short_gaps_in_temperature_are_filled_between_their_neighbours()
    {
        var clean = Clean("date,temp_max", "2012-01-01,10", "2012-01-02,", "2012-01-03,", "2012-01-04,16");

        Assert.Equal(["10", "12", "14", "16"], clean.Table.Rows.Select(row => row[1]));
        Assert.Equal(2, clean.Filled);
    }

    [Fact]
    public void Longer_gaps_gaps_at_the_ends_and_rain_are_left_for_the_checks_to_find()
    {
        var longer = Clean("date,temp_max", "2012-01-01,10", "2012-01-02,", "2012-01-03,", "2012-01-04,", "2012-01-05,16");
        var ends = Clean("date,temp_max", "2012-01-01,", "2012-01-02,3", "2012-01-03,");
        var rain = Clean("date,precipitation", "2012-01-01,1", "2012-01-02,", "2012-01-03,1");

        Assert.All([longer, ends, rain], clean => Assert.Equal(0, clean.Filled));
    }

    [Fact]
    public void The_real_data_need_no_repair()
    {
        var clean = Cleaner.Clean(SampleData.Years(2015));

        Assert.Equal((1461, 0, 0), (clean.Table.Rows.Count, clean.Duplicates, clean.Filled));
    }

    private static CleanData Clean(params string[] lines) => Cleaner.Clean(CsvTable.Read(new StringReader(string.Join('\n', lines)), "raw_data.csv"));
}
