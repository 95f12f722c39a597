using System.Runtime.CompilerServices;
using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Core.Series;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>
/// Writes a run as an import takes it, its points in pieces: a run may have ten million, and nobody needs them in memory
/// at once. A piece has always the same points, however they are kept, so that exports can be compared.
/// </summary>
internal static class RunExportBody
{
    private const int PointsInPiece = 50_000;

    /// <summary>Parts in which a long series is read.</summary>
    private const int Parts = 256;

    /// <param name="http">Where to.</param>
    /// <param name="run">All but the points.</param>
    /// <param name="keys">Its series, in their order.</param>
    public static async Task WriteAsync(HttpContext http, Wire.ImportRun run, IReadOnlyList<string> keys)
    {
        var (id, points) = (RunId.Parse(run.Id), http.RequestServices.GetRequiredService<ISeriesStore>());
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        foreach (var field in JsonSerializer.SerializeToElement(run, Wire.CairnJson.Default.ImportRun).EnumerateObject())
        {
            field.WriteTo(writer);
        }

        writer.WriteStartArray("series"u8);
        foreach (var key in keys)
        {
            await foreach (var piece in PiecesAsync(points, id, key, http.RequestAborted))
            {
                JsonSerializer.Serialize(
                    writer,
                    new Wire.ImportSeries(key, piece.ConvertAll(point => point.Step), piece.ConvertAll(point => point.Time), piece.ConvertAll(point => point.Value)),
                    Wire.CairnJson.Default.ImportSeries);
                writer.Flush();
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static async IAsyncEnumerable<List<MetricPoint>> PiecesAsync(ISeriesStore points, RunId run, string key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var waiting = new List<MetricPoint>();
        foreach (var range in await RangesAsync(points, run, key, cancellation))
        {
            waiting.AddRange((await points.ReadAsync(run, key, range, cancellation)).Points);
            while (waiting.Count > PointsInPiece)
            {
                yield return waiting[..PointsInPiece];
                waiting.RemoveRange(0, PointsInPiece);
            }
        }

        if (waiting.Count > 0)
        {
            yield return waiting;
        }
    }

    /// <summary>Steps that together are all, with a part of a long series in each.</summary>
    private static async Task<IReadOnlyList<StepRange>> RangesAsync(ISeriesStore points, RunId run, string key, CancellationToken cancellation)
    {
        var sample = await points.SampleAsync(run, key, StepRange.All, Parts, cancellation);
        if (sample.Count <= 2 * PointsInPiece)
        {
            return [StepRange.All];
        }

        var (ranges, first) = (new List<StepRange>(), long.MinValue);
        foreach (var last in sample.Points.Select(point => point.Step).Distinct().Where(step => step < long.MaxValue))
        {
            ranges.Add(new StepRange(first, last));
            first = last + 1;
        }

        ranges.Add(new StepRange(first, long.MaxValue));
        return ranges;
    }
}
