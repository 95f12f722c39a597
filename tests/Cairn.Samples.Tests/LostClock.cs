using SeattleWeather;

namespace Cairn.Samples.Tests;

/// <summary>
/// Spoils a table as a logger does that lost its clock: within each month of the years before the last, the days change
/// places. Every month keeps its values, so no check of single columns can see it.
/// </summary>
internal static class LostClock
{
    public static CsvTable Spoil(CsvTable table)
    {
        var spoilt = SampleData.Copy(table);
        var date = spoilt.IndexOf(WeatherColumns.Date);
        var lastYear = spoilt.Rows[^1][date][..4];
        var random = new Random(2012);
        foreach (var month in spoilt.Rows.Where(row => row[date][..4] != lastYear).GroupBy(row => row[date][..7]))
        {
            var days = month.ToArray();
            var values = days.Select(row => (string[])row.Clone()).ToArray();
            random.Shuffle(values);
            for (var i = 0; i < days.Length; i++)
            {
                var own = days[i][date];
                values[i].CopyTo(days[i], 0);
                days[i][date] = own;
            }
        }

        return spoilt;
    }
}
