using System.Text.RegularExpressions;

namespace Cairn.Core.Search;

/// <summary>
/// Reads the plain filters of MLflow's younger searches: comparisons joined by AND, of a name with a number, a quoted
/// text or a list of texts. What the names mean and which comparators they take is said by who asks.
/// </summary>
internal static class ClauseReader
{
    private const int LongestPattern = 1000;

    /// <param name="filter">The filter; null for none.</param>
    /// <param name="complaint">What is said of one that is not made of such comparisons: MLflow's searches do not agree.</param>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static IReadOnlyList<Clause> Read(string? filter, string complaint = "Invalid clause(s) in filter string")
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return [];
        }

        if (filter.Length > FilterParser.LongestFilter)
        {
            throw Refuse($"The filter has {filter.Length} characters; at most {FilterParser.LongestFilter} are read. Split the search.");
        }

        var tokens = FilterLexer.Read(filter, SearchDialect.Mlflow);
        var clauses = new List<Clause>();
        var at = 0;
        do
        {
            at += clauses.Count == 0 ? 0 : 1;
            clauses.Add(ReadClause(filter, tokens, ref at, complaint));
            if (clauses.Count > FilterParser.MostComparisons)
            {
                throw Refuse($"The filter has more than {FilterParser.MostComparisons} comparisons. Split the search.");
            }
        }
        while (tokens[at].Is("AND"));

        return tokens[at].Kind == TokenKind.End || (tokens[at].Kind == TokenKind.Semicolon && tokens[at + 1].Kind == TokenKind.End)
            ? clauses
            : throw Invalid(complaint, filter[tokens[at].Start..]);
    }

    /// <summary>The name and direction of an order-by clause.</summary>
    public static (string Name, bool Descending) ReadOrder(string clause)
    {
        var tokens = clause.Length <= FilterParser.LongestFilter ? FilterLexer.Read(clause, SearchDialect.Mlflow) : [];
        if (tokens.Count is < 2 or > 3 || tokens[0].Kind != TokenKind.Word)
        {
            throw CairnException.Invalid("order_by", $"Invalid order_by clause '{Shorten(clause)}'. Could not be parsed.");
        }

        var descending = tokens[1].Is("DESC");
        return tokens.Count == 2 || descending || tokens[1].Is("ASC")
            ? (tokens[0].Text, descending)
            : throw CairnException.Invalid("order_by", $"Invalid ordering key in order_by clause '{Shorten(clause)}'.");
    }

    private static Clause ReadClause(string filter, List<FilterToken> tokens, ref int at, string complaint)
    {
        var start = tokens[at].Start;
        if (tokens[at].Kind != TokenKind.Word || tokens[at].IsReserved)
        {
            throw Invalid(complaint, filter[start..]);
        }

        var name = tokens[at++].Text;
        var comparison = ReadComparison(tokens, ref at) ?? throw Invalid(complaint, filter[start..]);
        var token = tokens[at];
        if (token.Kind == TokenKind.Open)
        {
            return new Clause(name, comparison, new Operand(List: ReadList(tokens, ref at)), filter[token.Start..Math.Min(filter.Length, tokens[at].Start)].TrimEnd());
        }

        at++;
        if (comparison == Comparison.RLike && token.IsQuotedText)
        {
            CheckPattern(token.Text[1..^1]);
        }

        return token switch
        {
            { Kind: TokenKind.Number } => new Clause(name, comparison, new Operand(Number: FilterValue.Of(token).Number), token.Text),
            { IsQuotedText: true } => new Clause(name, comparison, new Operand(Text: token.Text[1..^1]), token.Text),
            _ => throw Invalid(complaint, filter[start..]),
        };
    }

    // Here, because the store can only fail on a pattern, not refuse it.
    private static void CheckPattern(string pattern)
    {
        try
        {
            if (pattern.Length > LongestPattern)
            {
                throw Refuse($"The pattern after RLIKE has {pattern.Length} characters; at most {LongestPattern} are read.");
            }

            _ = new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            throw new CairnException(ErrorCode.InvalidArgument, $"The pattern after RLIKE cannot be used: {fault.Message}", "filter", fault);
        }
    }

    private static Comparison? ReadComparison(List<FilterToken> tokens, ref int at)
    {
        if (tokens[at].Kind == TokenKind.Operator)
        {
            return tokens[at++].Text switch
            {
                "=" => Comparison.Equal,
                "!=" => Comparison.NotEqual,
                "<" => Comparison.Less,
                "<=" => Comparison.LessOrEqual,
                ">" => Comparison.Greater,
                ">=" => Comparison.GreaterOrEqual,
                _ => null,
            };
        }

        var isNot = tokens[at].Is("NOT");
        at += isNot ? 1 : 0;
        Comparison? word =
            tokens[at].Is("IN") ? (isNot ? Comparison.NotIn : Comparison.In)
            : isNot ? null
            : tokens[at].Is("LIKE") ? Comparison.Like
            : tokens[at].Is("ILIKE") ? Comparison.ILike
            : tokens[at].Is("RLIKE") ? Comparison.RLike
            : null;
        at += word is null ? 0 : 1;
        return word;
    }

    private static List<string> ReadList(List<FilterToken> tokens, ref int at)
    {
        var values = new List<string>();
        do
        {
            at++;
            if (!tokens[at].IsQuotedText)
            {
                throw Refuse(values.Count == 0 && tokens[at].Kind == TokenKind.Close
                    ? "While parsing a list in the query, expected a non-empty list of string values, but got empty list"
                    : "While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.");
            }

            values.Add(tokens[at++].Text[1..^1]);
            if (values.Count > ComparisonRules.MostListed)
            {
                throw Refuse($"The lists in the filter have more than {ComparisonRules.MostListed} values. Split the search.");
            }
        }
        while (tokens[at].Kind == TokenKind.Comma && tokens[at + 1].Kind != TokenKind.Close);

        at += tokens[at].Kind == TokenKind.Comma ? 1 : 0;
        if (tokens[at].Kind != TokenKind.Close)
        {
            throw Refuse("While parsing a list in the query, expected a non-empty list of string values, but got ill-formed list.");
        }

        at++;
        return values;
    }

    private static CairnException Invalid(string complaint, string rest) => Refuse($"{complaint}: '{Shorten(rest)}'");

    private static CairnException Refuse(string message) => CairnException.Invalid("filter", message);

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "...");
}

