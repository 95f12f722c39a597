using System.Globalization;

namespace SeattleWeather.CheckData;

/// <summary>The checks, in the order in which they are made. All of them are made, so that one run tells every fault.</summary>
internal static class CheckSuite
{
    /// <summary>What the instruments can show in Seattle, with room for records: a value outside is a fault, not weather.</summary>
    private static readonly Dictionary<string, (double Least, double Most, string Unit)> Ranges = new()
    {
        [WeatherColumns.Precipitation] = (0, 150, "mm"),
        [WeatherColumns.TempMax] = (-20, 45, "°C"),
        [WeatherColumns.TempMin] = (-25, 30, "°C"),
        [WeatherColumns.Wind] = (0, 25, "m/s"),
    };

    /// <summary>Seattle has rain on four days of ten; a file far from that is not Seattle, or not its rain.</summary>
    private static readonly (double Least, double Most) WetShare = (0.25, 0.65);

    public static IReadOnlyList<CheckResult> Run(CsvTable table, CsvTable? reference, CheckLimits limits)
    {
        var schema = Schema(table);
        if (schema.Outcome == Outcome.Failed)
        {
            // The other checks read columns by name and type; without those they would only repeat this one.
            return [schema];
        }

        return
        [
            schema,
            RowCount(table, reference, limits),
            Dates(table, limits),
            MissingValues(table, limits),
            InRange(table),
            LabelClasses(table),
            LabelBalance(table),
            .. DistributionCheck.Run(table, reference, limits),
        ];
    }

    private static CheckResult Schema(CsvTable table)
    {
        var faults = WeatherColumns.All.Where(name => table.IndexOf(name) < 0).Select(name => $"column {name} is missing").ToList();
        foreach (var name in WeatherColumns.All.Where(name => name != WeatherColumns.Weather && table.IndexOf(name) >= 0))
        {
            var column = table.IndexOf(name);
            var isDate = name == WeatherColumns.Date;
            var wrong = table.Rows.Where(row => isDate
                ? !WeatherColumns.TryDate(row[column], out _)
                : row[column].Length > 0 && !WeatherColumns.TryNumber(row[column], out _)).ToArray();
            if (wrong.Length > 0)
            {
                faults.Add($"{name} holds {wrong.Length} value(s) that are no {(isDate ? "date" : "number")}, such as '{wrong[0][column]}'");
            }
        }

        return CheckResult.Of("schema", faults, $"{table.Columns.Count} columns of the right types");
    }

    private static CheckResult RowCount(CsvTable table, CsvTable? reference, CheckLimits limits)
    {
        var faults = new List<string>();
        if (table.Rows.Count < limits.MinRows)
        {
            faults.Add($"{table.Rows.Count} rows, at least {limits.MinRows} are needed");
        }

        if (reference is not null && table.Rows.Count < reference.Rows.Count)
        {
            faults.Add($"{table.Rows.Count} rows, but the reference has {reference.Rows.Count}: data went missing");
        }

        return CheckResult.Of("row_count", faults, $"{table.Rows.Count} rows") with
        {
            Measured = new Dictionary<string, double> { ["rows"] = table.Rows.Count },
        };
    }

    private static CheckResult Dates(CsvTable table, CheckLimits limits)
    {
        var dates = Column(table, WeatherColumns.Date).Select(cell => WeatherColumns.TryDate(cell, out var date) ? date : default).ToArray();
        var faults = new List<string>();
        for (var i = 1; i < dates.Length; i++)
        {
            var step = dates[i].DayNumber - dates[i - 1].DayNumber;
            if (step <= 0)
            {
                faults.Add($"{dates[i]:yyyy-MM-dd} follows {dates[i - 1]:yyyy-MM-dd}");
            }
            else if (step - 1 > limits.MaxGapDays)
            {
                faults.Add($"{step - 1} days are absent after {dates[i - 1]:yyyy-MM-dd}, at most {limits.MaxGapDays} may be");
            }
        }

        return CheckResult.Of("dates", faults, dates.Length == 0 ? "no dates" : $"{dates[0]:yyyy-MM-dd} to {dates[^1]:yyyy-MM-dd}, in order");
    }

