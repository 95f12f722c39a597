using Cairn.Core.Search;

namespace Cairn.Mlflow.Search;

/// <summary>
/// How an unmodified client asks for more than MLflow's filters can say: it begins the filter with <c>extended:</c>. No
/// filter of MLflow's begins so, so every filter that is valid there means here what it means there, and every other is
/// refused here as it is there.
/// </summary>
internal static class ExtendedFilter
{
    private const string Mark = "extended:";

    public static (string? Filter, SearchDialect Dialect) Of(string? filter)
    {
        var text = filter.AsSpan().TrimStart();
        return text.StartsWith(Mark, StringComparison.OrdinalIgnoreCase)
            ? (text[Mark.Length..].ToString(), SearchDialect.Extended)
            : (filter, SearchDialect.Mlflow);
    }
}
