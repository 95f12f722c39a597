using System.Globalization;
using System.Text;

namespace SeattleWeather.Evaluate;

/// <summary>The forecasts, day by day, as CSV.</summary>
internal static class Predictions
{
    public static string Csv(FeatureTable table, JudgedModel candidate, JudgedModel? current)
    {
        var text = new StringBuilder($"date,rain_tomorrow,{candidate.Version}{(current is null ? "" : $",{current.Version}_{Registry.Production}")}\n");
        for (var i = 0; i < table.Rows.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{table.Rows[i].Day:yyyy-MM-dd},{(table.Rows[i].RainTomorrow ? 1 : 0)},{candidate.Probabilities[i]:F4}");
            if (current is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $",{current.Probabilities[i]:F4}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