    private static CheckResult MissingValues(CsvTable table, CheckLimits limits)
    {
        var shares = WeatherColumns.All.ToDictionary(
            name => name, name => table.Rows.Count == 0 ? 0 : Column(table, name).Count(cell => cell.Length == 0) / (double)table.Rows.Count);
        var faults = shares.Where(share => share.Value > limits.MaxMissing)
            .Select(share => Text($"{share.Key} lacks {share.Value:P1} of its values, at most {limits.MaxMissing:P1} may be missing")).ToArray();
        return CheckResult.Of("missing_values", faults, Text($"at most {shares.Values.Max():P1} in a column")) with
        {
            Measured = shares.ToDictionary(share => $"missing/{share.Key}", share => share.Value),
        };
    }

    private static CheckResult InRange(CsvTable table)
    {
        var faults = new List<string>();
        foreach (var (name, (least, most, unit)) in Ranges)
        {
            var wrong = Numbers(table, name).Where(value => value < least || value > most).ToArray();
            if (wrong.Length > 0)
            {
                faults.Add(Text($"{name} is outside {least} to {most} {unit} on {wrong.Length} day(s), such as {wrong[0]}"));
            }
        }

        var max = table.IndexOf(WeatherColumns.TempMax);
        var min = table.IndexOf(WeatherColumns.TempMin);
        var turned = table.Rows.Count(row =>
            WeatherColumns.TryNumber(row[max], out var high) && WeatherColumns.TryNumber(row[min], out var low) && high < low);
        if (turned > 0)
        {
            faults.Add($"temp_max is below temp_min on {turned} day(s)");
        }

        return CheckResult.Of("ranges", faults, $"{Ranges.Count} columns within what the instruments can show");
    }

    private static CheckResult LabelClasses(CsvTable table)
    {
        var kinds = Column(table, WeatherColumns.Weather).Where(cell => cell.Length > 0).ToHashSet();
        var faults = new List<string>();
        var unknown = kinds.Except(WeatherColumns.Kinds).Order(StringComparer.Ordinal).ToArray();
        if (unknown.Length > 0)
        {
            faults.Add($"weather holds unknown kinds: {string.Join(", ", unknown)}; known are {string.Join(", ", WeatherColumns.Kinds)}");
        }

        if (!kinds.Contains("rain") || !kinds.Contains("sun"))
        {
            faults.Add("weather never says 'rain' or never says 'sun'");
        }

        return CheckResult.Of("label_classes", faults, string.Join(", ", kinds.Order(StringComparer.Ordinal)));
    }

    private static CheckResult LabelBalance(CsvTable table)
    {
        var rain = Numbers(table, WeatherColumns.Precipitation).ToArray();
        var share = rain.Length == 0 ? 0 : rain.Count(value => value > 0) / (double)rain.Length;
        string[] faults = share >= WetShare.Least && share <= WetShare.Most
            ? []
            : [Text($"rain fell on {share:P1} of the days, expected are {WetShare.Least:P0} to {WetShare.Most:P0}")];
        return CheckResult.Of("label_balance", faults, Text($"rain fell on {share:P1} of the days")) with
        {
            Measured = new Dictionary<string, double> { ["wet_share"] = share },
        };
    }

    private static IEnumerable<string> Column(CsvTable table, string name)
    {
        var column = table.IndexOf(name);
        return table.Rows.Select(row => row[column]);
    }

    private static IEnumerable<double> Numbers(CsvTable table, string name) =>
        Column(table, name).Where(cell => cell.Length > 0).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture));

    private static string Text(FormattableString text) => text.ToString(Formats.English);
}
