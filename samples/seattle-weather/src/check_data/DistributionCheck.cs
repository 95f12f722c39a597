using System.Globalization;

namespace SeattleWeather.CheckData;

/// <summary>
/// Compares what is new with the reference version. Only days after the reference's end are looked at (the days both hold
/// would drown them), and only with the same months of the reference, or every half year would look like a climate change.
/// </summary>
internal static class DistributionCheck
{
    private const int FewestDays = 60;

    public static IEnumerable<CheckResult> Run(CsvTable table, CsvTable? reference, CheckLimits limits)
    {
        const string name = "distribution";
        if (reference is null)
        {
            return [new CheckResult(name, Outcome.Passed, "there is no reference version yet, so nothing to compare with")];
        }

        var referenceEnd = Dates(reference).DefaultIfEmpty().Max();
        var news = Rows(table, date => date > referenceEnd);
        var what = $"{news.Count} new days";
        if (news.Count < FewestDays)
        {
            news = table.Rows;
            what = $"all {news.Count} days ({FewestDays} new ones would be needed to compare them alone)";
        }

        var months = news.Select(row => Date(table, row).Month).ToHashSet();
        var known = Rows(reference, date => months.Contains(date.Month));
        if (news.Count == 0 || known.Count == 0)
        {
            return [new CheckResult(name, Outcome.Failed, "the reference has no day in the months of the new data, so they cannot be compared")];
        }

        var numbers = WeatherColumns.Numbers.ToDictionary(
            column => column,
            column => StabilityIndex.OfNumbers(Numbers(reference, known, column), Numbers(table, news, column)));
        var faults = numbers.Where(psi => psi.Value > limits.MaxPsi)
            .Select(psi => Text($"{psi.Key} has moved: PSI {psi.Value:F3}, at most {limits.MaxPsi:F2} is allowed")).ToArray();
        var worst = numbers.MaxBy(psi => psi.Value);
        return
        [
            CheckResult.Of(name, faults, Text($"{what} against {known.Count} of the reference: greatest PSI {worst.Value:F3} ({worst.Key})")) with
            {
                Measured = numbers.ToDictionary(psi => $"psi/{psi.Key}", psi => psi.Value),
            },
            Kinds(Texts(reference, known), Texts(table, news), limits),
        ];
    }

    /// <summary>The kind of day is no input of the model: if observers change their habits, people should know, but nothing breaks.</summary>
    private static CheckResult Kinds(IReadOnlyList<string> known, IReadOnlyList<string> news, CheckLimits limits)
    {
        var psi = StabilityIndex.OfWords(known, news);
        double Share(IReadOnlyList<string> cells, string kind) => cells.Count == 0 ? 0 : cells.Count(cell => cell == kind) / (double)cells.Count;
        var moved = WeatherColumns.Kinds.MaxBy(kind => Math.Abs(Share(news, kind) - Share(known, kind)))!;
        var detail = Text($"PSI {psi:F3}; {moved} went from {Share(known, moved):P1} to {Share(news, moved):P1} of the days");
        return new CheckResult("label_drift", psi > limits.MaxPsi ? Outcome.Noted : Outcome.Passed, detail)
        {
            Measured = new Dictionary<string, double> { ["psi/weather"] = psi },
        };
    }

    private static DateOnly Date(CsvTable table, string[] row) =>
        WeatherColumns.TryDate(row[table.IndexOf(WeatherColumns.Date)], out var date) ? date : default;

    private static IEnumerable<DateOnly> Dates(CsvTable table) => table.Rows.Select(row => Date(table, row));

    private static IReadOnlyList<string[]> Rows(CsvTable table, Func<DateOnly, bool> wanted) =>
        [.. table.Rows.Where(row => wanted(Date(table, row)))];

    private static double[] Numbers(CsvTable table, IReadOnlyList<string[]> rows, string column)
    {
        var position = table.IndexOf(column);
        return [.. rows.Where(row => row[position].Length > 0).Select(row => double.Parse(row[position], CultureInfo.InvariantCulture))];
    }

    private static IReadOnlyList<string> Texts(CsvTable table, IReadOnlyList<string[]> rows)
    {
        var position = table.IndexOf(WeatherColumns.Weather);
        return [.. rows.Select(row => row[position])];
    }

    private static string Text(FormattableString text) => text.ToString(Formats.English);
}
