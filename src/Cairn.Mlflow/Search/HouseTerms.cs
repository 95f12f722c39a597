using Cairn.Core.Runs;
using Cairn.Core.Search;
using Cairn.Mlflow.Runs;

namespace Cairn.Mlflow.Search;

/// <summary>Turns what a search says in MLflow's terms into the house's: tags that are columns are looked up there (<see cref="TagViews"/>).</summary>
internal static class HouseTerms
{
    public static Condition? Of(Condition? condition) => condition switch
    {
        Condition.And and => new Condition.And([.. and.Parts.Select(part => Of(part)!)]),
        Condition.Or or => new Condition.Or([.. or.Parts.Select(part => Of(part)!)]),
        Condition.Not not => new Condition.Not(Of(not.Part)!),
        Condition.Text { Field.Kind: FieldKind.Tag } text when TagViews.AttributeOf(text.Field.Key) is { } attribute => Tag(text, attribute),
        _ => condition,
    };

    public static IReadOnlyList<Ordering> Of(IReadOnlyList<Ordering> orderings) =>
    [
        .. orderings.Select(ordering =>
            ordering.Field.Kind == FieldKind.Tag && TagViews.AttributeOf(ordering.Field.Key) is { } attribute
                ? ordering with { Field = Field.Of(attribute) }
                : ordering),
    ];

    // A parent that is no run of this server is an ordinary tag; the others are columns always.
    private static Condition Tag(Condition.Text text, RecordAttribute attribute)
    {
        Condition column = text with { Field = Field.Of(attribute) };
        var isPlain = attribute != RecordAttribute.ParentId || (text.Comparison == Comparison.Equal && RunId.TryParse(text.Value, out _));
        return isPlain
            ? column
            : new Condition.Or([column, new Condition.And([text, new Condition.Text(text.Field, Comparison.NotEqual, TagViews.Hidden)])]);
    }
}
