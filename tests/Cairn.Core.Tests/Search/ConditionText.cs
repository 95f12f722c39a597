using System.Globalization;
using Cairn.Core.Search;

namespace Cairn.Core.Tests.Search;

/// <summary>Conditions as short texts, so that a test shows the whole tree on one line.</summary>
internal static class ConditionText
{
    public static string Of(Condition? condition) => condition switch
    {
        null => "always",
        Condition.Never => "never",
        Condition.Number number => $"{Of(number.Field)} {number.Comparison} {number.Value.ToString("R", CultureInfo.InvariantCulture)}",
        Condition.Text text => $"{Of(text.Field)} {text.Comparison} [{text.Value}]",
        Condition.OneOf list => $"{Of(list.Field)} {list.Comparison} [{string.Join("|", list.Values)}]",
        Condition.OneOfNumbers list => $"{Of(list.Field)} {list.Comparison} [{string.Join("|", list.Values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)))}]",
        Condition.And and => $"({string.Join(" & ", and.Parts.Select(Of))})",
        Condition.Or or => $"({string.Join(" | ", or.Parts.Select(Of))})",
        Condition.Not not => $"!{Of(not.Part)}",
        _ => throw new ArgumentException("An unknown condition.", nameof(condition)),
    };

    public static string Of(IEnumerable<Ordering> orderings) =>
        string.Join(", ", orderings.Select(ordering => Of(ordering.Field) + (ordering.Descending ? " down" : " up")));

    private static string Of(Field field) => field.Kind == FieldKind.Attribute ? field.Attribute.ToString() : $"{field.Kind}:{field.Key}";
}
