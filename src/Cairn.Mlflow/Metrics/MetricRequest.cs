using Cairn.Core;
using Cairn.Core.Series;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Metrics;

/// <summary>A point as it stands in a request, before anything is known to be right about it.</summary>
internal readonly record struct MetricRequest(string Key, double Value, long Time, long Step)
{
    /// <summary>The point, checked in MLflow's order and words.</summary>
    /// <param name="path">Where it stands in the request, such as <c>metrics[3].</c>, or "".</param>
    public SeriesPoint ToPoint(string path)
    {
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
