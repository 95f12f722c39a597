using Cairn.Core;

namespace Cairn.Mlflow.Search;

/// <summary>MLflow's names and numbers for which lifecycles a search shows.</summary>
internal static class ViewTypes
{
    public static IReadOnlyDictionary<string, LifecycleFilter> ByName { get; } = new Dictionary<string, LifecycleFilter>(StringComparer.Ordinal)
    {
        ["ACTIVE_ONLY"] = LifecycleFilter.Active,
        ["DELETED_ONLY"] = LifecycleFilter.Deleted,
        ["ALL"] = LifecycleFilter.All,
    };

    public static IReadOnlyDictionary<long, LifecycleFilter> ByNumber { get; } = new Dictionary<long, LifecycleFilter>
    {
        [1] = LifecycleFilter.Active,
        [2] = LifecycleFilter.Deleted,
        [3] = LifecycleFilter.All,
    };
}
