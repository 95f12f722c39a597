using System.Globalization;

namespace SeattleWeather;

/// <summary>The columns of a day of weather, as the source names them.</summary>
public static class WeatherColumns
{
    /// <summary>Day, as 2012-01-31.</summary>
    public const string Date = "date";

    /// <summary>Rain and melted snow, millimetres.</summary>
    public const string Precipitation = "precipitation";

    /// <summary>Highest temperature, degrees Celsius.</summary>
    public const string TempMax = "temp_max";

    /// <summary>Lowest temperature, degrees Celsius.</summary>
    public const string TempMin = "temp_min";

    /// <summary>Mean wind, metres per second.</summary>
    public const string Wind = "wind";

    /// <summary>Kind of day, one of <see cref="Kinds"/>.</summary>
    public const string Weather = "weather";

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<string> All { get; } = [Date, Precipitation, TempMax, TempMin, Wind, Weather];

    /// <summary>Those that hold numbers.</summary>
    public static IReadOnlyList<string> Numbers { get; } = [Precipitation, TempMax, TempMin, Wind];

    /// <summary>The words <see cref="Weather"/> may hold.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["drizzle", "fog", "rain", "snow", "sun"];

    /// <summary>Reads a number as the files write it.</summary>
    public static bool TryNumber(string cell, out double number) =>
        double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>Reads a date as the files write it.</summary>
    public static bool TryDate(string cell, out DateOnly date) =>
        DateOnly.TryParseExact(cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
