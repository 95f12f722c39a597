using System.Globalization;
using System.Text.RegularExpressions;

namespace Cairn.Core.Search;

/// <summary>
/// Which values and comparators go with which field, and the condition they make. MLflow looks at all values of a filter
/// before it looks at the comparators, so these are two steps.
/// </summary>
internal static class ComparisonRules
{
    /// <summary>The lists of a filter may hold so many values together: each is an argument of a query.</summary>
    public const int MostListed = 10_000;

    private const string Numeric = "{'>', '>=', '!=', '=', '<', '<='}";
    private const string Textual = "{'!=', '=', 'LIKE', 'ILIKE'}";
    private const string Listable = "{'!=', '=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}";

    /// <summary>Refuses a value that does not fit the field.</summary>
    public static void CheckValue(NamedField field, FilterValue value, SearchDialect dialect)
    {
        var isList = value.List is not null;
        if (field is { Field.Kind: FieldKind.Metric, IsDataset: false })
        {
            Require(value.Number is not null || (isList && dialect == SearchDialect.Extended), $"Expected numeric value type for metric. Found {value.Written}");
            return;
        }

        if (field.IsTime)
        {
            Require(
                value.Number is not null || (isList && dialect == SearchDialect.Extended),
                $"Expected numeric value type for numeric attribute: {field.Key}. Found {value.Written}");
            return;
        }

        if (isList && dialect == SearchDialect.Mlflow && field is { Entity: "attribute", Key: not "run_id" })
        {
            throw Refuse("Only the 'run_id' attribute supports comparison with a list of quoted string values.");
        }

        var mayBeList = isList && (dialect == SearchDialect.Extended || field.Entity is "attribute" or "dataset");
        var mayBeNumber = value.Number is not null && dialect == SearchDialect.Extended && field.Field.Kind == FieldKind.Param;
        Require(value.Text is not null || value.IsBareWord || mayBeList || mayBeNumber, field.Entity switch
        {
            "attribute" => $"Expected a quoted string value for attributes. Got value {value.Written}",
            "dataset" => $"Expected a quoted string value for dataset attributes. Got value {value.Written}",
            var entity => $"Expected a quoted string value for {entity} (e.g. 'my-value'). Got value {value.Written}",
        });
        Require(
            !value.IsBareWord,
            $"Parameter value is either not quoted or unidentified quote types used for string value {value.Written}. Use either single or double quotes.");
    }

    /// <summary>The condition, or null where it is always true.</summary>
    public static Condition? Build(NamedField field, string comparator, FilterValue value, SearchDialect dialect)
    {
        var comparison = Parse(comparator);
        if (value.List is { } list)
        {
            CheckList(field, comparison, comparator, dialect);
            return OneOf(field, comparison!.Value, list);
        }

        if (value.Number is { } number)
        {
            Require(
                comparison is Comparison.Equal or Comparison.NotEqual or Comparison.Less or Comparison.LessOrEqual or Comparison.Greater or Comparison.GreaterOrEqual,
                $"Invalid comparator '{comparator}' not one of '{(field.IsTime ? Listable : Numeric)}");
            return new Condition.Number(field.Field, comparison!.Value, number);
        }

        var allowed = comparison is Comparison.Equal or Comparison.NotEqual or Comparison.Like or Comparison.ILike
            || (comparison == Comparison.RLike && dialect == SearchDialect.Extended);
        Require(allowed, $"Invalid comparator '{comparator}' not one of '{(field.Entity is "attribute" or "dataset" ? Listable : Textual)}'");
        if (comparison == Comparison.RLike)
        {
            CheckPattern(value.Text!);
        }

        return new Condition.Text(field.Field, comparison!.Value, value.Text!);
    }

    private static void CheckPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw Refuse($"'{(pattern.Length <= 100 ? pattern : pattern[..100])}' is no regular expression that RLIKE knows: {fault.Message}");
        }
    }

    private static void CheckList(NamedField field, Comparison? comparison, string comparator, SearchDialect dialect) =>
        Require(
            comparison is Comparison.In or Comparison.NotIn,
            dialect == SearchDialect.Extended
                ? $"Invalid comparator '{comparator}': a list is compared with IN or NOT IN"
                : $"Invalid comparator '{comparator}' not one of '{(field.Entity is "attribute" or "dataset" ? Listable : Textual)}'");

    private static Condition? OneOf(NamedField field, Comparison comparison, IReadOnlyList<FilterValue> list)
    {
        if (field.IsTime || field.Field.Kind == FieldKind.Metric)
        {
            return new Condition.OneOfNumbers(
                field.Field,
                comparison,
                [.. list.Select(value => value.Number ?? throw Refuse($"Expected numeric value type in the list. Found {value.Written}"))]);
        }

        if (field.Field.Kind == FieldKind.Param && list.Any(value => value.Number is not null))
        {
            return OneOfMixed(field.Field, comparison, list);
        }

        // Run ids are lower-case; MLflow drops the others from a list, so that its databases agree about them.
        var isId = field.Field is { Kind: FieldKind.Attribute, Attribute: RecordAttribute.Id or RecordAttribute.RunId };
        var texts = list.Select(value => value.Text ?? value.Written).Where(text => !isId || !text.Any(char.IsUpper)).ToList();
        return (texts.Count, comparison) switch
        {
            (0, Comparison.In) => new Condition.Never(),
            (0, _) => null,
            _ => new Condition.OneOf(field.Field, comparison, texts),
        };
    }

    // A param is compared as a number with what is written as a number, and as a text with what is quoted.
    private static Condition OneOfMixed(Field field, Comparison comparison, IReadOnlyList<FilterValue> list)
    {
        var numbers = new Condition.OneOfNumbers(field, comparison, [.. list.Where(value => value.Number is not null).Select(value => value.Number!.Value)]);
        if (numbers.Values.Count == list.Count)
        {
            return numbers;
        }

        Condition[] parts = [numbers, new Condition.OneOf(field, comparison, [.. list.Where(value => value.Text is not null).Select(value => value.Text!)])];
        return comparison == Comparison.In ? new Condition.Or(parts) : new Condition.And(parts);
    }

    private static Comparison? Parse(string comparator) => comparator switch
    {
        "=" => Comparison.Equal,
        "!=" => Comparison.NotEqual,
        "<" => Comparison.Less,
        "<=" => Comparison.LessOrEqual,
        ">" => Comparison.Greater,
        ">=" => Comparison.GreaterOrEqual,
        "LIKE" => Comparison.Like,
        "ILIKE" => Comparison.ILike,
        "RLIKE" => Comparison.RLike,
        "IN" => Comparison.In,
        "NOT IN" => Comparison.NotIn,
        _ => null,
    };

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw Refuse(message);
        }
    }

    private static CairnException Refuse(string message) => CairnException.Invalid("filter", message);
}

/// <summary>The right side of a comparison.</summary>
/// <param name="Written">As it stands in the filter.</param>
/// <param name="Text">Without its quotes, where it is a quoted text.</param>
/// <param name="Number">Where it is a number.</param>
/// <param name="List">Where it is a list.</param>
internal sealed record FilterValue(string Written, string? Text = null, double? Number = null, IReadOnlyList<FilterValue>? List = null)
{
    /// <summary>A name without quotes stands where a value should.</summary>
    public bool IsBareWord => Text is null && Number is null && List is null;

    public static FilterValue Of(FilterToken token) => token switch
    {
        { Kind: TokenKind.Number } => new(token.Text, Number: double.Parse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture)),
        { IsQuotedText: true } => new(token.Text, Text: token.Text[1..^1]),
        _ => new(token.Text),
    };
}
