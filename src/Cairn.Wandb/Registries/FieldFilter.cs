using System.Text.Json;
using System.Text.RegularExpressions;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Registries;

/// <summary>
/// The filters of registries and collections: JSON in MongoDB's manner about a few texts, such as
/// <c>{"$and": [{"name": {"$regex": "^wandb-registry-"}}]}</c>.
/// </summary>
internal sealed class FieldFilter
{
    private const int GreatestDepth = 16;
    private readonly Func<Func<string, IReadOnlyList<string>>, bool> test;

    private FieldFilter(Func<Func<string, IReadOnlyList<string>>, bool> test) => this.test = test;

    /// <param name="json">The filter; nothing holds for everything.</param>
    /// <param name="subject">What is filtered, for messages.</param>
    /// <param name="fields">The fields that can be asked about.</param>
    public static FieldFilter Parse(string? json, string subject, params string[] fields)
    {
        if (string.IsNullOrWhiteSpace(json) || json == "null")
        {
            return new FieldFilter(_ => true);
        }

        using var document = LenientJson.Parse(json, "filters");
        return new FieldFilter(All(document.RootElement, subject, fields, 0));
    }

    /// <param name="values">The values of a field of what is looked at.</param>
    public bool Holds(Func<string, IReadOnlyList<string>> values) => test(values);

    private static Func<Func<string, IReadOnlyList<string>>, bool> All(JsonElement filter, string subject, string[] fields, int depth)
    {
        if (filter.ValueKind != JsonValueKind.Object || depth > GreatestDepth)
        {
            throw new GraphQlException($"The filter of {subject} must be an object, nested at most {GreatestDepth} levels.");
        }

        var parts = filter.EnumerateObject().Select(member => Part(member, subject, fields, depth)).ToList();
        return values => parts.TrueForAll(part => part(values));
    }

    private static Func<Func<string, IReadOnlyList<string>>, bool> Part(JsonProperty member, string subject, string[] fields, int depth)
    {
        if (member.Name is "$and" or "$or" && member.Value.ValueKind == JsonValueKind.Array)
        {
            var inner = member.Value.EnumerateArray().Select(part => All(part, subject, fields, depth + 1)).ToList();
            return member.Name == "$and" ? values => inner.TrueForAll(part => part(values)) : values => inner.Exists(part => part(values));
        }

        if (!fields.Contains(member.Name))
        {
            throw new GraphQlException($"{subject} cannot be filtered by \"{member.Name}\" here, only by {string.Join(", ", fields.Select(field => $"\"{field}\""))}.");
        }

        // The document is closed when the filter is used.
        var field = member.Name;
        var holds = Test(member.Value, subject);
        return values => values(field).Any(holds);
    }

    private static Func<string, bool> Test(JsonElement condition, string subject)
    {
        if (condition.ValueKind == JsonValueKind.String)
        {
            var wanted = condition.GetString();
            return value => value == wanted;
        }

        if (condition.ValueKind != JsonValueKind.Object)
        {
            throw new GraphQlException($"A condition of the filter of {subject} must be a text or an object.");
        }

        var tests = condition.EnumerateObject().Select(part => Compare(part, subject)).ToList();
        return value => tests.TrueForAll(test => test(value));
    }

    private static Func<string, bool> Compare(JsonProperty part, string subject)
    {
        switch (part.Name, part.Value.ValueKind)
        {
            case ("$eq", JsonValueKind.String):
                var equal = part.Value.GetString();
                return value => value == equal;
            case ("$ne", JsonValueKind.String):
                var other = part.Value.GetString();
                return value => value != other;
            case ("$contains", JsonValueKind.String):
                var inside = part.Value.GetString()!;
                return value => value.Contains(inside, StringComparison.Ordinal);
            case ("$in", JsonValueKind.Array):
                var any = part.Value.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!).ToHashSet(StringComparer.Ordinal);
                return any.Contains;
            case ("$regex", JsonValueKind.String):
                return Pattern(part.Value.GetString()!, subject).IsMatch;
            default:
                throw new GraphQlException($"The filter of {subject} compares by \"{part.Name}\"; known are $eq, $ne, $in, $contains and $regex, with texts.");
        }
    }

    private static Regex Pattern(string pattern, string subject)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new GraphQlException($"The pattern of the filter of {subject} is not understood: {fault.Message}");
        }
    }
}
