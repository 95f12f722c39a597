using System.Globalization;

namespace SeattleWeather.Preprocess;

/// <summary>
/// Brings raw data into one shape: known columns in a fixed order, one spelling for what is missing, one row for a day,
/// days in order, short gaps of slow quantities filled. It repairs but does not judge: what it cannot repair stays as it
/// is, for check_data to find.
/// </summary>
internal static class Cleaner
{
    private const int LongestFilledGap = 2;

    /// <summary>How sources write "no value"; -9999 and 9999 are NOAA's.</summary>
    private static readonly HashSet<string> Missing = new(StringComparer.OrdinalIgnoreCase) { "", "na", "n/a", "nan", "null", "none", "-", "-9999", "9999" };

    /// <summary>Rain comes and goes within a day; a mean of its neighbours would be an invention.</summary>
    private static readonly string[] Fillable = [WeatherColumns.TempMax, WeatherColumns.TempMin, WeatherColumns.Wind];

    public static CleanData Clean(CsvTable raw)
    {
        var names = raw.Columns.Select(name => name.Trim().ToLowerInvariant()).ToList();
        var columns = WeatherColumns.All.Where(names.Contains).ToArray();
        var positions = columns.Select(name => names.IndexOf(name)).ToArray();
        var rows = raw.Rows.Select(row => positions.Select(p => Cell(row[p])).ToArray()).ToList();

        var table = new CsvTable(columns, rows);
        var weather = table.IndexOf(WeatherColumns.Weather);
        foreach (var row in rows.Where(_ => weather >= 0))
        {
            row[weather] = row[weather].ToLowerInvariant();
        }

        var date = table.IndexOf(WeatherColumns.Date);
        if (date < 0)
        {
            return new CleanData(table, 0, 0);
        }

        // Of two rows for one day the later one stands: sources append their corrections.
        var unique = rows.Where((row, i) => row[date].Length == 0 || rows.FindLastIndex(other => other[date] == row[date]) == i);
        table = table with { Rows = [.. unique.OrderBy(row => row[date], StringComparer.Ordinal)] };
        var filled = Fillable.Select(table.IndexOf).Where(column => column >= 0).Sum(column => FillGaps(table.Rows, column));
        return new CleanData(table, rows.Count - table.Rows.Count, filled);
    }

    private static string Cell(string cell)
    {
        var text = cell.Trim();
        return Missing.Contains(text) ? "" : text;
    }

    private static int FillGaps(IReadOnlyList<string[]> rows, int column)
    {
        var filled = 0;
        for (var i = 1; i < rows.Count; i++)
        {
            var end = i;
            while (end < rows.Count && rows[end][column].Length == 0)
            {
                end++;
            }

            var gap = end - i;
            if (gap is > 0 and <= LongestFilledGap && end < rows.Count
                && WeatherColumns.TryNumber(rows[i - 1][column], out var before) && WeatherColumns.TryNumber(rows[end][column], out var after))
            {
                for (var k = 0; k < gap; k++)
                {
                    var value = before + ((after - before) * (k + 1) / (gap + 1));
                    rows[i + k][column] = Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
                    filled++;
                }
            }

            i = end;
        }

        return filled;
    }
}

/// <summary>The cleaned table and what was done to it.</summary>
/// <param name="Table">The table.</param>
/// <param name="Duplicates">Rows dropped because a later one tells of the same day.</param>
/// <param name="Filled">Values put in between their neighbours.</param>
internal sealed record CleanData(CsvTable Table, int Duplicates, int Filled);
