using System.Buffers;
using Cairn.Core.Series;

namespace Cairn.Storage.Series;

/// <summary>Up to <see cref="Capacity"/> points of one series as one compact piece of bytes: count, steps, times, values.</summary>
internal static class ChunkCodec
{
    public const int Capacity = 4096;

    // 1 had no blocks along a line, and is read as 2 is.
    private const byte Format = 2;

    public static byte[] Encode(ReadOnlySpan<MetricPoint> points)
    {
        var target = new ByteWriter();
        target.Byte(Format);
        target.Unsigned((ulong)points.Length);
        var rented = ArrayPool<long>.Shared.Rent(points.Length);
        var integers = rented.AsSpan(0, points.Length);
        for (var i = 0; i < points.Length; i++)
        {
            integers[i] = points[i].Step;
        }

        IntegerColumn.Write(integers, target);
        for (var i = 0; i < points.Length; i++)
        {
            integers[i] = points[i].Time;
        }

        IntegerColumn.Write(integers, target);
        ArrayPool<long>.Shared.Return(rented);

        var doubles = ArrayPool<double>.Shared.Rent(points.Length);
        for (var i = 0; i < points.Length; i++)
        {
            doubles[i] = points[i].Value;
        }

        ValueColumn.Write(doubles.AsSpan(0, points.Length), target);
        ArrayPool<double>.Shared.Return(doubles);
        var encoded = target.ToArray();
        target.Release();
        return encoded;
    }

    public static void Decode(ReadOnlySpan<byte> data, List<MetricPoint> points)
    {
        var source = new ByteReader(data);
        var format = source.Byte();
        if (format is 0 or > Format)
        {
            throw new InvalidDataException($"Series data of format {format} was written by a newer Cairn.");
        }

        var count = (int)source.Unsigned();
        var steps = ArrayPool<long>.Shared.Rent(count);
        var times = ArrayPool<long>.Shared.Rent(count);
        var values = ArrayPool<double>.Shared.Rent(count);
        IntegerColumn.Read(ref source, steps.AsSpan(0, count));
        IntegerColumn.Read(ref source, times.AsSpan(0, count));
        ValueColumn.Read(ref source, values.AsSpan(0, count));
        points.EnsureCapacity(points.Count + count);
        for (var i = 0; i < count; i++)
        {
            points.Add(new MetricPoint(steps[i], times[i], values[i]));
        }

        ArrayPool<long>.Shared.Return(steps);
        ArrayPool<long>.Shared.Return(times);
        ArrayPool<double>.Shared.Return(values);
    }
}
