namespace Cairn.Projects.Backends;

/// <summary>
/// A file that another program, maybe on another machine, still writes: reading waits for more until it is told that no
/// more comes. The file need not exist yet.
/// </summary>
internal sealed class GrowingFile(string path) : Stream
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly ManualResetEventSlim _complete = new();
    private FileStream? _file;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What is in the file now is all.</summary>
    public void Complete() => _complete.Set();

    /// <summary>Blocks until there is something; 0 at the end.</summary>
    public override int Read(Span<byte> buffer)
    {
        while (true)
        {
            // Asked before reading: what was written before the end was told is still read.
            var isComplete = _complete.IsSet;
            if (TryOpen()?.Read(buffer) is > 0 and var count)
            {
                return count;
            }

            if (isComplete)
            {
                return 0;
            }

            _complete.Wait(Pause);
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _file?.Dispose();
        base.Dispose(disposing);
    }

    private FileStream? TryOpen()
    {
        try
        {
            return _file ??= new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
