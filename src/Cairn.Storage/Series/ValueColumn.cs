using System.Buffers;
using System.Numerics;

namespace Cairn.Storage.Series;

/// <summary>
/// A column of doubles, stored without loss as integers in one of two ways, whichever is shorter: as decimal numbers
/// (0.125 = 125 · 10⁻³, what most logged values look like), or as their bit patterns
/// (neighbouring values have neighbouring patterns) stripped of the zero bits all of them end with (single-precision values end with 29).
/// </summary>
internal static class ValueColumn
{
    private const byte Patterns = 0;
    private const byte Decimals = 1;
    private const int GreatestExponent = 12;
    private const double GreatestExact = 1L << 53;

    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    public static void Write(ReadOnlySpan<double> values, ByteWriter target)
    {
        var integers = ArrayPool<long>.Shared.Rent(values.Length);
        var numbers = integers.AsSpan(0, values.Length);
        var start = target.Length;
        var zeros = ToPatterns(values, numbers);
        target.Byte(Patterns);
        target.Byte((byte)zeros);
        IntegerColumn.Write(numbers, target);

        if (ToDecimals(values, numbers) is { } exponent)
        {
            var decimals = new ByteWriter();
            decimals.Byte(Decimals);
            decimals.Byte((byte)exponent);
            IntegerColumn.Write(numbers, decimals);
            if (decimals.Length < target.Length - start)
            {
                target.Truncate(start);
                decimals.Written.CopyTo(target.Take(decimals.Length));
            }

            decimals.Release();
        }

        ArrayPool<long>.Shared.Return(integers);
    }

    public static void Read(ref ByteReader source, Span<double> values)
    {
        var integers = ArrayPool<long>.Shared.Rent(values.Length);
        var numbers = integers.AsSpan(0, values.Length);
        var kind = source.Byte();
        var scale = source.Byte();
        IntegerColumn.Read(ref source, numbers);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = kind == Decimals ? numbers[i] / Powers[scale] : BitConverter.Int64BitsToDouble(numbers[i] << scale);
        }

        ArrayPool<long>.Shared.Return(integers);
    }

    private static int ToPatterns(ReadOnlySpan<double> values, Span<long> patterns)
    {
        long union = 0;
        for (var i = 0; i < values.Length; i++)
        {
            patterns[i] = BitConverter.DoubleToInt64Bits(values[i]);
            union |= patterns[i];
        }

        var zeros = union == 0 ? 0 : BitOperations.TrailingZeroCount(union);
        for (var i = 0; zeros > 0 && i < patterns.Length; i++)
        {
            patterns[i] >>= zeros;
        }

        return zeros;
    }

    private static int? ToDecimals(ReadOnlySpan<double> values, Span<long> numbers)
    {
        var exponent = 0;
        for (var i = 0; i < values.Length; i++)
        {
            while (!TryScale(values[i], exponent, out numbers[i]))
            {
                // A finer scale is needed: what was converted so far is converted again below.
                if (++exponent > GreatestExponent)
                {
                    return null;
                }
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!TryScale(values[i], exponent, out numbers[i]))
            {
                return null;
            }
        }

        return exponent;
    }

    private static bool TryScale(double value, int exponent, out long number)
    {
        var scaled = Math.Round(value * Powers[exponent]);
        number = Math.Abs(scaled) < GreatestExact ? (long)scaled : 0;
        return Math.Abs(scaled) < GreatestExact
            && BitConverter.DoubleToInt64Bits(number / Powers[exponent]) == BitConverter.DoubleToInt64Bits(value);
    }
}
