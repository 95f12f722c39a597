using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Metrics;

/// <summary>All points of a series, in the order in which they were measured; in pages where the client asks for them.</summary>
internal sealed class MetricHistory(ISeriesStore series)
{
    public async Task HandleAsync(HttpContext context)
    {
        string run, key;
        int offset;
        long? size;
        using (var fields = await RequestFields.ReadAsync(context))
        {
            (run, key) = (fields.RunId(), fields.RequiredText("metric_key"));
            offset = PageToken.Read(fields.Text("page_token"));
            size = fields.Integer("max_results");
        }

        // A client that asks for none gets none; it could not go on from a page of nothing.
        if (size == 0)
        {
            await JsonAnswer.EmptyAsync(context);
            return;
        }

        var points = await ReadAsync(series, run, key, context.RequestAborted);
        var end = size > 0 ? (int)Math.Min(points.Count, offset + Math.Min(size.Value, int.MaxValue)) : points.Count;
        var name = JsonEncodedText.Encode(key, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        await JsonAnswer.StreamAsync(
            context,
            "metrics",
            Slice(points, offset, end),
            (writer, point) =>
            {
                writer.WriteStartObject();
                writer.WriteString("key"u8, name);
                RunWriter.WritePoint(writer, point);
                writer.WriteEndObject();
            },
            writer =>
            {
                if (end < points.Count)
                {
                    writer.WriteString("next_page_token"u8, PageToken.Write(end));
                }
            });
    }

    /// <summary>
    /// The points by (time, step, value), which is MLflow's order, not the store's. A run or series that is not there has
    /// none: MLflow does not look whether the run exists.
    /// </summary>
    public static async Task<IReadOnlyList<MetricPoint>> ReadAsync(ISeriesStore series, string run, string key, CancellationToken cancellationToken)
    {
        if (!RunId.TryParse(run, out var id))
        {
            return [];
        }

        try
        {
            var slice = await series.ReadAsync(id, key, StepRange.All, cancellationToken);
            return InTimeOrder(slice.Points);
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            return [];
        }
    }

    // Nearly always time grows with the step, and there is nothing to sort.
    private static IReadOnlyList<MetricPoint> InTimeOrder(IReadOnlyList<MetricPoint> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            if (points[i].Time < points[i - 1].Time)
            {
                return [.. points.OrderBy(point => point.Time).ThenBy(point => point)];
            }
        }

        return points;
    }

    private static IReadOnlyList<MetricPoint> Slice(IReadOnlyList<MetricPoint> points, int start, int end) =>
        start == 0 && end == points.Count ? points : [.. points.Skip(start).Take(end - start)];
}
