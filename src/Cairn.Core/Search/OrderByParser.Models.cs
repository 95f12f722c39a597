namespace Cairn.Core.Search;

/// <content>Orders of the model registry.</content>
public static partial class OrderByParser
{
    private static readonly Dictionary<string, RecordAttribute> ModelOrders = new(StringComparer.Ordinal)
    {
        ["name"] = RecordAttribute.Name,
        ["timestamp"] = RecordAttribute.UpdatedAt,
        ["last_updated_timestamp"] = RecordAttribute.UpdatedAt,
    };

    /// <summary>Order of registered models; by name where nothing is asked for.</summary>
    /// <inheritdoc cref="ParseRunOrder"/>
    public static IReadOnlyList<Ordering> ParseModelOrder(IReadOnlyList<string> clauses, SearchDialect dialect = SearchDialect.Mlflow) =>
        Parse(clauses, name => ModelOrders.TryGetValue(name, out var attribute)
            ? new NamedField(Field.Of(attribute), name, IsDataset: false)
            : throw Refuse($"Invalid order by key '{Shorten(name)}' specified. Valid keys are '{{'name', 'last_updated_timestamp'}}'"), dialect);

    /// <summary>Order of versions of models; those changed last come first where nothing is asked for.</summary>
    /// <inheritdoc cref="ParseRunOrder"/>
    public static IReadOnlyList<Ordering> ParseModelVersionOrder(IReadOnlyList<string> clauses, SearchDialect dialect = SearchDialect.Mlflow)
    {
        if (clauses.Count == 0)
        {
            return [new Ordering(Field.Of(RecordAttribute.UpdatedAt), Descending: true)];
        }

        var orderings = Parse(clauses, SearchVocabulary.VersionOrder, dialect);
        return orderings.Any(ordering => ordering.Field.Kind != FieldKind.Attribute)
            ? throw Refuse("Invalid order_by entity: tag")
            : orderings;
    }
}
