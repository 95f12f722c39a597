using System.Security.Cryptography;

namespace Cairn.Core.Artifacts.Drafts;

/// <summary>
/// Hashes what is read through it, so that MD5 costs no second pass; at the end it refuses other content than expected,
/// before whoever reads keeps it.
/// </summary>
#pragma warning disable CA5351 // MD5 is what the protocol names contents by; the house itself trusts SHA-256 only.
internal sealed class Md5Reader(Stream inner, string? expected) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private string? result;

    /// <summary>Hexadecimal, once the end was read.</summary>
    public string Result => result ?? throw new InvalidOperationException("The content has not been read to its end.");

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Take(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > 0)
        {
            hash.AppendData(bytes);
            return;
        }

        if (result is not null)
        {
            return;
        }

        result = Convert.ToHexStringLower(hash.GetHashAndReset());
        if (expected is not null && result != expected)
        {
            throw CairnException.Invalid("md5", $"The content has the MD5 {result}, not {expected}: it was changed or cut on its way. Send it again.");
        }
    }
}
