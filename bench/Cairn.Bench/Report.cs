namespace Cairn.Bench;

/// <summary>Collects figures and says which reach their goal.</summary>
internal sealed class Report
{
    private readonly List<(string Name, double Value, string Unit, double? Goal, bool AtLeast, string Remark)> rows = [];

    public void AtLeast(string name, double value, string unit, double goal, string remark = "") => Add(name, value, unit, goal, true, remark);

    public void AtMost(string name, double value, string unit, double goal, string remark = "") => Add(name, value, unit, goal, false, remark);

    public void Note(string name, double value, string unit, string remark = "") => Add(name, value, unit, null, true, remark);

    /// <summary>Prints the table; true where every goal is reached.</summary>
    public bool Print()
    {
        Console.WriteLine();
        Console.WriteLine($"{"case",-44} {"figure",12} {"",-10} {"goal",12}  ");
        foreach (var row in rows)
        {
            var goal = row.Goal is { } value ? $"{(row.AtLeast ? "≥" : "≤")} {value:#,0.##}" : "";
            var mark = row.Goal is null ? " " : Reached(row) ? "✔" : "✘";
            Console.WriteLine($"{row.Name,-44} {row.Value,12:#,0.##} {row.Unit,-10} {goal,12} {mark} {row.Remark}");
        }

        return rows.TrueForAll(Reached);
    }

    private void Add(string name, double value, string unit, double? goal, bool atLeast, string remark)
    {
        rows.Add((name, value, unit, goal, atLeast, remark));
        Console.WriteLine($"  {name}: {value:#,0.##} {unit} {remark}");
    }

    private static bool Reached((string Name, double Value, string Unit, double? Goal, bool AtLeast, string Remark) row) =>
        row.Goal is not { } goal || (row.AtLeast ? row.Value >= goal : row.Value <= goal);
}
