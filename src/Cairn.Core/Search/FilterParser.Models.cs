namespace Cairn.Core.Search;

/// <content>Filters over the model registry.</content>
public sealed partial class FilterParser
{
    /// <summary>A filter over registered models; null for an empty one.</summary>
    /// <inheritdoc cref="ParseRunFilter"/>
    public static Condition? ParseModelFilter(string? text, SearchDialect dialect = SearchDialect.Mlflow) =>
        Parse(text, SearchVocabulary.ModelFilter, dialect);

    /// <summary>A filter over versions of models; null for an empty one.</summary>
    /// <inheritdoc cref="ParseRunFilter"/>
    public static Condition? ParseModelVersionFilter(string? text, SearchDialect dialect = SearchDialect.Mlflow) =>
        Parse(text, SearchVocabulary.VersionFilter, dialect);
}
