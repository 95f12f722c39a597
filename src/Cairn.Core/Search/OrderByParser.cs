namespace Cairn.Core.Search;

/// <summary>Reads order-by clauses such as <c>metrics.acc DESC</c> or <c>attributes.start_time</c>.</summary>
public static partial class OrderByParser
{
    /// <summary>Clauses in one search.</summary>
    public const int MostClauses = 50;

    /// <summary>Order of runs; the first clause is strongest.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>, in MLflow's words where it has any.</exception>
    public static IReadOnlyList<Ordering> ParseRunOrder(IReadOnlyList<string> clauses, SearchDialect dialect = SearchDialect.Mlflow) =>
        Parse(clauses, SearchVocabulary.RunOrder, dialect);

    /// <summary>
    /// Order of experiments: newest first where nothing is asked for; otherwise ties are broken by the greater id.
    /// </summary>
    /// <inheritdoc cref="ParseRunOrder"/>
    public static IReadOnlyList<Ordering> ParseExperimentOrder(IReadOnlyList<string> clauses, SearchDialect dialect = SearchDialect.Mlflow)
    {
        if (clauses.Count == 0)
        {
            return
            [
                new Ordering(Field.Of(RecordAttribute.CreatedAt), Descending: true),
                new Ordering(Field.Of(RecordAttribute.Id), Descending: false),
            ];
        }

        var orderings = Parse(clauses, SearchVocabulary.ExperimentOrder, dialect);
        if (orderings.FirstOrDefault(ordering => ordering.Field.Kind != FieldKind.Attribute) is { Field.Key: not null })
        {
            throw Refuse("Invalid order_by entity: tag");
        }

        return orderings.Any(ordering => ordering.Field.Attribute == RecordAttribute.Id)
            ? orderings
            : [.. orderings, new Ordering(Field.Of(RecordAttribute.Id), Descending: true)];
    }

    private static List<Ordering> Parse(IReadOnlyList<string> clauses, SearchVocabulary vocabulary, SearchDialect dialect) =>
        Parse(clauses, name => vocabulary.Resolve(name, dialect), dialect);

    private static List<Ordering> Parse(IReadOnlyList<string> clauses, Func<string, NamedField> resolve, SearchDialect dialect)
    {
        if (clauses.Count > MostClauses)
        {
            throw Refuse($"'order_by' has {clauses.Count} clauses; at most {MostClauses} are read.");
        }

        var orderings = new List<Ordering>(clauses.Count);
        foreach (var clause in clauses)
        {
            var ordering = Parse(clause, resolve, dialect);
            if (orderings.Any(other => other.Field == ordering.Field))
            {
                throw Refuse($"`order_by` contains duplicate fields: [{string.Join(", ", clauses.Select(text => $"'{text}'"))}]");
            }

            orderings.Add(ordering);
        }

        return orderings;
    }

    private static Ordering Parse(string clause, Func<string, NamedField> resolve, SearchDialect dialect)
    {
        var tokens = clause.Length <= FilterParser.LongestFilter ? FilterLexer.Read(clause, dialect) : [];
        if (tokens.Count is < 2 or > 3 || tokens[0].Kind != TokenKind.Word || tokens[0].IsReserved || (tokens.Count == 3 && tokens[1].Kind != TokenKind.Word))
        {
            throw Refuse($"Invalid order_by clause '{Shorten(clause)}'. Could not be parsed.");
        }

        var descending = tokens[1].Is("DESC");
        if (tokens.Count == 3 && !descending && !tokens[1].Is("ASC"))
        {
            throw Refuse($"Invalid ordering key in order_by clause '{Shorten(clause)}'.");
        }

        var name = resolve(tokens[0].Text);
        return name.IsDataset
            ? throw Refuse("Invalid identifier type 'dataset'")
            : new Ordering(name.Field, descending);
    }

    private static string Shorten(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, 200), "...");

    private static CairnException Refuse(string message) => CairnException.Invalid("order_by", message);
}
