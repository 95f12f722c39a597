using System.Globalization;

namespace SeattleWeather.CheckData;

/// <summary>How numbers are written in verdicts: invariant, but "6.3 %" rather than "6.30 %".</summary>
internal static class Formats
{
    public static CultureInfo English { get; } = Make();

    private static CultureInfo Make()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.PercentPositivePattern = 0;
        return culture;
    }
}
