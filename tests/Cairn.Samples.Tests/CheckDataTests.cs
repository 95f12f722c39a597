using System.Globalization;
using SeattleWeather;
using SeattleWeather.CheckData;

namespace Cairn.Samples.Tests;

public sealed class CheckDataTests
{
    private static readonly CheckLimits Limits = new(MinRows: 365, MaxMissing: 0.01, MaxGapDays: 3, MaxPsi: 0.25);

    [Fact]
    public void The_first_run_says_that_there_is_no_reference_and_passes()
    {
        var results = Check(SampleData.Years(2013), reference: null);

        Assert.All(results, result => Assert.Equal(Outcome.Passed, result.Outcome));
        Assert.Contains("no reference version yet", Named(results, "distribution").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2013, 2014)]
    [InlineData(2014, 2015)]
    [InlineData(2013, 2013)]
    public void Each_real_year_passes_against_the_one_before(int reference, int now)
    {
        var results = Check(SampleData.Years(now), SampleData.Years(reference));

        Assert.DoesNotContain(results, result => result.Outcome == Outcome.Failed);
        Assert.Equal(4, Named(results, "distribution").Measured.Count);
        Assert.All(Named(results, "distribution").Measured.Values, psi => Assert.InRange(psi, 0, 0.2));
    }

    [Fact]
    public void That_drizzle_was_never_seen_in_2014_is_noted_but_stops_nothing()
    {
        var drift = Named(Check(SampleData.Years(2014), SampleData.Years(2013)), "label_drift");

        Assert.Equal(Outcome.Noted, drift.Outcome);
        Assert.True(drift.Measured["psi/weather"] > 0.25);
    }

    [Fact]
    public void A_missing_column_fails_the_schema()
    {
        var table = SampleData.Years(2013);
        var wind = table.IndexOf("wind");
        Failed(Without(table, wind), "schema", "column wind is missing");

        static CsvTable Without(CsvTable table, int column) => new(
            [.. table.Columns.Where((_, i) => i != column)],
            [.. table.Rows.Select(row => row.Where((_, i) => i != column).ToArray())]);
    }

    [Fact]
    public void Text_among_numbers_fails_the_schema() =>
        Failed(Changed("wind", (cell, row) => row % 100 == 7 ? "strong" : cell), "schema", "wind holds 8 value(s) that are no number, such as 'strong'");

    [Fact]
    public void Dates_of_another_form_fail_the_schema() =>
        Failed(Changed("date", (cell, _) => cell.Replace('-', '/')), "schema", "date holds 731 value(s) that are no date");

    [Fact]
    public void A_table_with_nothing_but_a_header_fails_the_row_count() =>
        Failed(SampleData.Years(2013) with { Rows = [] }, "row_count", "0 rows, at least 365 are needed");

    [Fact]
    public void Half_a_year_fails_the_row_count() =>
        Failed(Rows(row => row < 180), "row_count", "180 rows, at least 365 are needed");

    [Fact]
    public void Fewer_rows_than_the_reference_fail_the_row_count() =>
        Failed(SampleData.Years(2013), "row_count", "731 rows, but the reference has 1096", SampleData.Years(2014));

    [Fact]
    public void A_lost_month_fails_the_dates() =>
        Failed(Rows(row => row is < 100 or >= 130), "dates", "30 days are absent after 2012-04-09, at most 3 may be");

