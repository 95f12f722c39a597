using System.IO.Compression;
using Cairn.Core;
using Microsoft.AspNetCore.Http;

namespace Cairn.Wandb.Streams;

/// <summary>The bytes of a chunk, unpacked where the client packed them; so large at most.</summary>
internal static class FileStreamBody
{
    /// <summary>Clients send up to 10 MB of lines; a summary may come beside them.</summary>
    public const int Largest = 64 * 1024 * 1024;

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > Largest)
        {
            throw TooLarge();
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            return await ReadAsync(request.Body, (int)(request.ContentLength ?? 64 * 1024), cancellationToken);
        }

        if (!encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            throw CairnException.Invalid("Content-Encoding", $"The body is encoded as '{encoding}'; gzip and none are understood.");
        }

        try
        {
            await using var unpacked = new GZipStream(request.Body, CompressionMode.Decompress);
            return await ReadAsync(unpacked, 256 * 1024, cancellationToken);
        }
        catch (InvalidDataException fault)
        {
            throw CairnException.Invalid("body", $"The body is no valid gzip: {fault.Message}");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream source, int expected, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Max(expected, 256) + 1];
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, Largest + 1));
            }

            var read = await source.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
            if (length > Largest)
            {
                throw TooLarge();
            }
        }
    }

    private static CairnException TooLarge() =>
        new(ErrorCode.TooLarge, $"A chunk of a file stream may have at most {Largest} bytes. Split it into several.");
}
