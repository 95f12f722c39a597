using System.Buffers.Binary;
using System.Numerics;

namespace Cairn.Storage.Series;

/// <summary>Packs unsigned numbers of one bit width behind each other, least significant bit first.</summary>
internal static class BitPacking
{
    public static int Width(ulong greatest) => 64 - BitOperations.LeadingZeroCount(greatest);

    public static int Bytes(int count, int width) => (int)(((long)count * width + 7) / 8);

    public static void Pack(ReadOnlySpan<ulong> values, int width, Span<byte> target)
    {
        if (width == 64)
        {
            for (var i = 0; i < values.Length; i++)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(target[(i * 8)..], values[i]);
            }

            return;
        }

        var held = UInt128.Zero;
        var bits = 0;
        var at = 0;
        foreach (var value in values)
        {
            held |= (UInt128)value << bits;
            bits += width;
            while (bits >= 8)
            {
                target[at++] = (byte)held;
                held >>= 8;
                bits -= 8;
            }
        }

        if (bits > 0)
        {
            target[at] = (byte)held;
        }
    }

    public static void Unpack(ReadOnlySpan<byte> source, int width, Span<ulong> values)
    {
        if (width == 64)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = BinaryPrimitives.ReadUInt64LittleEndian(source[(i * 8)..]);
            }

            return;
        }

        var mask = (1UL << width) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var bit = (long)i * width;
            values[i] = (Load(source, (int)(bit >> 3)) >> (int)(bit & 7)) & mask;
            var taken = 64 - (int)(bit & 7);
            if (taken < width)
            {
                values[i] |= ((ulong)source[(int)(bit >> 3) + 8] << taken) & mask;
            }
        }
    }

    private static ulong Load(ReadOnlySpan<byte> source, int at)
    {
        if (at + 8 <= source.Length)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(source[at..]);
        }

        ulong value = 0;
        for (var i = source.Length - 1; i >= at; i--)
        {
            value = (value << 8) | source[i];
        }

        return value;
    }
}
