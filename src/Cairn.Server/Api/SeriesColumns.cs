using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using Cairn.Core.Runs;
using Cairn.Core.Series;

namespace Cairn.Server.Api;

/// <summary>
/// A series as bytes that a page draws from without reading numbers as text. One record for each series: the length of the
/// head (four bytes), the head as JSON, filled up with spaces so that what follows begins at a multiple of eight; then the
/// steps, the times where they are asked for, and the values, each as little-endian doubles.
/// </summary>
internal static class SeriesColumns
{
    private const int Word = 8;

    public static void Write(IBufferWriter<byte> target, RunId run, SeriesSlice series, bool withTimes)
    {
        var head = Head(run, series, withTimes);
        var padded = ((sizeof(uint) + head.Length + Word - 1) / Word * Word) - sizeof(uint);
        var length = sizeof(uint) + padded;
        var span = target.GetSpan(length);
        BinaryPrimitives.WriteUInt32LittleEndian(span, (uint)padded);
        head.CopyTo(span[sizeof(uint)..]);
        span[(sizeof(uint) + head.Length)..length].Fill((byte)' ');
        target.Advance(length);
        Column(target, series.Points, static point => point.Step);
        if (withTimes)
        {
            Column(target, series.Points, static point => point.Time);
        }

        Column(target, series.Points, static point => point.Value);
    }

    private static byte[] Head(RunId run, SeriesSlice series, bool withTimes)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("run", run.Value);
            writer.WriteString("key", series.Key);
            writer.WriteNumber("count", series.Count);
            writer.WriteNumber("points", series.Points.Count);
            writer.WriteBoolean("times", withTimes);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Column(IBufferWriter<byte> target, IReadOnlyList<MetricPoint> points, Func<MetricPoint, double> value)
    {
        const int slice = 1024;
        for (var start = 0; start < points.Count; start += slice)
        {
            var count = Math.Min(slice, points.Count - start);
            var span = target.GetSpan(count * Word);
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteDoubleLittleEndian(span[(i * Word)..], value(points[start + i]));
            }

            target.Advance(count * Word);
        }
    }
}
