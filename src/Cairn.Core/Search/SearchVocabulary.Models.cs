namespace Cairn.Core.Search;

/// <content>The names of registered models and of their versions.</content>
internal sealed partial class SearchVocabulary
{
    private static readonly Dictionary<string, RecordAttribute> ModelFilters = new(StringComparer.Ordinal)
    {
        ["name"] = RecordAttribute.Name,
    };

    private static readonly Dictionary<string, RecordAttribute> VersionFilters = new(StringComparer.Ordinal)
    {
        ["name"] = RecordAttribute.Name,
        ["version_number"] = RecordAttribute.VersionNumber,
        ["run_id"] = RecordAttribute.RunId,
        ["source_path"] = RecordAttribute.Source,
    };

    private static readonly Dictionary<string, RecordAttribute> VersionOrders = new(StringComparer.Ordinal)
    {
        ["name"] = RecordAttribute.Name,
        ["version_number"] = RecordAttribute.VersionNumber,
        ["creation_timestamp"] = RecordAttribute.CreatedAt,
        ["last_updated_timestamp"] = RecordAttribute.UpdatedAt,
    };

    public static SearchVocabulary ModelFilter { get; } = new(isRuns: false, ModelFilters);

    public static SearchVocabulary VersionFilter { get; } = new(isRuns: false, VersionFilters);

    public static SearchVocabulary VersionOrder { get; } = new(isRuns: false, VersionOrders);
}
