using Cairn.Core.Runs;

namespace Cairn.Core.Promotion;

/// <summary>Finds the checks that a run reported among its tags, summary values and metrics.</summary>
public static class CheckReader
{
    /// <summary>Ordered by name. What is told in several ways is taken from the tag, then the summary, then the metric.</summary>
    public static IReadOnlyList<CheckResult> Read(RunSnapshot run)
    {
        var found = new SortedDictionary<string, CheckResult>(StringComparer.Ordinal);
        foreach (var metric in run.Latest)
        {
            Add(metric.Key, () => (CheckResult.Read(metric.Point.Value), null));
        }

        foreach (var value in run.Summary)
        {
            Add(value.Key, () => Read(value));
        }

        foreach (var (key, value) in run.Tags)
        {
            Add(key, () => CheckResult.Read(value));
        }

        return [.. found.Values];

        void Add(string key, Func<(bool Passed, string? Detail)?> read)
        {
            if (CheckResult.NameOf(key) is { } name && read() is var (passed, detail))
            {
                found[name] = new CheckResult(name, passed, detail, run.Run.Id, run.Run.StartedAt);
            }
        }
    }

    /// <summary>The checks that an update reports as failed: name and detail.</summary>
    public static IEnumerable<(string Name, string? Detail)> FailedOf(RunUpdate update)
    {
        foreach (var tag in update.Tags)
        {
            if (CheckResult.NameOf(tag.Key) is { } name && tag.Value is { } text && CheckResult.Read(text) is (false, var detail))
            {
                yield return (name, detail);
            }
        }

        foreach (var value in update.Summary)
        {
            if (CheckResult.NameOf(value.Key) is { } name && Read(value) is (false, var detail))
            {
                yield return (name, detail);
            }
        }

        foreach (var point in update.Points)
        {
            if (CheckResult.NameOf(point.Key) is { } name && !CheckResult.Read(point.Point.Value))
            {
                yield return (name, null);
            }
        }
    }

    private static (bool Passed, string? Detail)? Read(Param value) => value.Kind switch
    {
        ParamKind.Number when value.Number is { } number => (CheckResult.Read(number), null),
        ParamKind.Null => null,
        _ => CheckResult.Read(value.Value.Trim('"')),
    };
}