/// <summary>A comparison as it stands in a filter.</summary>
/// <param name="Name">The left side, with its quotes.</param>
/// <param name="Comparison">How.</param>
/// <param name="Operand">The right side, without quotes.</param>
/// <param name="Written">The right side as written, for messages.</param>
internal sealed record Clause(string Name, Comparison Comparison, Operand Operand, string Written)
{
    /// <summary>The part before the first dot, or "" where there is none.</summary>
    public string Entity => SplitName(Name).Entity;

    /// <summary>The part after it, without backticks or quotes.</summary>
    public string Key => SplitName(Name).Key;

    /// <summary>True for = and !=, and for LIKE and its kin.</summary>
    public bool IsTextual => Comparison is Comparison.Equal or Comparison.NotEqual or Comparison.Like or Comparison.ILike or Comparison.RLike;

    public bool IsListed => Comparison is Comparison.In or Comparison.NotIn;

    /// <summary>True for = and !=, and for less and greater.</summary>
    public bool IsNumeric => Comparison is not (Comparison.Like or Comparison.ILike or Comparison.RLike or Comparison.In or Comparison.NotIn);

    /// <summary>The comparator in MLflow's writing.</summary>
    public string Comparator => Comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "!=",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        Comparison.GreaterOrEqual => ">=",
        Comparison.Like => "LIKE",
        Comparison.ILike => "ILIKE",
        Comparison.RLike => "RLIKE",
        Comparison.In => "IN",
        _ => "NOT IN",
    };

    public static (string Entity, string Key) SplitName(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || name[0] is '`' or '"' ? ("", Unquote(name)) : (name[..dot], Unquote(name[(dot + 1)..]));
    }

    private static string Unquote(string text) =>
        text.Length >= 2 && text[0] == text[^1] && text[0] is '`' or '"' ? text[1..^1] : text;
}
