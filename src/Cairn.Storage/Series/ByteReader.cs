using System.Buffers.Binary;

namespace Cairn.Storage.Series;

/// <summary>Reads what <see cref="ByteWriter"/> wrote; refuses to read past the end.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> source = source;
    private int at;

    public readonly bool AtEnd => at >= source.Length;

    public byte Byte() => source[at++];

    public double Double()
    {
        var value = BinaryPrimitives.ReadDoubleLittleEndian(source[at..]);
        at += 8;
        return value;
    }

    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var next = source[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A stored number is longer than 64 bits: the series data is damaged.");
    }

    public long Signed()
    {
        var value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        var span = source.Slice(at, count);
        at += count;
        return span;
    }
}
