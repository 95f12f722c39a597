using System.Globalization;
using System.Text;

namespace Cairn.Wandb.Wire;

/// <summary>A page of a listing: a "connection", as GraphQL's clients call it.</summary>
/// <param name="Items">What is on the page.</param>
/// <param name="Offset">How many were passed over.</param>
/// <param name="HasMore">Whether there are more.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, int Offset = 0, bool HasMore = false)
{
    public PageEnd End => new(Items.Count == 0 ? null : Cursor.Of(Offset + Items.Count - 1), HasMore);

    public IEnumerable<Edge<T>> Edges => Items.Select((item, index) => new Edge<T>(item, Cursor.Of(Offset + index)));
}

/// <summary>An item of a page.</summary>
internal sealed record Edge<T>(T Node, string Cursor);

/// <summary>Where a page ends.</summary>
internal sealed record PageEnd(string? Cursor, bool HasMore);

/// <summary>Places in a listing.</summary>
internal static class Cursor
{
    public static string Of(int index) => Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"cursor:{index}")));

    /// <summary>How many items lie before what follows the cursor.</summary>
    public static int Offset(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return 0;
        }

        return NodeId.Read("cursor", cursor) is { } text && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < int.MaxValue
            ? index + 1
            : throw new GraphQl.GraphQlException("The cursor is none that this server gave out. Start again without it.");
    }
}
