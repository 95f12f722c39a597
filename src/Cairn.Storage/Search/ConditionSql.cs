using Cairn.Core.Search;

namespace Cairn.Storage.Search;

/// <summary>
/// Turns a condition into SQL. What differs between runs and experiments (where a metric, a tag or an attribute is found)
/// is asked of <paramref name="locate"/>: it wraps a comparison of "the value" into a test on the record.
/// </summary>
internal sealed class ConditionSql(SqlText sql, Func<Field, Func<string, string>, string> locate)
{
    public string Build(Condition condition) => condition switch
    {
        Condition.And and => Join(and.Parts, " AND "),
        Condition.Or or => Join(or.Parts, " OR "),
        Condition.Not not => $"NOT ({Build(not.Part)})",
        Condition.Number number => locate(
            number.Field,
            value => $"{(number.Field.Kind == FieldKind.Param ? "number" : value)} {Operator(number.Comparison)} {sql.Argument(number.Value)}"),
        Condition.Text text => locate(text.Field, value => Compare(value, text.Comparison, text.Value)),
        Condition.OneOf list => locate(list.Field, value => Among(value, list.Comparison, list.Values.Select(one => sql.Argument(one)))),
        Condition.OneOfNumbers list => locate(
            list.Field,
            value => Among(list.Field.Kind == FieldKind.Param ? "number" : value, list.Comparison, list.Values.Select(one => sql.Argument(one)))),
        _ => "0",
    };

    private string Join(IReadOnlyList<Condition> parts, string word) =>
        parts.Count == 0 ? "1" : $"({string.Join(word, parts.Select(Build))})";

    private static string Among(string value, Comparison comparison, IEnumerable<string> arguments) =>
        $"{value} {(comparison == Comparison.NotIn ? "NOT IN" : "IN")} ({string.Join(", ", arguments)})";

    private string Compare(string value, Comparison comparison, string operand) => comparison switch
    {
        // The readers compare LIKE by case (PRAGMA case_sensitive_like), so ILIKE folds both sides.
        Comparison.ILike => $"LOWER({value}) LIKE LOWER({sql.Argument(operand)})",
        Comparison.RLike => $"regexp({sql.Argument(operand)}, {value})",
        _ => $"{value} {Operator(comparison)} {sql.Argument(operand)}",
    };

    /// <summary>What the comparison of two numbers is.</summary>
    public static bool Holds(double left, Comparison comparison, double right) => comparison switch
    {
        Comparison.Equal => left == right,
        Comparison.NotEqual => left != right,
        Comparison.Less => left < right,
        Comparison.LessOrEqual => left <= right,
        Comparison.Greater => left > right,
        Comparison.GreaterOrEqual => left >= right,
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "Numbers are not compared so."),
    };

    public static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "<>",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Like => "LIKE",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison), comparison, "This comparison has no single operator."),
    };
}
