namespace SeattleWeather;

/// <summary>One complete day of clean data.</summary>
public sealed record WeatherDay(DateOnly Date, double Precipitation, double TempMax, double TempMin, double Wind)
{
    /// <summary>Whether anything fell from the sky.</summary>
    public bool Wet => Precipitation > 0;

    /// <summary>The days of a clean table; days with a missing value are left out.</summary>
    public static IReadOnlyList<WeatherDay> From(CsvTable table)
    {
        var date = table.IndexOf(WeatherColumns.Date);
        var numbers = WeatherColumns.Numbers.Select(table.IndexOf).ToArray();
        if (date < 0 || numbers.Contains(-1))
        {
            throw new StopException($"The table needs the columns {string.Join(", ", [WeatherColumns.Date, .. WeatherColumns.Numbers])}; it has {string.Join(", ", table.Columns)}.");
        }

        var days = new List<WeatherDay>(table.Rows.Count);
        foreach (var row in table.Rows)
        {
            if (WeatherColumns.TryDate(row[date], out var day)
                && WeatherColumns.TryNumber(row[numbers[0]], out var precipitation)
                && WeatherColumns.TryNumber(row[numbers[1]], out var max)
                && WeatherColumns.TryNumber(row[numbers[2]], out var min)
                && WeatherColumns.TryNumber(row[numbers[3]], out var wind))
            {
                days.Add(new WeatherDay(day, precipitation, max, min, wind));
            }
        }

        return days;
    }
}
