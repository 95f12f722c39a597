using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Mlflow.Runs;

/// <summary>A batch whose form, names and limits are right.</summary>
internal sealed record Batch(
    RunId Run,
    IReadOnlyList<SeriesPoint> Points,
    IReadOnlyList<Param> Params,
    IReadOnlyList<KeyValuePair<string, string>> Tags)
{
    /// <summary>Those of the points that are also values of logged models.</summary>
    public IReadOnlyList<ModelPoint> ModelPoints { get; init; } = [];

    public const int MostMetrics = 1000;
    public const int MostParams = 100;
    public const int MostTags = 100;
    public const int MostTogether = 1000;
}
