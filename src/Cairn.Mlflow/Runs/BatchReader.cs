using Cairn.Core;
using Cairn.Core.LoggedModels;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.Metrics;
using Cairn.Mlflow.Wire;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// Reads a batch the careful way: every form that MLflow accepts, and for every fault the message that MLflow has for it.
/// The order of the checks is MLflow's, since the first fault is the one that is reported.
/// </summary>
internal static class BatchReader
{
    public static Batch Read(RequestBody body)
    {
        using var fields = RequestFields.Of(body);
        var run = fields.RunId();
        var metrics = ReadMetrics(fields);
        var parameters = fields.Pairs("params");
        var tags = fields.Pairs("tags");

        CheckRunId(run);
        var points = new SeriesPoint[metrics.Count];
        for (var i = 0; i < metrics.Count; i++)
        {
            points[i] = metrics[i].ToPoint($"metrics[{i}].");
        }

        for (var i = 0; i < parameters.Count; i++)
        {
            KeyRules.CheckParam(parameters[i].Key, parameters[i].Value, $"params[{i}].key");
        }

        for (var i = 0; i < tags.Count; i++)
        {
            KeyRules.CheckTag(tags[i].Key, tags[i].Value, $"tags[{i}].");
        }

        CheckLimit("metrics", Batch.MostMetrics, metrics.Count);
        CheckLimit("params", Batch.MostParams, parameters.Count);
        CheckLimit("tags", Batch.MostTags, tags.Count);
        CheckLimit("metrics, params, and tags", Batch.MostTogether, metrics.Count + parameters.Count + tags.Count);
        CheckTwins(parameters);
        return new Batch(RunId.Parse(run), points, [.. parameters.Select(pair => Param.Text(pair.Key, pair.Value))], tags)
        {
            ModelPoints = [.. metrics.Select((metric, i) => metric.ToModelPoint(points[i])).OfType<ModelPoint>()],
        };
    }

    private static List<MetricRequest> ReadMetrics(RequestFields fields)
    {
        var items = fields.Objects("metrics");
        var metrics = new List<MetricRequest>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var (at, item) = ($"metrics[{i}]", items[i]);
            metrics.Add(new MetricRequest(
                RequestFields.RequiredText($"{at}.key", item.Member("key", at)),
                RequestFields.RequiredNumber($"{at}.value", item.Member("value", at)),
                RequestFields.RequiredInteger($"{at}.timestamp", item.Member("timestamp", at)),
                item.Member("step", at) is { IsAbsent: false } step ? RequestFields.RequiredInteger($"{at}.step", step) : 0)
            {
                ModelId = RequestFields.OptionalText($"{at}.model_id", item.Member("model_id", at)),
                DatasetName = RequestFields.OptionalText($"{at}.dataset_name", item.Member("dataset_name", at)),
                DatasetDigest = RequestFields.OptionalText($"{at}.dataset_digest", item.Member("dataset_digest", at)),
            });
        }

        return metrics;
    }

    private static void CheckRunId(string run)
    {
        var good = run.Length is > 0 and <= 256
            && char.IsAsciiLetterOrDigit(run[0])
            && run.All(character => char.IsLetterOrDigit(character) || character is '_' or '-');
        if (!good)
        {
            throw CairnException.Invalid("run_id", $"Invalid value {PythonText.Json(run)} for parameter 'run_id' supplied.");
        }
    }

    private static void CheckLimit(string what, int most, int count)
    {
        if (count > most)
        {
            throw CairnException.Invalid(
                what,
                $"A batch logging request can contain at most {most} {what}. Got {count} {what}. Please split up {what} across multiple requests and try again.");
        }
    }

    private static void CheckTwins(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var twins = parameters.Where(pair => !seen.Add(pair.Key)).Select(pair => PythonText.Repr(pair.Key)).ToList();
        if (twins.Count > 0)
        {
            throw CairnException.Invalid(
                "params",
                $"Duplicate parameter keys have been submitted: [{string.Join(", ", twins)}]. Please ensure the request contains only one param value per param key.");
        }
    }
}
