using System.Globalization;
using Cairn.Core.Runs;

namespace Cairn.Core.Search;

/// <summary>Puts runs with equal values together and says about each group what its members' values are like.</summary>
public static class RunGrouping
{
    /// <summary>Between the values of a group's key, where no value can hold it by accident; null and "" differ.</summary>
    private const char Separator = '\u001f';

    /// <param name="columns">The runs; first the fields to group by, then those to sum up.</param>
    /// <param name="by">How many of the columns are grouped by.</param>
    /// <returns>The groups, largest first, then by their values.</returns>
    public static IReadOnlyList<RunGroup> Group(RunColumns columns, int by)
    {
        var members = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var keys = columns.Columns.Take(by).ToArray();
        for (var i = 0; i < columns.Runs.Count; i++)
        {
            var key = string.Join(Separator, keys.Select(column => KeyOf(column, i) is { } text ? "=" + text : ""));
            if (!members.TryGetValue(key, out var list))
            {
                members.Add(key, list = []);
            }

            list.Add(i);
        }

        return
        [
            .. members.Values
                .Select(list => Describe(columns, by, list))
                .OrderByDescending(group => group.Runs)
                .ThenBy(group => string.Join(Separator, group.Values), StringComparer.Ordinal),
        ];
    }

    /// <summary>The condition that holds for the runs of a group.</summary>
    public static Condition Is(Field field, string? value)
    {
        if (field.Kind != FieldKind.Metric)
        {
            return value is null
                ? new Condition.Not(new Condition.Text(field, Comparison.Like, "%"))
                : RunTexts.IsTime(field) && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
                    ? new Condition.Number(field, Comparison.Equal, time)
                    : new Condition.Text(field, Comparison.Equal, value);
        }

        // A NaN counts as no value here: it is neither more nor less than anything.
        return value is null || !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? new Condition.Not(new Condition.Number(field, Comparison.GreaterOrEqual, double.NegativeInfinity))
            : new Condition.Number(field, Comparison.Equal, number);
    }

    private static string? KeyOf(RunColumn column, int row) =>
        column.Texts is { } texts ? texts[row]
        : double.IsNaN(column.Numbers[row]) ? null
        : column.Numbers[row].ToString("R", CultureInfo.InvariantCulture);

    private static RunGroup Describe(RunColumns columns, int by, List<int> rows)
    {
        var runs = rows.ConvertAll(row => columns.Runs[row]);
        return new RunGroup(
            [.. columns.Columns.Take(by).Select(column => KeyOf(column, rows[0]))],
            rows.Count,
            runs.Count(run => run.Status == RunStatus.Running),
            runs.Count(run => run.Status is RunStatus.Failed or RunStatus.Crashed),
            runs.Max(run => run.StartedAt),
            SumUp(runs.Where(run => run.Duration is not null).Select(run => (double)run.Duration!.Value), null),
            [.. columns.Columns.Skip(by).Select(column => SumUp(rows.Select(row => column.Numbers[row]), column.Texts is { } texts ? rows.Select(row => texts[row]) : null))]);
    }

    private static RunAggregate SumUp(IEnumerable<double> numbers, IEnumerable<string?>? texts)
    {
        var count = 0;
        double mean = 0, least = double.PositiveInfinity, greatest = double.NegativeInfinity;
        foreach (var number in numbers.Where(number => !double.IsNaN(number)))
        {
            count++;
            // Adding all up first could leave the range of a double.
            mean += (number - mean) / count;
            least = Math.Min(least, number);
            greatest = Math.Max(greatest, number);
        }

        var different = texts?.Where(text => text is not null).Distinct(StringComparer.Ordinal).Take(2).ToArray() ?? [];
        return new RunAggregate(
            count,
            count == 0 ? double.NaN : mean,
            count == 0 ? double.NaN : least,
            count == 0 ? double.NaN : greatest,
            different.Length == 1 ? different[0] : null);
    }
}

/// <summary>Runs that have the same values.</summary>
/// <param name="Values">The value of each field grouped by; null where the runs have none.</param>
/// <param name="Runs">How many runs.</param>
/// <param name="Running">How many of them are running.</param>
/// <param name="Failed">How many of them failed or crashed.</param>
/// <param name="LastStartedAt">When the newest of them started, Unix milliseconds.</param>
/// <param name="Duration">Milliseconds that those took which have ended.</param>
/// <param name="Aggregates">One for each field that was to be summed up.</param>
public sealed record RunGroup(
    IReadOnlyList<string?> Values,
    int Runs,
    int Running,
    int Failed,
    long LastStartedAt,
    RunAggregate Duration,
    IReadOnlyList<RunAggregate> Aggregates);

/// <summary>What the numbers of a group are like; NaN where there are none.</summary>
/// <param name="Count">Runs that have a number.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Least">Least.</param>
/// <param name="Greatest">Greatest.</param>
/// <param name="Only">The text that all runs share which have one; null for metrics, and where they differ.</param>
public readonly record struct RunAggregate(int Count, double Mean, double Least, double Greatest, string? Only);
