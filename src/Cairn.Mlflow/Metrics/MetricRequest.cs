using Cairn.Core;
using Cairn.Core.LoggedModels;
using Cairn.Core.Series;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Metrics;

/// <summary>A point as it stands in a request, before anything is known to be right about it.</summary>
internal readonly record struct MetricRequest(string Key, double Value, long Time, long Step)
{
    /// <summary>The logged model that the value is of, or null.</summary>
    public string? ModelId { get; init; }

    /// <summary>The data on which it was measured, or null.</summary>
    public string? DatasetName { get; init; }

    /// <summary>The state of that data, or null.</summary>
    public string? DatasetDigest { get; init; }

    /// <summary>The same value as one of its model; null where it has none.</summary>
    public ModelPoint? ToModelPoint(SeriesPoint point) =>
        string.IsNullOrEmpty(ModelId) ? null : new ModelPoint(ModelId, point, DatasetName, DatasetDigest);

    /// <summary>The point, checked in MLflow's order and words.</summary>
    /// <param name="path">Where it stands in the request, such as <c>metrics[3].</c>, or "".</param>
    public SeriesPoint ToPoint(string path)
    {
        if (string.IsNullOrEmpty(DatasetName) != string.IsNullOrEmpty(DatasetDigest))
        {
            throw CairnException.Invalid(
                path + (string.IsNullOrEmpty(DatasetName) ? "dataset_name" : "dataset_digest"),
                "Both dataset_name and dataset_digest must be provided if one is provided");
        }

        KeyRules.CheckMetric(Key, path + "name");
        if (Time < 0)
        {
            throw CairnException.Invalid(
                path + "timestamp",
                $"Invalid value {Time} for parameter '{path}timestamp' supplied: metric '{Key}' (value={PythonText.Float(Value)}). Timestamp must be a nonnegative long (64-bit integer) ");
        }

        return new SeriesPoint(Key, new MetricPoint(Step, Time, Value));
    }
}
