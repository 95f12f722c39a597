namespace SeattleWeather.SplitData;

/// <summary>
/// Turns days into features. Every value is known on the evening of its day: nothing looks forward but the answer itself.
/// </summary>
internal static class FeatureBuilder
{
    private const int Week = 7;
    private const int LongestDrySpell = 30;

    private static readonly (string Name, Func<Moment, double> Value)[] Features =
    [
        ("precipitation", m => m.Today.Precipitation),
        ("temp_max", m => m.Today.TempMax),
        ("temp_min", m => m.Today.TempMin),
        ("temp_range", m => m.Today.TempMax - m.Today.TempMin),
        ("wind", m => m.Today.Wind),
        // The turn of the year as a point on a circle, so that 31 December lies beside 1 January.
        ("season_sin", m => Math.Sin(m.SeasonAngle)),
        ("season_cos", m => Math.Cos(m.SeasonAngle)),
        ("temp_max_change", m => m.Today.TempMax - m.Yesterday.TempMax),
        ("temp_min_change", m => m.Today.TempMin - m.Yesterday.TempMin),
        ("wind_change", m => m.Today.Wind - m.Yesterday.Wind),
        ("precipitation_3d", m => m.Last(3).Average(day => day.Precipitation)),
        ("precipitation_7d", m => m.Last(Week).Average(day => day.Precipitation)),
        ("wet_days_3d", m => m.Last(3).Count(day => day.Wet)),
        ("wet_days_7d", m => m.Last(Week).Count(day => day.Wet)),
        ("dry_spell", m => m.DrySpell),
    ];

    /// <summary>A row for each day that has an unbroken week behind it and a day after it.</summary>
    public static FeatureTable Build(IReadOnlyList<WeatherDay> days)
    {
        var byDate = days.ToDictionary(day => day.Date);
        var rows = new List<FeatureRow>();
        foreach (var day in days.OrderBy(day => day.Date))
        {
            var hasWeek = Enumerable.Range(1, Week - 1).All(back => byDate.ContainsKey(day.Date.AddDays(-back)));
            if (hasWeek && byDate.TryGetValue(day.Date.AddDays(1), out var tomorrow))
            {
                var moment = new Moment(day, byDate);
                rows.Add(new FeatureRow(day.Date, [.. Features.Select(feature => (float)feature.Value(moment))], tomorrow.Wet));
            }
        }

        return new FeatureTable([.. Features.Select(feature => feature.Name)], rows);
    }

    /// <summary>A day and its past.</summary>
    private sealed record Moment(WeatherDay Today, Dictionary<DateOnly, WeatherDay> Days)
    {
        public WeatherDay Yesterday => Days[Today.Date.AddDays(-1)];

        public double SeasonAngle => 2 * Math.PI * Today.Date.DayOfYear / 365.25;

        public IEnumerable<WeatherDay> Last(int count) => Enumerable.Range(0, count).Select(back => Days[Today.Date.AddDays(-back)]);

        public int DrySpell
        {
            get
            {
                var dry = 0;
                while (dry < LongestDrySpell && Days.TryGetValue(Today.Date.AddDays(-dry), out var day) && !day.Wet)
                {
                    dry++;
                }

                return dry;
            }
        }
    }
}
