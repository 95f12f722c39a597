using System.Buffers;
using Cairn.Core;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Wire;

/// <summary>The bytes of a request's body, in a pooled buffer. Dispose it when nothing points into it any more.</summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Longest JSON body: a full log-batch with the longest values fits.</summary>
    public const int LongestJson = 16 * 1024 * 1024;

    private byte[] buffer;
    private int length;

    private RequestBody(int capacity) => buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    public static async Task<RequestBody> ReadAsync(HttpRequest request, int longest, CancellationToken cancellationToken)
    {
        if (request.ContentLength > longest)
        {
            throw TooLarge(longest);
        }

        return await ReadAsync(request.Body, (int)(request.ContentLength ?? 4096), longest, cancellationToken);
    }

    /// <summary>All bytes of a stream, whose length is not known before.</summary>
    public static Task<RequestBody> ReadAsync(Stream source, int longest, CancellationToken cancellationToken) =>
        ReadAsync(source, 4096, longest, cancellationToken);

    private static async Task<RequestBody> ReadAsync(Stream source, int expected, int longest, CancellationToken cancellationToken)
    {
        var body = new RequestBody(expected + 1);
        try
        {
            await body.FillAsync(source, longest, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = [];
        length = 0;
    }

    private async Task FillAsync(Stream source, int longest, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (length == buffer.Length)
            {
                Grow();
            }

            var read = await source.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return;
            }

            length += read;
            if (length > longest)
            {
                throw TooLarge(longest);
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }

    private static CairnException TooLarge(int longest) =>
        new(ErrorCode.TooLarge, $"The body of this request may have at most {longest} bytes. Split it into several requests.");
}
