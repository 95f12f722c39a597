using SeattleWeather;
using SeattleWeather.Preprocess;
using SeattleWeather.SplitData;

namespace Cairn.Samples.Tests;

/// <summary>The committed data and the steps on the way to features.</summary>
internal static class SampleData
{
    public static CsvTable Years(int last) => Raw($"seattle-weather-2012-{last}.csv");

    public static CsvTable Raw(string file) => CsvTable.Read(PathOf(file));

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "data", file);

    public static CsvTable Clean(CsvTable raw) => Cleaner.Clean(raw).Table;

    public static TimeSplit Split(CsvTable raw) => TimeSplit.At(FeatureBuilder.Build(WeatherDay.From(Clean(raw))), testDays: 365);

    /// <summary>A copy of a table of which cells can be changed.</summary>
    public static CsvTable Copy(CsvTable table) => new(table.Columns, [.. table.Rows.Select(row => (string[])row.Clone())]);

    /// <summary>A copy with every cell of a column changed.</summary>
    public static CsvTable With(CsvTable table, string column, Func<string, int, string> change)
    {
        var copy = Copy(table);
        var position = copy.IndexOf(column);
        for (var i = 0; i < copy.Rows.Count; i++)
        {
            copy.Rows[i][position] = change(copy.Rows[i][position], i);
        }

        return copy;
    }
}
