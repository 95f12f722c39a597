using System.Buffers.Binary;
using System.Text;

namespace Cairn.Mlflow.Traces;

/// <summary>
/// Reads protobuf's wire format, field by field. It is small because what it is for is: a few messages of OpenTelemetry.
/// Anything that is not well-formed is an <see cref="InvalidDataException"/>.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> rest = bytes;
    private int wire;

    /// <summary>The number of the field the reader stands on.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; its value must then be read or skipped.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        var key = ReadRawVarint();
        (Field, wire) = ((int)(key >> 3), (int)(key & 7));
        return Field > 0 ? true : throw Broken();
    }

    public ulong ReadVarint() => wire == 0 ? ReadRawVarint() : throw Broken();

    public ulong ReadFixed64()
    {
        Require(wire == 1 && rest.Length >= 8);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        rest = rest[8..];
        return value;
    }

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    public ReadOnlySpan<byte> ReadBytes()
    {
        Require(wire == 2);
        var length = ReadRawVarint();
        Require(length <= (ulong)rest.Length);
        var value = rest[..(int)length];
        rest = rest[(int)length..];
        return value;
    }

    public string ReadText() => Encoding.UTF8.GetString(ReadBytes());

    public void Skip()
    {
        switch (wire)
        {
            case 0:
                ReadRawVarint();
                break;
            case 1:
                ReadFixed64();
                break;
            case 2:
                ReadBytes();
                break;
            case 5:
                Require(rest.Length >= 4);
                rest = rest[4..];
                break;
            default:
                throw Broken();
        }
    }

    private ulong ReadRawVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            Require(!rest.IsEmpty);
            var next = rest[0];
            rest = rest[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw Broken();
        }
    }

    private static InvalidDataException Broken() => new("The bytes are no protobuf message.");
}
