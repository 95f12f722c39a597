using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Runs;

/// <summary>
/// The filters of <c>Api.runs</c>: JSON in MongoDB's manner, such as
/// <c>{"$and": [{"config.lr": {"$gt": 0.1}}, {"tags": {"$in": ["best"]}}]}</c>.
/// </summary>
internal sealed class RunFilter
{
    private const int GreatestDepth = 16;
    // Far beyond what a text of a run takes: time also passes where other work has the processor.
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(5);

    private readonly Func<RunSnapshot, bool>? test;

    private readonly string json;

    private RunFilter(Func<RunSnapshot, bool>? test, string json = "{}") => (this.test, this.json) = (test, json);

    public bool IsEmpty => test is null;

    public bool Matches(RunSnapshot run) => test is null || test(run);

    public static RunFilter Parse(string? json)
    {
        if (string.IsNullOrWhiteSpace(json) || json == "null")
        {
            return new RunFilter(null);
        }

        using var document = LenientJson.Parse(json, "filters");
        return document.RootElement.ValueKind == JsonValueKind.Object && !document.RootElement.EnumerateObject().Any()
            ? new RunFilter(null)
            : new RunFilter(All(document.RootElement, 0), json);
    }

    /// <summary>What the store can say of the runs that the filter lets through; null for nothing.</summary>
    public async ValueTask<Condition?> NarrowAsync(Func<string, ValueTask<bool>> isMeasured)
    {
        using var document = LenientJson.Parse(json, "filters");
        var measured = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in NarrowFilter.SummaryKeys(document.RootElement).Distinct(StringComparer.Ordinal))
        {
            if (await isMeasured(key))
            {
                measured.Add(key);
            }
        }

        return new NarrowFilter(measured.Contains).Of(document.RootElement);
    }

    private static Func<RunSnapshot, bool> All(JsonElement filter, int depth)
    {
        if (filter.ValueKind != JsonValueKind.Object || depth > GreatestDepth)
        {
            throw Refuse(depth > GreatestDepth ? $"is nested deeper than {GreatestDepth} levels" : "holds something else than an object where a condition is expected");
        }

        var parts = filter.EnumerateObject().Select(member => Part(member.Name, member.Value, depth)).ToList();
        return run => parts.All(part => part(run));
    }

    private static Func<RunSnapshot, bool> Part(string name, JsonElement value, int depth)
    {
        switch (name)
        {
            case "$and":
                var all = Many(name, value, depth);
                return run => all.All(part => part(run));
            case "$or":
                var any = Many(name, value, depth);
                return run => any.Any(part => part(run));
            case "$nor":
                var none = Many(name, value, depth);
                return run => !none.Any(part => part(run));
            case "$not":
                var inner = All(value, depth + 1);
                return run => !inner(run);
            case var _ when name.StartsWith('$'):
                throw Refuse($"uses '{name}', which is not known");
        }

        RunValues.Check(name, "filters");
        var tests = Tests(name, value, depth);
        return run => RunValues.Of(run, name) is var found && tests.All(test => test(found));
    }

    private static List<Func<RunSnapshot, bool>> Many(string name, JsonElement value, int depth) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(part => All(part, depth + 1))]
            : throw Refuse($"gives '{name}' something else than a list");

    private static List<Func<RunValue, bool>> Tests(string name, JsonElement value, int depth)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return [IsEqual(name, value)];
        }

        return [.. value.EnumerateObject().Select(test => Test(name, test.Name, test.Value, depth))];
    }

    private static Func<RunValue, bool> Test(string name, string operation, JsonElement value, int depth)
    {
        switch (operation)
        {
            case "$eq":
                return IsEqual(name, value);
            case "$ne":
                var equal = IsEqual(name, value);
                return found => !equal(found);
            case "$in":
                var any = Each(operation, name, value);
                return found => any.Any(one => one(found));
            case "$nin":
                var none = Each(operation, name, value);
                return found => !none.Any(one => one(found));
            case "$gt":
                return Compare(value, order => order > 0);
            case "$gte":
                return Compare(value, order => order >= 0);
            case "$lt":
                return Compare(value, order => order < 0);
            case "$lte":
                return Compare(value, order => order <= 0);
            case "$exists":
                var wanted = value.ValueKind != JsonValueKind.False;
                return found => found.IsMissing != wanted;
            case "$regex":
                var pattern = Pattern(value);
                return found => found.Labels is { } labels ? labels.Any(pattern.IsMatch) : found.Text is { } text && pattern.IsMatch(text);
            case "$not" when depth < GreatestDepth:
                var tests = Tests(name, value, depth + 1);
                return found => !tests.All(test => test(found));
            default:
                throw Refuse($"compares '{name}' by '{operation}'; known are $eq, $ne, $in, $nin, $gt, $gte, $lt, $lte, $exists, $regex and $not");
        }
    }

    private static List<Func<RunValue, bool>> Each(string operation, string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(one => IsEqual(name, one))]
            : throw Refuse($"gives '{operation}' of '{name}' something else than a list");

    private static Func<RunValue, bool> IsEqual(string name, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return found => found.IsMissing;
            case JsonValueKind.Number:
                var number = value.GetDouble();
                return found => found.Number is { } own ? own.Equals(number) : found.Text is { } text && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var read) && read.Equals(number);
            case JsonValueKind.String:
                var wanted = value.GetString()!;
                return found => found.Labels is { } labels ? labels.Contains(wanted, StringComparer.Ordinal) : found.Text == wanted;
            case JsonValueKind.True or JsonValueKind.False:
                var flag = value.GetRawText();
                return found => found.Text == flag;
            default:
                throw Refuse($"compares '{name}' with a {value.ValueKind}");
        }
    }

    private static Func<RunValue, bool> Compare(JsonElement value, Func<int, bool> holds)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            var number = value.GetDouble();
            return found => found.Number is { } own && !double.IsNaN(own) && holds(own.CompareTo(number));
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Refuse("compares by size with something that is neither number nor text");
        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        return found => found.Text is { } own
            && (isTime && DateTimeOffset.TryParse(own, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? holds(at.CompareTo(time))
                : holds(string.CompareOrdinal(own, text)));
    }

    // Matching takes time linear in the text, whatever the pattern.
    private static Regex Pattern(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= 1000 } pattern
                ? new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, RegexLimit)
                : throw Refuse("gives '$regex' something else than a text of at most 1000 characters");
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw Refuse($"holds a pattern that cannot be used: {fault.Message}");
        }
    }

    private static CairnException Refuse(string what) => CairnException.Invalid("filters", $"'filters' {what}.");
}
