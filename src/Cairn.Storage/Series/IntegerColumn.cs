using System.Buffers;

namespace Cairn.Storage.Series;

/// <summary>
/// A column of 64-bit integers in blocks of 128, each stored in whichever of three ways is shortest: as differences from
/// its least value, as differences between neighbours, or as differences from a straight line; all packed to the width
/// the block needs. Steps that count up cost nothing, times cost their jitter, measured values cost what of their
/// neighbourhood is noise and not trend.
/// </summary>
internal static class IntegerColumn
{
    private const int BlockLength = 128;

    // A block's first byte: its width (0–64), with the highest bit where differences are between neighbours; or, beyond the
    // greatest width, the width of differences from a line.
    private const byte NeighbourFlag = 0x80;
    private const int LineFrom = 65;
    private const int GreatestLineWidth = NeighbourFlag - 1 - LineFrom;

    // A line's slope is in 256ths: over a block it is off by half a unit at most.
    private const int SlopeBits = 8;

    // What a slope may take, at most nearly: a line must save more than that.
    private const int SlopeLength = 9;

    public static void Write(ReadOnlySpan<long> values, ByteWriter target)
    {
        Span<long> differences = stackalloc long[BlockLength];
        Span<ulong> plain = stackalloc ulong[BlockLength];
        Span<ulong> other = stackalloc ulong[BlockLength];
        var before = 0L;
        for (var start = 0; start < values.Length; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            var best = new Fit(block, plain, 0);
            var apart = differences[..block.Length];
            for (var i = 0; i < block.Length; i++)
            {
                apart[i] = unchecked(block[i] - before);
                before = block[i];
            }

            var neighbours = new Fit(apart, other, NeighbourFlag);
            var spare = other;
            if (neighbours.Width < best.Width)
            {
                best = neighbours;
                spare = plain;
            }

            long? slope = null;
            if (best.Length > SlopeLength)
            {
                var steepness = Slope(block);
                for (var i = 0; i < block.Length; i++)
                {
                    apart[i] = unchecked(block[i] - Line(steepness, i));
                }

                var line = new Fit(apart, spare, LineFrom);
                if (line.Width <= GreatestLineWidth && line.Length + SlopeLength < best.Length)
                {
                    best = line;
                    slope = steepness;
                }
            }

            target.Byte((byte)(best.Mark + best.Width));
            target.Signed(best.Least);
            if (slope is { } written)
            {
                target.Signed(written);
            }

            BitPacking.Pack(best.Above, best.Width, target.Take(best.Length));
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
            var isNeighbours = (head & NeighbourFlag) != 0;
            var width = head & ~NeighbourFlag;
            var least = source.Signed();
            var slope = 0L;
            if (!isNeighbours && width >= LineFrom)
            {
                width -= LineFrom;
                slope = source.Signed();
            }

            var numbers = packed.AsSpan(0, block.Length);
            BitPacking.Unpack(source.Take(BitPacking.Bytes(block.Length, width)), width, numbers);
            if (isNeighbours)
            {
                for (var i = 0; i < block.Length; i++)
                {
                    before = unchecked(before + least + (long)numbers[i]);
                    block[i] = before;
                }
            }
            else
            {
                for (var i = 0; i < block.Length; i++)
                {
                    block[i] = unchecked(least + (long)numbers[i] + Line(slope, i));
                }
            }

            before = block[^1];
        }

        ArrayPool<ulong>.Shared.Return(packed);
    }

    /// <summary>From the middle of the first half to the middle of the second: two noisy ends would say little.</summary>
    private static long Slope(ReadOnlySpan<long> block)
    {
        var half = block.Length / 2;
        var rise = 0.0;
        for (var i = 0; i < half; i++)
        {
            rise += unchecked(block[block.Length - half + i] - block[i]);
        }

        return (long)(rise / half / (block.Length - half) * (1 << SlopeBits));
    }

    // Whatever overflows here does so alike when writing and reading.
    private static long Line(long slope, int index) => unchecked(slope * index) >> SlopeBits;

    /// <summary>How far each number of a block lies above the least of them, and the width that this takes.</summary>
    private readonly ref struct Fit
    {
        public Fit(ReadOnlySpan<long> values, Span<ulong> above, byte mark)
        {
            Least = long.MaxValue;
            foreach (var value in values)
            {
                Least = Math.Min(Least, value);
            }

            ulong union = 0;
            for (var i = 0; i < values.Length; i++)
            {
                above[i] = unchecked((ulong)(values[i] - Least));
                union |= above[i];
            }

            Above = above[..values.Length];
            Mark = mark;
            Width = BitPacking.Width(union);
        }

        public ReadOnlySpan<ulong> Above { get; }

        public long Least { get; }

        public byte Mark { get; }

        public int Width { get; }

        public int Length => BitPacking.Bytes(Above.Length, Width);
    }
}
