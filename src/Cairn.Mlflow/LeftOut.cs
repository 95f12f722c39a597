namespace Cairn.Mlflow;

/// <summary>The addresses of MLflow 2 and 3 that Cairn knows and does not have yet. They answer 501 with their name.</summary>
internal static class LeftOut
{
    /// <summary>Under <c>/api/…</c> and <c>/ajax-api/…</c>.</summary>
    public static IReadOnlyList<MlflowRoute> Api { get; } =
    [
        new("GET", "2.0/mlflow/unified-traces", "searchUnifiedTraces"),
        new("GET", "2.0/mlflow/get-online-trace-details", "getOnlineTraceDetails"),
    ];

    /// <summary>At the root.</summary>
    public static IReadOnlyList<MlflowRoute> Root { get; } =
    [
    ];
}