    [Fact]
    public void A_day_told_twice_fails_the_dates_where_preprocess_did_not_drop_it()
    {
        var table = SampleData.Years(2013);
        var results = CheckSuite.Run(table with { Rows = [.. table.Rows, table.Rows[^1]] }, null, Limits);

        Assert.Contains("2013-12-31 follows 2013-12-31", Named(results, "dates").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("precipitation")]
    [InlineData("temp_max")]
    [InlineData("weather")]
    public void Too_many_missing_values_fail(string column) =>
        Failed(Changed(column, (cell, row) => row is >= 200 and < 240 ? "" : cell), "missing_values", $"{column} lacks 5.5 % of its values, at most 1.0 % may be missing");

    [Fact]
    public void Temperatures_in_fahrenheit_fail_the_ranges() =>
        Failed(Changed("temp_max", (cell, _) => Scaled(cell, 1.8, 32)), "ranges", "temp_max is outside -20 to 45 °C");

    [Fact]
    public void Negative_rain_fails_the_ranges() =>
        Failed(Changed("precipitation", (cell, row) => row == 300 ? "-3" : cell), "ranges", "precipitation is outside 0 to 150 mm on 1 day(s), such as -3");

    [Fact]
    public void Highest_below_lowest_temperature_fails_the_ranges() =>
        Failed(Changed("temp_min", (cell, row) => row % 50 == 0 ? "29" : cell), "ranges", "temp_max is below temp_min on");

    [Fact]
    public void An_unknown_kind_of_day_fails_the_label_classes() =>
        Failed(Changed("weather", (cell, row) => row == 10 ? "hail" : cell), "label_classes", "unknown kinds: hail");

    [Fact]
    public void A_file_without_any_sunny_day_fails_the_label_classes() =>
        Failed(Changed("weather", (cell, _) => cell == "sun" ? "fog" : cell), "label_classes", "never says 'sun'");

    [Fact]
    public void Rain_every_day_fails_the_label_balance() =>
        Failed(Changed("precipitation", (cell, _) => cell is "0.0" or "0" ? "0.1" : cell), "label_balance", "rain fell on 100.0 % of the days");

    [Fact]
    public void A_new_year_of_wind_in_kilometres_per_hour_fails_the_distribution()
    {
        var spoilt = SampleData.With(SampleData.Years(2014), "wind", (cell, row) => row >= 731 ? Scaled(cell, 2.5, 0) : cell);
        Failed(spoilt, "distribution", "wind has moved: PSI", SampleData.Years(2013));
    }

    [Fact]
    public void A_new_year_from_a_warmer_place_fails_the_distribution()
    {
        var spoilt = SampleData.With(SampleData.Years(2014), "temp_min", (cell, row) => row >= 731 ? Scaled(cell, 1, 5) : cell);
        Failed(spoilt, "distribution", "temp_min has moved: PSI", SampleData.Years(2013));
    }

    [Fact]
    public void New_days_are_compared_with_the_same_months_only()
    {
        // Half a year more, January to June: against whole years every temperature would seem to have fallen.
        var table = SampleData.Years(2014);
        var results = Check(table with { Rows = [.. table.Rows.Take(731 + 181)] }, SampleData.Years(2013));

        Assert.Equal(Outcome.Passed, Named(results, "distribution").Outcome);
        Assert.StartsWith("181 new days against 363", Named(results, "distribution").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_faults_are_all_told()
    {
        var spoilt = SampleData.With(Changed("weather", (_, _) => "hail"), "precipitation", (cell, row) => row == 5 ? "999" : cell);
        var failed = Check(spoilt, null).Where(result => result.Outcome == Outcome.Failed).ToArray();

        Assert.Equal(["ranges", "label_classes"], failed.Select(result => result.Name));
        Assert.StartsWith("the checks ranges: precipitation is outside", Report.Verdict(failed), StringComparison.Ordinal);
    }

    [Fact]
    public void Days_that_lost_their_order_within_the_month_pass_every_check()
    {
        // Which is why evaluate, and not check_data alone, stands before production.
        var results = Check(SampleData.Raw("lost-clock-2012-2014.csv"), SampleData.Years(2013));
        Assert.DoesNotContain(results, result => result.Outcome == Outcome.Failed);
    }

    private static void Failed(CsvTable raw, string check, string because, CsvTable? reference = null)
    {
        var results = Check(raw, reference);
        var failed = Named(results, check);
        Assert.Equal(Outcome.Failed, failed.Outcome);
        Assert.Contains(because, failed.Detail, StringComparison.Ordinal);
        Assert.Contains($"✗ {check}", Report.Of(results), StringComparison.Ordinal);
    }

    /// <summary>As the pipeline does it: cleaned first, the reference too.</summary>
    private static IReadOnlyList<CheckResult> Check(CsvTable raw, CsvTable? reference) =>
        CheckSuite.Run(SampleData.Clean(raw), reference is null ? null : SampleData.Clean(reference), Limits);

    private static CheckResult Named(IReadOnlyList<CheckResult> results, string name) => results.Single(result => result.Name == name);

    private static CsvTable Changed(string column, Func<string, int, string> change) => SampleData.With(SampleData.Years(2013), column, change);

    private static CsvTable Rows(Func<int, bool> kept)
    {
        var table = SampleData.Years(2013);
        return table with { Rows = [.. table.Rows.Where((_, i) => kept(i))] };
    }

    private static string Scaled(string cell, double factor, double plus) =>
        Math.Round((double.Parse(cell, CultureInfo.InvariantCulture) * factor) + plus, 1).ToString(CultureInfo.InvariantCulture);
}
