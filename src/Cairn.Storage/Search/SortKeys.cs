using Cairn.Core.Search;

namespace Cairn.Storage.Search;

/// <summary>
/// What a statement sorts by, strongest first, and the same as a test: what comes behind a position in that order.
/// </summary>
internal sealed class SortKeys(SqlText sql)
{
    private readonly List<(string Expression, bool Descending, object? After, Func<string, string>? Of)> keys = [];

    /// <summary>Adds a key.</summary>
    /// <param name="expression">A column or more.</param>
    /// <param name="descending">The direction.</param>
    /// <param name="after">The position's value; null where it has none, as every run has that is equal in the stronger keys.</param>
    /// <param name="of">What makes the key of the position's value; null where the value is the key.</param>
    public void Add(string expression, bool descending, object? after, Func<string, string>? of = null)
    {
        if (!keys.Exists(key => key.Expression == expression))
        {
            keys.Add((expression, descending, after, of));
        }
    }

    /// <summary>The keys that end every order: newest first, then by id.</summary>
    public void AddTieBreakers(RunPosition? after)
    {
        Add("run.started_at", true, after?.StartedAt);
        Add("run.id", false, after?.Id.Value);
    }

    public string OrderBy() => string.Join(", ", keys.Select(key => key.Expression + (key.Descending ? " DESC" : "")));

    /// <summary>The test on being behind the position.</summary>
    public string Behind()
    {
        var test = "0";
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            var (expression, descending, after, of) = keys[i];
            if (after is not null)
            {
                var value = Value(after, of);
                test = $"({expression} {(descending ? "<" : ">")} {value} OR ({expression} = {value} AND {test}))";
            }
        }

        // Says the same once more for the strongest key alone: an index is entered at the position by it.
        return keys[0].After is { } first
            ? $"{keys[0].Expression} {(keys[0].Descending ? "<=" : ">=")} {Value(first, keys[0].Of)} AND {test}"
            : test;
    }

    private string Value(object after, Func<string, string>? of) => of is null ? sql.Argument(after) : of(sql.Argument(after));
}
