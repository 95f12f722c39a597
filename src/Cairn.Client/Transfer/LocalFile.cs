using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Cairn.Client.Transfer;

/// <summary>
/// Reads files of this machine for sending. Their faults become <see cref="CairnClientException"/> here, because as
/// <see cref="IOException"/> they would look like a broken connection further up and be tried again.
/// </summary>
internal static class LocalFile
{
    private const int BufferSize = 256 << 10;

    public static SafeFileHandle Open(string file)
    {
        try
        {
            // Others may go on appending: what is sent ends where the hashing ended.
            return File.OpenHandle(
                file,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.SequentialScan | FileOptions.Asynchronous);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(file, fault);
        }
    }

    public static async ValueTask<int> ReadAsync(
        SafeFileHandle handle, string file, Memory<byte> buffer, long offset, CancellationToken cancellation)
    {
        try
        {
            return await RandomAccess.ReadAsync(handle, buffer, offset, cancellation);
        }
        catch (IOException fault)
        {
            throw Unreadable(file, fault);
        }
    }

    /// <summary>SHA-256 and length of a file, read once in constant memory.</summary>
    public static async Task<ContentDigest> DigestAsync(string file, Action<long>? read, CancellationToken cancellation)
    {
        using var handle = Open(file);
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long length = 0;
            while (await ReadAsync(handle, file, buffer, length, cancellation) is > 0 and var count)
            {
                sha.AppendData(buffer, 0, count);
                length += count;
                read?.Invoke(count);
            }

            return new ContentDigest(Convert.ToHexStringLower(sha.GetHashAndReset()), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static CairnClientException Changed(string file) => CairnClientException.Invalid(
        "file", $"\"{file}\" changed while it was being uploaded. Log it when nothing writes to it any more.");

    private static CairnClientException Unreadable(string file, Exception fault) => new(
        null, "invalid_argument", $"\"{file}\" cannot be read: {fault.Message}", "file", fault);
}
