using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Cairn.Client.Transfer;

namespace Cairn.Client.Http;

/// <summary>
/// A request body read from a file as it is sent: memory stays at one buffer, whatever the size of the file. Exactly
/// the bytes that were hashed are sent: what was appended since stays out, a file that was cut breaks off with a sentence.
/// </summary>
internal sealed class StreamedContent : HttpContent
{
    private const int BufferSize = 256 << 10;

    private readonly string _file;
    private readonly long _length;
    private readonly KeepAlive _alive;
    private readonly ProgressMeter.FileMeter _meter;

    public StreamedContent(string file, long length, KeepAlive alive, ProgressMeter.FileMeter meter)
    {
        _file = file;
        _length = length;
        _alive = alive;
        _meter = meter;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        using var source = LocalFile.Open(_file);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long offset = 0;
            while (offset < _length)
            {
                var want = (int)Math.Min(buffer.Length, _length - offset);
                var read = await LocalFile.ReadAsync(source, _file, buffer.AsMemory(0, want), offset, cancellationToken);
                if (read == 0)
                {
                    throw LocalFile.Changed(_file);
                }

                await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                offset += read;
                _alive.Touch();
                _meter.Add(read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }
}
