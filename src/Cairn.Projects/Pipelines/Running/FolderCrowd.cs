using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// Who runs the same entry point in the same folder at the same time. Components that write files beside their code under
/// fixed names, as many do, write over each other's there, and the one would log what the other has made. So those that are
/// known to write run one at a time; where it is found out only afterwards, what ran together is run again, alone. Different
/// entry points of one folder have names of their own for what they write, and do not wait for each other.
/// </summary>
internal sealed class FolderCrowd
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);
    private const int TriesBeforeWord = 10;
    private readonly Dictionary<string, List<Stay>> _present = new(StringComparer.Ordinal);
    private readonly HashSet<string> _writtenInto = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A step begins in a folder, as soon as it may.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="work">The folder and the entry point.</param>
    /// <param name="step">The step's name.</param>
    /// <param name="writes">Runs in it are known to write there.</param>
    /// <param name="lockFile">Held meanwhile by one that must be alone, also among the runs of other programs.</param>
    /// <param name="waits">Called where one of another program is in it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<Stay> EnterAsync(string folder, string work, string step, bool writes, string lockFile, Action waits, CancellationToken cancellation)
    {
        while (true)
        {
            if (TryEnter(folder, work, step, writes, out var left) is { } stay)
            {
                return stay.IsAlone ? await HeldAsync(stay, stay.LockAsync(lockFile, waits, cancellation)) : stay;
            }

            await left.WaitAsync(cancellation);
        }
    }

    /// <summary>Null where it may not yet; <paramref name="left"/> ends when somebody leaves.</summary>
    private Stay? TryEnter(string folder, string work, string step, bool writes, out Task left)
    {
        lock (_gate)
        {
            left = _left.Task;
            if (!_present.TryGetValue(work, out var there))
            {
                _present[work] = there = [];
            }

            var alone = writes || _writtenInto.Contains(work);
            if (there.Count > 0 && (alone || there.Exists(other => other.IsAlone)))
            {
                return null;
            }

            var stay = new Stay(this, folder, work, step, alone);
            foreach (var other in there)
            {
                other.Others.Add(step);
                stay.Others.Add(other.Step);
            }

            there.Add(stay);
            return stay;
        }
    }

    private static async Task<Stay> HeldAsync(Stay stay, Task held)
    {
        try
        {
            await held;
            return stay;
        }
        catch
        {
            stay.Dispose();
            throw;
        }
    }

    /// <summary>The time a step is in its folder.</summary>
    internal sealed class Stay(FolderCrowd crowd, string folder, string work, string step, bool isAlone) : IDisposable
    {
        private readonly DateTime _began = DateTime.UtcNow;
        private FileStream? _lock;

        public string Step => step;

        public bool IsAlone => isAlone;

        /// <summary>Steps that were in it meanwhile.</summary>
        public HashSet<string> Others { get; } = new(StringComparer.Ordinal);

        /// <summary>
        /// In words, which file was written there while others were in it as well; null where nobody was, or nothing was
        /// written. From then on all that come are alone.
        /// </summary>
        public string? Conflict()
        {
            lock (crowd._gate)
            {
                if (Others.Count == 0)
                {
                    return null;
                }
            }

            if (CodeDigest.FilesOf(folder).FirstOrDefault(file => File.GetLastWriteTimeUtc(file) >= _began) is not { } written)
            {
                return null;
            }

            lock (crowd._gate)
            {
                crowd._writtenInto.Add(work);
                return $"{Path.GetRelativePath(folder, written)} was written while {Others.Order(StringComparer.Ordinal).First()} ran in its folder too";
            }
        }

        public async Task LockAsync(string file, Action waits, CancellationToken cancellation)
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    OwnFolder.Create(Path.GetDirectoryName(file)!);
                    _lock = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    return;
                }
                catch (IOException) when (File.Exists(file))
                {
                    // A process that is just being started holds it for a moment as well.
                    if (tries == TriesBeforeWord)
                    {
                        waits();
                    }

                    await Task.Delay(Turn, cancellation);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
                {
                    // There is no place to keep a lock: then only ours keep out of each other's way.
                    return;
                }
            }
        }

        public void Dispose()
        {
            _lock?.Dispose();
            TaskCompletionSource left;
            lock (crowd._gate)
            {
                crowd._present[work].Remove(this);
                left = crowd._left;
                crowd._left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            left.SetResult();
        }
    }
}
