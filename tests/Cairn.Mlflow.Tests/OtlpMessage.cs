using System.Buffers.Binary;
using System.Text;

namespace Cairn.Mlflow.Tests;

/// <summary>Writes OpenTelemetry export requests, so that tests send what exporters send.</summary>
internal sealed class OtlpMessage
{
    private readonly List<byte> bytes = [];

    public byte[] Bytes => [.. bytes];

    /// <summary>A whole request of these spans.</summary>
    public static byte[] Request(params OtlpMessage[] spans)
    {
        var scope = new OtlpMessage();
        foreach (var span in spans)
        {
            scope.Message(2, span);
        }

        return new OtlpMessage().Message(1, new OtlpMessage().Message(2, scope)).Bytes;
    }

    public static OtlpMessage Span(string trace, string id, string? parent, string name, long start, long end, int status = 1, params (string Key, OtlpMessage Value)[] attributes)
    {
        var span = new OtlpMessage().Blob(1, Convert.FromHexString(trace)).Blob(2, Convert.FromHexString(id));
        if (parent is not null)
        {
            span.Blob(4, Convert.FromHexString(parent));
        }

        span.Text(5, name).Fixed(7, start).Fixed(8, end);
        foreach (var (key, value) in attributes)
        {
            span.Message(9, new OtlpMessage().Text(1, key).Message(2, value));
        }

        return span.Message(15, new OtlpMessage().Varint(3, (ulong)status));
    }

    public static OtlpMessage Of(string value) => new OtlpMessage().Text(1, value);

    public static OtlpMessage Of(long value) => new OtlpMessage().Varint(3, (ulong)value);

    public static OtlpMessage Of(params (string Key, OtlpMessage Value)[] pairs)
    {
        var list = new OtlpMessage();
        foreach (var (key, value) in pairs)
        {
            list.Message(1, new OtlpMessage().Text(1, key).Message(2, value));
        }

        return new OtlpMessage().Message(6, list);
    }

    public OtlpMessage Varint(int field, ulong value)
    {
        Raw((ulong)(field << 3));
        Raw(value);
        return this;
    }

    public OtlpMessage Fixed(int field, long value)
    {
        Raw((ulong)((field << 3) | 1));
        var buffer = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(buffer, value);
        bytes.AddRange(buffer);
        return this;
    }

    public OtlpMessage Text(int field, string value) => Blob(field, Encoding.UTF8.GetBytes(value));

    public OtlpMessage Message(int field, OtlpMessage value) => Blob(field, value.Bytes);

    private OtlpMessage Blob(int field, byte[] value)
    {
        Raw((ulong)((field << 3) | 2));
        Raw((ulong)value.Length);
        bytes.AddRange(value);
        return this;
    }

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }
}
