using Cairn.Core.Search;

namespace Cairn.Core.EvaluationSets;

/// <summary>The filter language of evaluation sets: <c>name</c>, <c>created_by</c>, times, <c>tags.x</c>.</summary>
public static class EvaluationSetFilter
{
    private static readonly string[] Columns = ["name", "created_time", "last_update_time", "created_by", "last_updated_by"];

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static IReadOnlyList<Criterion<bool>> Parse(string? filter) => [.. ClauseReader.Read(filter).Select(Read)];

    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static IReadOnlyList<SortKey<bool>> ParseOrder(IReadOnlyList<string> clauses) =>
    [
        .. clauses.Take(OrderByParser.MostClauses).Select(clause =>
        {
            var (name, descending) = ClauseReader.ReadOrder(clause);
            return name is "name" or "created_time" or "last_update_time"
                ? new SortKey<bool>(Subject: false, name, descending)
                : throw CairnException.Invalid("order_by", $"Invalid attribute key '{name}' specified. Valid keys are: name, created_time, last_update_time");
        }),
    ];

    private static Criterion<bool> Read(Clause clause)
    {
        var isTag = clause.Entity == "tags";
        if (!isTag && (clause.Entity is not ("" or "attribute" or "attributes") || !Columns.Contains(clause.Key, StringComparer.Ordinal)))
        {
            throw Refuse(clause.Entity.Length == 0
                ? $"Invalid attribute key '{clause.Key}' specified. Valid keys are: {string.Join(", ", Columns)}"
                : $"Invalid identifier token '{clause.Entity}' specified");
        }

        var isNumeric = !isTag && clause.Key is "created_time" or "last_update_time";
        if (isNumeric ? !clause.IsNumeric : clause.Comparison is not (Comparison.Equal or Comparison.NotEqual or Comparison.Like or Comparison.ILike))
        {
            throw Refuse($"Invalid comparator for {(isTag ? "tag" : isNumeric ? "numeric attribute" : "string attribute")}: {clause.Comparator}");
        }

        return (isNumeric ? clause.Operand.Number is not null : clause.Operand.Text is not null)
            ? new Criterion<bool>(isTag, clause.Key, clause.Comparison, clause.Operand)
            : throw Refuse($"Expected {(isNumeric ? "a number" : "a quoted string value")} for {clause.Name}. Got value {clause.Written}");
    }

    private static CairnException Refuse(string message) => CairnException.Invalid("filter_string", message);
}
