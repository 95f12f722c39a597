using System.Buffers;
using System.Security.Cryptography;

namespace Cairn.Storage.Blobs;

/// <summary>Writes a file that nobody looks for yet: hashed in the one pass, flushed, with constant memory.</summary>
internal static class DraftFile
{
    private const int BufferLength = 256 * 1024;

    /// <summary>Reads the next buffer while the last one is hashed and written: the network, the hash and the disk overlap.</summary>
    public static async Task<(byte[] Hash, long Length)> WriteAsync(string path, Stream content, HashAlgorithmName algorithm, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(algorithm);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var reading = ArrayPool<byte>.Shared.Rent(BufferLength);
        var writing = ArrayPool<byte>.Shared.Rent(BufferLength);
        var storing = Task.CompletedTask;
        try
        {
            long length = 0;
            while (true)
            {
                var count = await FillAsync(content, reading, cancellationToken);
                await storing;
                if (count == 0)
                {
                    break;
                }

                length += count;
                (reading, writing) = (writing, reading);
                var full = writing;
                storing = Task.Run(
                    () =>
                    {
                        hash.AppendData(full, 0, count);
                        file.Write(full, 0, count);
                    },
                    CancellationToken.None);
            }

            file.Flush(flushToDisk: true);
            return (hash.GetHashAndReset(), length);
        }
        finally
        {
            // A buffer that is still being written is not to be lent to somebody else.
            await storing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(reading);
            ArrayPool<byte>.Shared.Return(writing);
        }
    }

    private static async ValueTask<int> FillAsync(Stream content, byte[] buffer, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < BufferLength)
        {
            var count = await content.ReadAsync(buffer.AsMemory(filled, BufferLength - filled), cancellationToken);
            if (count == 0)
            {
                break;
            }

            filled += count;
        }

        return filled;
    }
}
