using Cairn.Core;

namespace Cairn.Storage.Uploads;

/// <summary>Files read one after the other, as if they were one.</summary>
internal sealed class JoinedStream(IReadOnlyList<string> paths) : Stream
{
    private FileStream? open;
    private int next;

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
        while (true)
        {
            if (open is null && (open = OpenNext()) is null)
            {
                return 0;
            }

            var count = await open.ReadAsync(buffer, cancellationToken);
            if (count > 0)
            {
                return count;
            }

            await open.DisposeAsync();
            open = null;
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

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
            open?.Dispose();
            open = null;
        }

        base.Dispose(disposing);
    }

    private FileStream? OpenNext()
    {
        if (next == paths.Count)
        {
            return null;
        }

        try
        {
            return new FileStream(paths[next++], FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CairnException(ErrorCode.Conflict, $"Part {next} was replaced, or the upload given up, while it was completed. Complete it again.", inner: fault);
        }
    }
}
