using System.Text;

namespace SeattleWeather.CheckData;

/// <summary>Writes verdicts for people.</summary>
internal static class Report
{
    /// <summary>A line for each check.</summary>
    public static string Of(IReadOnlyList<CheckResult> results)
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            var sign = result.Outcome switch { Outcome.Passed => "✓", Outcome.Noted => "!", _ => "✗" };
            text.Append($"  {sign} {result.Name,-15} {result.Detail}\n");
        }

        return text.ToString();
    }

    /// <summary>The failed checks in one sentence: "the check ranges: temp_max is outside …".</summary>
    public static string Verdict(IReadOnlyList<CheckResult> failed) =>
        $"the check{(failed.Count == 1 ? "" : "s")} {string.Join("; and ", failed.Select(result => $"{result.Name}: {result.Detail}"))}";
}
