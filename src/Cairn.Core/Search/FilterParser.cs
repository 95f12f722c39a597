namespace Cairn.Core.Search;

/// <summary>
/// Reads a search filter into a <see cref="Condition"/>. By hand and in one pass over the tokens, so the time is linear
/// and nothing but a <see cref="CairnException"/> ever comes of a text.
/// </summary>
public sealed partial class FilterParser
{
    /// <summary>Longest filter, in characters: enough for a list of several thousand run ids.</summary>
    public const int LongestFilter = 512 * 1024;

    /// <summary>Comparisons in one filter.</summary>
    public const int MostComparisons = 500;

    /// <summary>Parentheses in parentheses.</summary>
    public const int DeepestNesting = 50;

    private readonly string source;
    private readonly SearchVocabulary vocabulary;
    private readonly SearchDialect dialect;
    private readonly List<FilterToken> tokens;
    private int at;
    private int comparisons;
    private int listed;

    // MLflow looks at the form of the whole filter first, then at all names and values, then at the comparators; what is
    // wrong with the later steps waits here until the earlier ones are through.
    private CairnException? badOperand;
    private CairnException? badComparator;

    private FilterParser(string source, SearchVocabulary vocabulary, SearchDialect dialect)
    {
        this.source = source;
        this.vocabulary = vocabulary;
        this.dialect = dialect;
        tokens = FilterLexer.Read(source, dialect);
    }

    private FilterToken Current => tokens[at];

    private FilterToken Following => tokens[Math.Min(at + 1, tokens.Count - 1)];

    /// <summary>A filter over runs; null for an empty one.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>, in MLflow's words where it has any.</exception>
    public static Condition? ParseRunFilter(string? text, SearchDialect dialect = SearchDialect.Mlflow) =>
        Parse(text, SearchVocabulary.RunFilter, dialect);

    /// <summary>A filter over experiments; null for an empty one.</summary>
    /// <inheritdoc cref="ParseRunFilter"/>
    public static Condition? ParseExperimentFilter(string? text, SearchDialect dialect = SearchDialect.Mlflow) =>
        Parse(text, SearchVocabulary.ExperimentFilter, dialect);

    private static Condition? Parse(string? text, SearchVocabulary vocabulary, SearchDialect dialect)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (text.Length > LongestFilter)
        {
            throw Refuse($"The filter has {text.Length} characters; at most {LongestFilter} are read. Split the search.");
        }

        return new FilterParser(text, vocabulary, dialect).Whole();
    }

    private Condition? Whole()
    {
        var condition = AnyOf(0);
        if (Current.Kind == TokenKind.Semicolon && Following.Kind != TokenKind.End)
        {
            throw Refuse($"Search filter contained multiple expression '{source}'. Provide AND-ed expression list.");
        }

        if (Current.Kind != TokenKind.End)
        {
            throw Stray();
        }

        return (badOperand ?? badComparator) is { } refusal ? throw refusal : condition;
    }

    private Condition? AnyOf(int depth)
    {
        var parts = new List<Condition?> { AllOf(depth) };
        while (dialect == SearchDialect.Extended && Current.Is("OR"))
        {
            at++;
            parts.Add(AllOf(depth));
        }

        // One alternative that is always true makes the whole so.
        return parts.Count == 1 ? parts[0] : parts.Contains(null) ? null : new Condition.Or(parts.ConvertAll(part => part!));
    }

    private Condition? AllOf(int depth)
    {
        var parts = new List<Condition>();
        do
        {
            if (Negated(depth) is { } part)
            {
                parts.Add(part);
            }
        }
        while (Skip("AND"));
        return parts.Count switch
        {
            0 => null,
            1 => parts[0],
            _ => new Condition.And(parts),
        };
    }

    private Condition? Negated(int depth)
    {
        var negative = false;
        while (dialect == SearchDialect.Extended && Skip("NOT"))
        {
            negative = !negative;
        }

        var part = Current.Kind == TokenKind.Open && dialect == SearchDialect.Extended ? Parenthesised(depth) : Compared();
        return (negative, part) switch
        {
            (false, _) => part,
            (true, null) => new Condition.Never(),
            (true, _) => new Condition.Not(part),
        };
    }

    private Condition? Parenthesised(int depth)
    {
        if (depth >= DeepestNesting)
        {
            throw Refuse($"The filter is nested deeper than {DeepestNesting} levels. Write it with fewer parentheses.");
        }

        at++;
        var inner = AnyOf(depth + 1);
        if (Current.Kind != TokenKind.Close)
        {
            throw Current.Kind == TokenKind.End ? Refuse("A parenthesis in the filter is not closed.") : Stray();
        }

        at++;
        return inner;
    }

    private Condition? Compared()
    {
        var start = at;
        var name = Current;
        var isLiteral = name.Kind is TokenKind.Number or TokenKind.Text && Following.Kind == TokenKind.Operator;
        if (!isLiteral && (name.Kind != TokenKind.Word || name.IsReserved))
        {
            throw Malformed(start);
        }

        at++;
        var comparator = Comparator() ?? throw Malformed(start);
        var value = Value(comparator) ?? throw Malformed(start);
        if (++comparisons > MostComparisons)
        {
            throw Refuse($"The filter has more than {MostComparisons} comparisons. Split the search, or use IN with a list.");
        }

        return Understand(name, comparator, value);
    }

    private Condition? Understand(FilterToken name, string comparator, FilterValue value)
    {
        NamedField field;
        try
        {
            field = name.Kind == TokenKind.Word
                ? vocabulary.Resolve(name.Text, dialect)
                : throw Refuse($"Invalid comparison clause. Expected 'Identifier' found '{name.Text}'");
            ComparisonRules.CheckValue(field, value, dialect);
        }
        catch (CairnException refusal)
        {
            badOperand ??= refusal;
            return null;
        }

        try
        {
            return ComparisonRules.Build(field, comparator, value, dialect);
        }
        catch (CairnException refusal)
        {
            badComparator ??= refusal;
            return null;
        }
    }

    private string? Comparator()
    {
        if (Current.Kind == TokenKind.Operator)
        {
            return tokens[at++].Text;
        }

        var negation = Skip("NOT") ? "NOT " : "";
        return Current.Is("LIKE") || Current.Is("ILIKE") || Current.Is("RLIKE") || Current.Is("IN")
            ? negation + tokens[at++].Text.ToUpperInvariant()
            : null;
    }

    private bool Skip(string keyword)
    {
        var found = Current.Is(keyword);
        at += found ? 1 : 0;
        return found;
    }

    /// <summary>Something stands where AND or the end should.</summary>
    private CairnException Stray() =>
        InvalidClauses([Current.Kind == TokenKind.Open ? Written(Current) : Current.Text]);

    /// <summary>A clause that is no comparison: MLflow names its pieces up to the next AND.</summary>
    private CairnException Malformed(int start)
    {
        var pieces = new List<string>();
        for (var i = start; tokens[i].Kind != TokenKind.End && (i == start || !tokens[i].Is("AND")) && pieces.Count < 10; i++)
        {
            pieces.Add(tokens[i].Text);
        }

        return pieces.Count > 0 ? InvalidClauses(pieces) : InvalidClauses([source]);
    }

    private static CairnException InvalidClauses(IEnumerable<string> pieces) =>
        Refuse($"Invalid clause(s) in filter string: {string.Join(", ", pieces.Select(piece => $"'{(piece.Length <= 200 ? piece : string.Concat(piece.AsSpan(0, 200), "..."))}'"))}");

    private static CairnException Refuse(string message) => CairnException.Invalid("filter", message);
}
