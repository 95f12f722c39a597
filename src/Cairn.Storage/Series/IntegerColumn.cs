using System.Buffers;

namespace Cairn.Storage.Series;

/// <summary>
/// A column of 64-bit integers in blocks of 128. Each block is stored as differences from its least value or, where that
/// is shorter, as differences between neighbours from their least; both packed to the width the block needs. Steps that
/// count up cost nothing, times cost their jitter, measured values cost the spread of their neighbourhood.
/// </summary>
internal static class IntegerColumn
{
    private const int BlockLength = 128;
    private const byte NeighbourFlag = 0x80;

    public static void Write(ReadOnlySpan<long> values, ByteWriter target)
    {
        Span<ulong> plain = stackalloc ulong[BlockLength];
        Span<ulong> steps = stackalloc ulong[BlockLength];
        var before = 0L;
        for (var start = 0; start < values.Length; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            var least = long.MaxValue;
            var leastStep = long.MaxValue;
            var last = before;
            foreach (var value in block)
            {
                least = Math.Min(least, value);
                leastStep = Math.Min(leastStep, unchecked(value - last));
                last = value;
            }

            ulong greatest = 0;
            ulong greatestStep = 0;
            last = before;
            for (var i = 0; i < block.Length; i++)
            {
                plain[i] = unchecked((ulong)(block[i] - least));
                steps[i] = unchecked((ulong)(block[i] - last - leastStep));
                greatest |= plain[i];
                greatestStep |= steps[i];
                last = block[i];
            }

            before = last;
            var width = BitPacking.Width(greatest);
            var stepWidth = BitPacking.Width(greatestStep);
            var neighbours = stepWidth < width;
            target.Byte(neighbours ? (byte)(stepWidth | NeighbourFlag) : (byte)width);
            target.Signed(neighbours ? leastStep : least);
            var packed = neighbours ? steps : plain;
            var used = neighbours ? stepWidth : width;
            BitPacking.Pack(packed[..block.Length], used, target.Take(BitPacking.Bytes(block.Length, used)));
        }
    }

    public static void Read(ref ByteReader source, Span<long> values)
    {
        var packed = ArrayPool<ulong>.Shared.Rent(BlockLength);
        var before = 0L;
        for (var start = 0; start < values.Length; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            var head = source.Byte();
            var width = head & ~NeighbourFlag;
            var least = source.Signed();
            var numbers = packed.AsSpan(0, block.Length);
            BitPacking.Unpack(source.Take(BitPacking.Bytes(block.Length, width)), width, numbers);
            if ((head & NeighbourFlag) == 0)
            {
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = unchecked(least + (long)numbers[i]);
                }
            }
            else
            {
                for (var i = 0; i < block.Length; i++)
                {
                    before = unchecked(before + least + (long)numbers[i]);
                    block[i] = before;
                }
            }

            before = block[^1];
        }

        ArrayPool<ulong>.Shared.Return(packed);
    }
}
