using System.Globalization;
using System.Text;

namespace Cairn.Client.Tests.Fakes;

/// <summary>One request as it came over the wire; the path is still escaped.</summary>
internal sealed class FakeRequest
{
    private readonly Stream _reader;
    private readonly Stream _writer;
    private long _left;
    private bool _continueWanted;
    private byte[]? _body;

    private FakeRequest(Stream reader, Stream writer, string method, string target, Dictionary<string, string> headers)
    {
        _reader = reader;
        _writer = writer;
        Method = method;
        var parts = target.Split('?', 2);
        Path = parts[0];
        Query = parts.Length == 2 ? parts[1] : "";
        Headers = headers;
        Length = headers.TryGetValue("Content-Length", out var length) ? long.Parse(length, CultureInfo.InvariantCulture) : 0;
        _left = Length;
        _continueWanted = headers.ContainsKey("Expect");
    }

    public string Method { get; }

    public string Path { get; }

    public string Query { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    public long Length { get; }

    public override string ToString() => $"{Method} {Path}";

    public static async Task<FakeRequest?> ReadAsync(Stream reader, Stream writer, CancellationToken stop)
    {
        if (await LineAsync(reader, stop) is not { Length: > 0 } first)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync(reader, stop) is { Length: > 0 } line)
        {
            var (name, value) = (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            headers[name] = value;
        }

        var words = first.Split(' ');
        return new FakeRequest(reader, writer, words[0], words[1], headers);
    }

    /// <summary>The whole body; may be asked for twice.</summary>
    public async Task<byte[]> BodyAsync()
    {
        if (_body is null)
        {
            using var body = new MemoryStream();
            await CopyBodyAsync(body);
            _body = body.ToArray();
        }

        return _body;
    }

    /// <summary>Hands on the body in constant memory; <paramref name="cutAfter"/> stops there, leaving the rest unread.</summary>
    public async Task CopyBodyAsync(Stream target, long? cutAfter = null)
    {
        if (_continueWanted)
        {
            _continueWanted = false;
            await _writer.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            await _writer.FlushAsync();
        }

        var buffer = new byte[64 << 10];
        while (_left > 0 && (cutAfter is null || Length - _left < cutAfter))
        {
            var count = await _reader.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, _left)));
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            _left -= count;
            await target.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    /// <summary>Reads what the one who served did not, so that the connection can be used again.</summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (!_continueWanted)
        {
            await CopyBodyAsync(Stream.Null);
        }
    }

    private static async Task<string?> LineAsync(Stream stream, CancellationToken stop)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stop) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }
}
