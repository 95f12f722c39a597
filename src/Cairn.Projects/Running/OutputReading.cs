using System.Diagnostics;

namespace Cairn.Projects.Running;

/// <summary>Takes what was read of an output, in order, on the thread that reads it; the next piece is read when it returns.</summary>
/// <param name="output">Which of the outputs.</param>
/// <param name="bytes">The piece.</param>
internal delegate void OutputTaker(int output, ReadOnlySpan<byte> bytes);

/// <summary>
/// The outputs of a command while they are read, each on a thread of its own: reading blocks, and who takes the pieces
/// may hold it back.
/// </summary>
public sealed class OutputReading
{
    private readonly OutputTaker _take;
    private readonly Reader[] _readers;
    private volatile bool _left;

    internal OutputReading(IReadOnlyList<Stream> outputs, OutputTaker take)
    {
        _take = take;
        _readers = [.. outputs.Select(_ => new Reader())];
        Completed = Task.WhenAll(outputs.Select((stream, index) =>
            Task.Factory.StartNew(() => Read(stream, index), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
    }

    /// <summary>Ends when all outputs were read to their end.</summary>
    public Task Completed { get; }

    /// <summary>
    /// After the command has ended: ends when all that it printed was taken. Somebody who left it may hold an output open
    /// and go on printing; that is not waited for.
    /// </summary>
    /// <param name="quiet">The output is empty when it was waited for so long, all in all.</param>
    /// <param name="stuck">A piece that nobody has taken for so long will not be taken.</param>
    /// <param name="force">Ends the waiting.</param>
    public async Task DrainAsync(TimeSpan quiet, TimeSpan stuck, CancellationToken force)
    {
        Array.ForEach(_readers, reader => reader.Begin());
        while (!Completed.IsCompleted && !force.IsCancellationRequested && !Array.TrueForAll(_readers, reader => reader.IsDrained(quiet, stuck)))
        {
            await Task.WhenAny(Completed, Task.Delay(50, CancellationToken.None));
        }
    }

    /// <summary>What comes from now on is not taken.</summary>
    public void Leave() => _left = true;

    private void Read(Stream stream, int index)
    {
        var buffer = new byte[32 * 1024];
        var reader = _readers[index];
        using (stream)
        {
            while (stream.Read(buffer) is > 0 and var count && !_left)
            {
                reader.Takes(count);
                _take(index, buffer.AsSpan(0, count));
                reader.Waits();
            }
        }

        reader.Ends();
    }

    /// <summary>What one reader does, and since when.</summary>
    private sealed class Reader
    {
        /// <summary>Twice what a pipe holds: what comes after so many bytes was printed after the command's end.</summary>
        private const long MostLeft = 128 * 1024;

        private readonly Lock _gate = new();
        private bool _waits = true;
        private bool _ended;
        private long _since = Stopwatch.GetTimestamp();
        private TimeSpan _waited;
        private long _taken;

        public void Begin()
        {
            lock (_gate)
            {
                (_since, _waited, _taken) = (Stopwatch.GetTimestamp(), TimeSpan.Zero, 0);
            }
        }

        public void Takes(int count)
        {
            lock (_gate)
            {
                _waited += Stopwatch.GetElapsedTime(_since);
                (_waits, _since, _taken) = (false, Stopwatch.GetTimestamp(), _taken + count);
            }
        }

        public void Waits()
        {
            lock (_gate)
            {
                (_waits, _since) = (true, Stopwatch.GetTimestamp());
            }
        }

        public void Ends()
        {
            lock (_gate)
            {
                _ended = true;
            }
        }

        public bool IsDrained(TimeSpan quiet, TimeSpan stuck)
        {
            lock (_gate)
            {
                var elapsed = Stopwatch.GetElapsedTime(_since);
                return _ended || _taken > MostLeft || (_waits ? _waited + elapsed >= quiet : elapsed >= stuck);
            }
        }
    }
}
