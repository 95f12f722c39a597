using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Series;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Metrics;

/// <summary>One series of several runs, as MLflow's web pages ask for it.</summary>
internal sealed class BulkHistory(ISeriesStore series)
{
    private const int MostRuns = 100;
    private const int MostPoints = 25_000;

    public async Task HandleAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var runs = fields.Texts("run_id");
        if (runs.Count == 0)
        {
            throw CairnException.Invalid("run_id", "GetMetricHistoryBulk request must specify at least one run_id.");
        }

        if (runs.Count > MostRuns)
        {
            throw CairnException.Invalid(
                "run_id",
                $"GetMetricHistoryBulk request cannot specify more than {MostRuns} run_ids. Received {runs.Count} run_ids.");
        }

        var key = fields.Text("metric_key") ?? throw CairnException.Invalid("metric_key", "GetMetricHistoryBulk request must specify a metric_key.");
        var most = Math.Clamp(fields.Integer("max_results") ?? MostPoints, 0, MostPoints);

        var found = new List<RunPoint>();
        foreach (var run in runs.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (found.Count < most)
            {
                var points = await MetricHistory.ReadAsync(series, run, key, context.RequestAborted);
                found.AddRange(points.Take((int)most - found.Count).Select(point => new RunPoint(run, point)));
            }
        }

        await WriteAsync(context, key, found, evenIfEmpty: true);
    }

    /// <summary>Points with the run they belong to.</summary>
    public static async Task WriteAsync(HttpContext context, string key, List<RunPoint> points, bool evenIfEmpty)
    {
        var name = JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        await JsonAnswer.StreamAsync(
            context,
            "metrics",
            points,
            (writer, point) =>
            {
                writer.WriteStartObject();
                writer.WriteString("key"u8, name);
                RunWriter.WritePoint(writer, point.Point);
                writer.WriteString("run_id"u8, point.Run);
                writer.WriteEndObject();
            },
            writer =>
            {
                if (evenIfEmpty && points.Count == 0)
                {
                    writer.WriteStartArray("metrics"u8);
                    writer.WriteEndArray();
                }
            });
    }
}

/// <summary>A point and its run.</summary>
internal readonly record struct RunPoint(string Run, MetricPoint Point);
