namespace Cairn.Mlflow.Traces;

/// <summary>Reads the spans of an OpenTelemetry export request (<c>opentelemetry/proto/collector/trace/v1</c>).</summary>
internal static class OtlpReader
{
    private const int DeepestValue = 32;

    /// <exception cref="InvalidDataException">The bytes are none.</exception>
    public static List<OtlpSpan> Read(ReadOnlySpan<byte> bytes)
    {
        var spans = new List<OtlpSpan>();
        var request = new ProtobufReader(bytes);
        while (request.Next())
        {
            if (request.Field != 1)
            {
                request.Skip();
                continue;
            }

            var resource = new ProtobufReader(request.ReadBytes());
            while (resource.Next())
            {
                if (resource.Field == 2)
                {
                    ReadScope(resource.ReadBytes(), spans);
                }
                else
                {
                    resource.Skip();
                }
            }
        }

        return spans;
    }

    private static void ReadScope(ReadOnlySpan<byte> bytes, List<OtlpSpan> spans)
    {
        var scope = new ProtobufReader(bytes);
        while (scope.Next())
        {
            if (scope.Field == 2)
            {
                spans.Add(ReadSpan(scope.ReadBytes()));
            }
            else
            {
                scope.Skip();
            }
        }
    }

    private static OtlpSpan ReadSpan(ReadOnlySpan<byte> bytes)
    {
        var span = new OtlpSpan();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    span.TraceId = reader.ReadBytes().ToArray();
                    break;
                case 2:
                    span.Id = reader.ReadBytes().ToArray();
                    break;
                case 4:
                    span.ParentId = reader.ReadBytes().ToArray();
                    break;
                case 5:
                    span.Name = reader.ReadText();
                    break;
                case 7:
                    span.StartedAt = reader.ReadFixed64();
                    break;
                case 8:
                    span.EndedAt = reader.ReadFixed64();
                    break;
                case 9:
                    span.Attributes.Add(ReadPair(reader.ReadBytes(), 0));
                    break;
                case 11:
                    span.Events.Add(ReadEvent(reader.ReadBytes()));
                    break;
                case 15:
                    ReadStatus(reader.ReadBytes(), span);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return span;
    }

    private static void ReadStatus(ReadOnlySpan<byte> bytes, OtlpSpan span)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2:
                    span.StatusMessage = reader.ReadText();
                    break;
                case 3:
                    span.StatusCode = (int)reader.ReadVarint();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
    }

    private static OtlpEvent ReadEvent(ReadOnlySpan<byte> bytes)
    {
        var (time, name) = (0UL, "");
        var attributes = new List<KeyValuePair<string, object?>>();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    time = reader.ReadFixed64();
                    break;
                case 2:
                    name = reader.ReadText();
                    break;
                case 3:
                    attributes.Add(ReadPair(reader.ReadBytes(), 0));
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new OtlpEvent(time, name, attributes);
    }

    private static KeyValuePair<string, object?> ReadPair(ReadOnlySpan<byte> bytes, int depth)
    {
        var key = "";
        object? value = null;
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    key = reader.ReadText();
                    break;
                case 2:
                    value = ReadValue(reader.ReadBytes(), depth);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new(key, value);
    }

    /// <summary>A text, bool, long, double, byte[], list or list of pairs; null for nothing.</summary>
    private static object? ReadValue(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > DeepestValue)
        {
            throw new InvalidDataException($"An attribute is nested deeper than {DeepestValue} levels.");
        }

        object? value = null;
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    value = reader.ReadText();
                    break;
                case 2:
                    value = reader.ReadVarint() != 0;
                    break;
                case 3:
                    value = (long)reader.ReadVarint();
                    break;
                case 4:
                    value = reader.ReadDouble();
                    break;
                case 5:
                    value = ReadList(reader.ReadBytes(), depth);
                    break;
                case 6:
                    value = ReadPairs(reader.ReadBytes(), depth);
                    break;
                case 7:
                    value = reader.ReadBytes().ToArray();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }

    private static List<object?> ReadList(ReadOnlySpan<byte> bytes, int depth)
    {
        var items = new List<object?>();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                items.Add(ReadValue(reader.ReadBytes(), depth + 1));
            }
            else
            {
                reader.Skip();
            }
        }

        return items;
    }

    private static List<KeyValuePair<string, object?>> ReadPairs(ReadOnlySpan<byte> bytes, int depth)
    {
        var pairs = new List<KeyValuePair<string, object?>>();
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            if (reader.Field == 1)
            {
                pairs.Add(ReadPair(reader.ReadBytes(), depth + 1));
            }
            else
            {
                reader.Skip();
            }
        }

        return pairs;
    }
}

/// <summary>A span as OpenTelemetry sends it.</summary>
internal sealed class OtlpSpan
{
    public byte[] TraceId { get; set; } = [];

    public byte[] Id { get; set; } = [];

    public byte[] ParentId { get; set; } = [];

    public string Name { get; set; } = "";

    public ulong StartedAt { get; set; }

    public ulong EndedAt { get; set; }

    public int StatusCode { get; set; }

    public string StatusMessage { get; set; } = "";

    public List<KeyValuePair<string, object?>> Attributes { get; } = [];

    public List<OtlpEvent> Events { get; } = [];

    /// <summary>Its ids can be ids: 16 bytes of the trace, 8 of a span.</summary>
    public bool IsNamed => TraceId.Length == 16 && Id.Length == 8 && ParentId.Length is 0 or 8;
}

/// <summary>Something that happened during a span.</summary>
internal sealed record OtlpEvent(ulong Time, string Name, List<KeyValuePair<string, object?>> Attributes);
