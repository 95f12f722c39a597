using SeattleWeather;
using SeattleWeather.SplitData;

namespace Cairn.Samples.Tests;

public sealed class SplitDataTests
{
    private static readonly DateOnly Start = new(2012, 1, 1);

    [Fact]
    public void The_newest_days_are_the_test_and_nothing_that_training_knows_is_as_new()
    {
        var split = SampleData.Split(SampleData.Years(2014));

        Assert.Equal(365, split.Test.Rows.Count);
        Assert.Equal(new DateOnly(2013, 12, 31), split.Test.Rows[0].Day);
        Assert.Equal(new DateOnly(2014, 12, 30), split.Test.Rows[^1].Day);
        // The answer of a row is a fact of the following day; even that lies before the first test day.
        Assert.All(split.Train.Rows, row => Assert.True(row.Day.AddDays(1) < split.Test.Rows[0].Day));
        Assert.Equal(723, split.Train.Rows.Count);
    }

    [Fact]
    public void Splitting_again_gives_the_same_bytes()
    {
        using var work = new WorkFolder();
        SampleData.Split(SampleData.Years(2013)).Train.Write(work["a.csv"]);
        SampleData.Split(SampleData.Years(2013)).Train.Write(work["b.csv"]);
        Assert.Equal(File.ReadAllBytes(work["a.csv"]), File.ReadAllBytes(work["b.csv"]));
    }

    [Fact]
    public void A_table_read_back_holds_the_same_numbers()
    {
        using var work = new WorkFolder();
        var table = SampleData.Split(SampleData.Years(2013)).Test;
        table.Write(work["test_data.csv"]);
        var read = FeatureTable.Read(work["test_data.csv"]);

        Assert.Equal(table.Names, read.Names);
        Assert.Equal(table.Labels, read.Labels);
        Assert.Equal(table.Rows.SelectMany(row => row.Values), read.Rows.SelectMany(row => row.Values));
    }

    [Fact]
    public void Features_of_a_day_do_not_change_with_what_comes_after_it()
    {
        var days = WeatherDay.From(SampleData.Years(2013));
        var whole = FeatureBuilder.Build(days).Rows.ToDictionary(row => row.Day);
        var early = FeatureBuilder.Build([.. days.Take(200)]);

        Assert.Equal(193, early.Rows.Count);
        Assert.All(early.Rows, row => Assert.Equal(whole[row.Day].Values, row.Values));
    }

    [Fact]
    public void Features_are_what_their_names_say()
    {
        // Rain of 0, 2, 4 … mm on every second day, growing warmer by a degree a day.
        var days = Days(20, i => new WeatherDay(Start.AddDays(i), i % 2 == 0 ? i : 0, 10 + i, 5, 3 + (i % 3)));
        var table = FeatureBuilder.Build(days);
        float Value(string name) => table.Rows.Single(row => row.Day == Start.AddDays(10)).Values[table.Names.ToList().IndexOf(name)];

        Assert.Equal(10, Value("precipitation"));
        Assert.Equal(20, Value("temp_max"));
        Assert.Equal(5, Value("temp_min"));
        Assert.Equal(15, Value("temp_range"));
        Assert.Equal(1, Value("temp_max_change"));
        Assert.Equal(0, Value("temp_min_change"));
        Assert.Equal(4, Value("wind"));
        Assert.Equal(1, Value("wind_change"));
        Assert.Equal(6, Value("precipitation_3d"));
        Assert.Equal(4, Value("precipitation_7d"));
        Assert.Equal(2, Value("wet_days_3d"));
        Assert.Equal(4, Value("wet_days_7d"));
        Assert.Equal(0, Value("dry_spell"));
        Assert.Equal((float)Math.Sin(2 * Math.PI * 11 / 365.25), Value("season_sin"));
        Assert.Equal((float)Math.Cos(2 * Math.PI * 11 / 365.25), Value("season_cos"));
    }

    [Fact]
    public void A_dry_spell_counts_the_dry_days_up_to_this_one()
    {
        var table = FeatureBuilder.Build(Days(60, i => new WeatherDay(Start.AddDays(i), i is 0 or 12 ? 5 : 0, 10, 5, 3)));
        float Spell(int day) => table.Rows.Single(row => row.Day == Start.AddDays(day)).Values[table.Names.ToList().IndexOf("dry_spell")];

        Assert.Equal([8f, 0f, 1f, 30f], [Spell(8), Spell(12), Spell(13), Spell(58)]);
    }

    [Fact]
    public void The_answer_is_whether_it_rained_on_the_following_day()
    {
        var table = FeatureBuilder.Build(Days(20, i => new WeatherDay(Start.AddDays(i), i == 15 ? 1 : 0, 10, 5, 3)));

        Assert.Equal(Start.AddDays(14), table.Rows.Single(row => row.RainTomorrow).Day);
    }

    [Fact]
    public void Days_without_an_unbroken_week_before_and_a_day_after_are_left_out()
    {
        var days = Days(30, i => new WeatherDay(Start.AddDays(i), 0, 10, 5, 3)).Where(day => day.Date != Start.AddDays(15));
        var table = FeatureBuilder.Build([.. days]);

        Assert.Equal([.. Enumerable.Range(6, 8), .. Enumerable.Range(22, 7)], table.Rows.Select(row => row.Day.DayNumber - Start.DayNumber));
    }

    [Fact]
    public void A_test_that_leaves_nothing_to_train_on_is_refused()
    {
        var table = FeatureBuilder.Build(WeatherDay.From(SampleData.Years(2013)));

        Assert.Contains("test_days=800", Assert.Throws<StopException>(() => TimeSplit.At(table, 800)).Message, StringComparison.Ordinal);
        Assert.Throws<StopException>(() => TimeSplit.At(table, 0));
        Assert.Throws<StopException>(() => TimeSplit.At(table with { Rows = [] }, 10));
    }

    private static List<WeatherDay> Days(int count, Func<int, WeatherDay> day) => [.. Enumerable.Range(0, count).Select(day)];
}
