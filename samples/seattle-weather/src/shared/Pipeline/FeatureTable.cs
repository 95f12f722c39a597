using System.Globalization;

namespace SeattleWeather;

/// <summary>What a model learns from: one row for each day, with what is known that evening and whether it rained the day after.</summary>
/// <param name="Names">Names of the features, in the order of <see cref="FeatureRow.Values"/>.</param>
/// <param name="Rows">Rows in order of time.</param>
public sealed record FeatureTable(IReadOnlyList<string> Names, IReadOnlyList<FeatureRow> Rows)
{
    /// <summary>The column that holds the answer.</summary>
    public const string Target = "rain_tomorrow";

    /// <summary>Share of days after which it rained; NaN for an empty table.</summary>
    public double RainShare => Rows.Count == 0 ? double.NaN : Rows.Count(row => row.RainTomorrow) / (double)Rows.Count;

    /// <summary>The answers, row by row.</summary>
    public bool[] Labels => [.. Rows.Select(row => row.RainTomorrow)];

    /// <summary>Reads a table that <see cref="Write"/> wrote.</summary>
    public static FeatureTable Read(string path)
    {
        var csv = CsvTable.Read(path);
        if (csv.Columns.Count < 3 || csv.Columns[0] != WeatherColumns.Date || csv.Columns[^1] != Target)
        {
            throw new StopException($"{Path.GetFileName(path)} is not a feature table: it should begin with {WeatherColumns.Date} and end with {Target}.");
        }

        var names = csv.Columns.Skip(1).Take(csv.Columns.Count - 2).ToArray();
        return new FeatureTable(names, [.. csv.Rows.Select(row => ReadRow(row, names.Length))]);
    }

    /// <summary>Writes the table; reading it back gives the same numbers to the last bit.</summary>
    public void Write(string path) =>
        new CsvTable(
            [WeatherColumns.Date, .. Names, Target],
            [.. Rows.Select(row => (string[])
            [
                row.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                .. row.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)),
                row.RainTomorrow ? "1" : "0",
            ])]).Write(path);

    /// <summary>The same rows with only these features, in this order.</summary>
    public FeatureTable Select(IReadOnlyList<string> names)
    {
        if (names.SequenceEqual(Names))
        {
            return this;
        }

        var own = Names.ToList();
        var missing = names.Where(name => !own.Contains(name)).ToArray();
        if (missing.Length > 0)
        {
            throw new StopException($"The table lacks the feature(s) {string.Join(", ", missing)} that the model asks for.");
        }

        var positions = names.Select(name => own.IndexOf(name)).ToArray();
        return new FeatureTable(names, [.. Rows.Select(row => row with { Values = [.. positions.Select(p => row.Values[p])] })]);
    }

    private static FeatureRow ReadRow(string[] cells, int features) => new(
        DateOnly.ParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture),
        [.. cells.Skip(1).Take(features).Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))],
        cells[^1] == "1");
}

/// <summary>One day of a <see cref="FeatureTable"/>.</summary>
/// <param name="Day">The day on whose evening the forecast is made.</param>
/// <param name="Values">What is known by then.</param>
/// <param name="RainTomorrow">Whether it rained on the following day.</param>
public sealed record FeatureRow(DateOnly Day, float[] Values, bool RainTomorrow);
