using System.Text.Json;
using Cairn.Wandb.GraphQl;
using Cairn.Wandb.Wire;

namespace Cairn.Wandb.Artifacts;

/// <summary>The filters and orders of versions that clients send: <c>{"state":"COMMITTED"}</c>, tags, and <c>version_index</c>.</summary>
internal sealed class VersionFilter
{
    private IReadOnlyList<string> tags = [];
    private bool isNone;

    public static VersionFilter Read(string? text)
    {
        var filter = new VersionFilter();
        if (string.IsNullOrEmpty(text))
        {
            return filter;
        }

        using var json = LenientJson.Parse(text, "filters");
        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new GraphQlException("The filter of artifacts must be a JSON object.");
        }

        foreach (var condition in json.RootElement.EnumerateObject())
        {
            switch (condition.Name)
            {
                case "state":
                    filter.isNone |= !Texts(condition.Value).Contains("COMMITTED");
                    break;
                case "tags" or "tag":
                    filter.tags = Texts(condition.Value);
                    break;
                default:
                    throw new GraphQlException($"Artifacts cannot be filtered by \"{condition.Name}\" here, only by \"state\" and \"tags\".");
            }
        }

        return filter;
    }

    /// <summary>Pending versions are never listed, so only the committed state finds any.</summary>
    public bool Holds(MembershipNode place) => !isNone && (tags.Count == 0 || tags.Any(tag => place.Version.Labels.Contains(tag)));

    /// <summary>"version_index" and "createdAt", with a minus for newest first, which is also the order where none is asked.</summary>
    public static List<MembershipNode> Order(string? order, IEnumerable<MembershipNode> places) => order?.TrimStart('+', '-').ToUpperInvariant() switch
    {
        null or "" => [.. places.OrderByDescending(place => place.Index)],
        "VERSION_INDEX" or "VERSIONINDEX" or "CREATEDAT" or "CREATED_AT" => [.. order[0] == '-' ? places.OrderByDescending(place => place.Index) : places.OrderBy(place => place.Index)],
        _ => throw new GraphQlException($"Artifacts cannot be ordered by \"{order}\" here, only by \"version_index\" and \"createdAt\"."),
    };

    // A text, a list of texts, or {"$in": […]}.
    private static IReadOnlyList<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
        JsonValueKind.Object when value.EnumerateObject().FirstOrDefault() is { Name: "$in" or "$eq" } only => Texts(only.Value),
        _ => throw new GraphQlException("A condition of the filter of artifacts must be a text, or {\"$in\": [texts]}."),
    };
}
