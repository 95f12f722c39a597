using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Core.Search;

namespace Cairn.Wandb.Runs;

/// <summary>
/// A condition that every run fulfils which a filter lets through. The store finds these by its indexes, and only they are
/// looked at one by one: the filters speak of typed, nested values, which only the runs themselves hold.
/// </summary>
/// <param name="isMeasured">Whether a key of the summary is nothing but the newest point of a series, in every run.</param>
internal sealed class NarrowFilter(Func<string, bool> isMeasured)
{
    /// <summary>The keys of the summary that a filter speaks of.</summary>
    public static IEnumerable<string> SummaryKeys(JsonElement filter) => filter.ValueKind switch
    {
        JsonValueKind.Array => filter.EnumerateArray().SelectMany(SummaryKeys),
        JsonValueKind.Object => filter.EnumerateObject().SelectMany(member => RunValues.SummaryKey(member.Name) is { } key ? [key] : SummaryKeys(member.Value)),
        _ => [],
    };

    /// <summary>Null where nothing is known of what the filter lets through.</summary>
    public Condition? Of(JsonElement filter) => filter.ValueKind == JsonValueKind.Object ? All(filter.EnumerateObject().Select(member => Part(member.Name, member.Value))) : null;

    private Condition? Part(string name, JsonElement value) => name switch
    {
        "$and" when value.ValueKind == JsonValueKind.Array => All(value.EnumerateArray().Select(Of)),
        "$or" when value.ValueKind == JsonValueKind.Array => Any(value.EnumerateArray().Select(Of)),
        ['$', ..] => null,
        _ when value.ValueKind == JsonValueKind.Object => All(value.EnumerateObject().Select(test => Test(name, test.Name, test.Value))),
        _ => Equal(name, value),
    };

    private Condition? Test(string name, string operation, JsonElement value) => operation switch
    {
        "$eq" => Equal(name, value),
        "$in" when value.ValueKind == JsonValueKind.Array => Any(value.EnumerateArray().Select(one => Equal(name, one))),
        "$gt" => Number(name, Comparison.Greater, value),
        "$gte" => Number(name, Comparison.GreaterOrEqual, value),
        "$lt" => Number(name, Comparison.Less, value),
        "$lte" => Number(name, Comparison.LessOrEqual, value),
        _ => null,
    };

    private Condition? Equal(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return Number(name, Comparison.Equal, value);
        }

        if (RunValues.ConfigKeys(name) is { } keys)
        {
            var text = value.ValueKind switch { JsonValueKind.String => value.GetString(), JsonValueKind.True => "true", JsonValueKind.False => "false", _ => null };
            return text is null ? null : Any(keys.Select(key => Is(Field.Param(key), text)));
        }

        return value.ValueKind == JsonValueKind.String ? Equal(name, value.GetString()!) : null;
    }

    private static Condition? Equal(string name, string text) => name switch
    {
        "display_name" or "displayName" => Is(Field.Of(RecordAttribute.Name), text),
        "jobType" or "job_type" => Is(Field.Of(RecordAttribute.JobType), text),
        "state" => StateWord(text) is { } word ? Is(Field.Of(RecordAttribute.Status), word) : null,
        "sweep" or "sweepName" => Is(Field.Tag(RunLabels.Sweep), text),
        "notes" => Is(Field.Tag(RunLabels.Notes), text),
        "host" => Is(Field.Tag(RunLabels.Host), text),
        "commit" => Is(Field.Tag(RunLabels.Commit), text),
        "tags" => Label(text),
        _ => null,
    };

    // "team=vision" is the label of a tag with a value, or of a tag of that name without one.
    private static Condition? Label(string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        var bare = Is(Field.Tag(label), "");
        return equals > 0 ? new Condition.Or([bare, Is(Field.Tag(label[..equals]), label[(equals + 1)..])]) : bare;
    }

    private Condition? Number(string name, Comparison comparison, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number || !double.IsFinite(value.GetDouble()))
        {
            return null;
        }

        var number = value.GetDouble();
        return RunValues.ConfigKeys(name) is { } keys ? Any(keys.Select(key => new Condition.Number(Field.Param(key), comparison, number)))
            : RunValues.SummaryKey(name) is { } metric && isMeasured(metric) ? new Condition.Number(Field.Metric(metric), comparison, number)
            : null;
    }

    private static string? StateWord(string state) => state switch
    {
        "pending" => SearchWords.Of(RunStatus.Scheduled),
        "running" => SearchWords.Of(RunStatus.Running),
        "finished" => SearchWords.Of(RunStatus.Finished),
        "failed" or "crashed" => SearchWords.Of(RunStatus.Failed),
        "killed" => SearchWords.Of(RunStatus.Killed),
        _ => null,
    };

    private static Condition.Text Is(Field field, string text) => new(field, Comparison.Equal, text);

    private static Condition? All(IEnumerable<Condition?> parts) =>
        parts.OfType<Condition>().ToList() is { Count: > 0 } known ? known.Count == 1 ? known[0] : new Condition.And(known) : null;

    private static Condition? Any(IEnumerable<Condition?> parts)
    {
        var all = parts.ToList();
        return all.Count > 0 && all.TrueForAll(part => part is not null) ? all.Count == 1 ? all[0] : new Condition.Or([.. all.OfType<Condition>()]) : null;
    }
}
