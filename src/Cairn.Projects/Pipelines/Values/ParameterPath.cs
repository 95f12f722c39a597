namespace Cairn.Projects.Pipelines.Values;

/// <summary>The way from a value to one within it: <c>params.model.depth</c>, <c>item.name</c>, <c>params.sizes[0]</c>.</summary>
internal static class ParameterPath
{
    /// <summary>What is found after the first part, which names <paramref name="root"/> itself.</summary>
    /// <exception cref="ExpressionException">It leads nowhere; tells what is there instead.</exception>
    public static PlainValue Find(PlainValue root, IReadOnlyList<string> path)
    {
        var value = root;
        for (var i = 1; i < path.Count; i++)
        {
            value = value switch
            {
                MapValue map when map.Find(path[i]) is { } found => found,
                ListValue list when int.TryParse(path[i], out var index) && index >= 0 && index < list.Items.Count => list.Items[index],
                _ => throw new ExpressionException($"There is no '{string.Join('.', path)}': {Why(value, path, i)}"),
            };
        }

        return value;
    }

    private static string Why(PlainValue value, IReadOnlyList<string> path, int at)
    {
        var place = string.Join('.', path.Take(at));
        return value switch
        {
            MapValue map when Closest.To(path[at], map.Pairs.Select(pair => pair.Key)) is { } near => $"did you mean '{place}.{near}'?",
            MapValue { Pairs.Count: > 0 } map => $"'{place}' has {string.Join(", ", map.Pairs.Select(pair => $"'{pair.Key}'"))}.",
            MapValue => $"'{place}' is empty.",
            ListValue list when int.TryParse(path[at], out _) => $"'{place}' has {list.Items.Count} {(list.Items.Count == 1 ? "item" : "items")}, counted from 0.",
            _ => $"'{place}' is {value.Kind}.",
        };
    }
}
