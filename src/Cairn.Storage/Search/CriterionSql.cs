using Cairn.Core.Search;

namespace Cairn.Storage.Search;

/// <summary>Comparisons of the younger searches as SQL.</summary>
internal static class CriterionSql
{
    /// <summary>The test of <paramref name="value"/>, an SQL expression of our own; what it is compared with becomes arguments.</summary>
    public static string Test(SqlText sql, string value, Comparison comparison, Operand operand)
    {
        if (operand.List is { } list)
        {
            return $"{value} {(comparison == Comparison.NotIn ? "NOT IN" : "IN")} ({string.Join(", ", list.Select(sql.Argument))})";
        }

        var argument = sql.Argument(operand.Number is { } number ? number : operand.Text);
        return comparison switch
        {
            Comparison.Equal => $"{value} = {argument}",
            Comparison.NotEqual => $"{value} <> {argument}",
            Comparison.Less => $"{value} < {argument}",
            Comparison.LessOrEqual => $"{value} <= {argument}",
            Comparison.Greater => $"{value} > {argument}",
            Comparison.GreaterOrEqual => $"{value} >= {argument}",

            // The readers compare LIKE by case, so ILIKE folds both sides.
            Comparison.Like => $"{value} LIKE {argument}",
            Comparison.ILike => $"LOWER({value}) LIKE LOWER({argument})",
            Comparison.RLike => $"regexp({argument}, {value})",
            _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "A list is compared with a list only."),
        };
    }
}
