using System.Collections.Concurrent;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// Steps with the same key take turns: whoever comes second finds the first one's result, instead of doing the same work
/// at the same time. That is what the combinations of a sweep do with all they have in common. And steps know which others
/// work in their component's folder just now: what those are writing there is no code.
/// </summary>
public sealed class StepTurns
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Traffic> _folders = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    internal async Task<IDisposable> TakeAsync(string key, CancellationToken cancellation)
    {
        var gate = _keys.GetOrAdd(key, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellation);
        return new Ending(() => gate.Release());
    }

    /// <summary>A command works in a folder that held this code before it, until the answer is disposed.</summary>
    internal IDisposable WorkIn(string folder, CodeDigest before)
    {
        var names = before.Files.Concat(before.Written).Select(file => file.Key).ToHashSet(StringComparer.Ordinal);
        Change(folder, traffic => traffic with { Before = [.. traffic.Before, names] });
        return new Ending(() => Change(folder, traffic => traffic with { Before = [.. traffic.Before.Where(one => one != names)] }));
    }

    /// <summary>Who works in the folder now. What was read of it holds where this is the same afterwards.</summary>
    internal Traffic Look(string folder)
    {
        lock (_gate)
        {
            return _folders.GetValueOrDefault(folder) ?? Traffic.None;
        }
    }

    private void Change(string folder, Func<Traffic, Traffic> change)
    {
        lock (_gate)
        {
            var traffic = change(_folders.GetValueOrDefault(folder) ?? Traffic.None);
            _folders[folder] = traffic with { Version = traffic.Version + 1 };
        }
    }

    /// <param name="Version">Another one whenever somebody came or went.</param>
    /// <param name="Before">For each who works there the files that were there before.</param>
    internal sealed record Traffic(int Version, IReadOnlyList<HashSet<string>> Before)
    {
        public static Traffic None { get; } = new(0, []);

        /// <summary>True where somebody who works there now has made the file, or is making it.</summary>
        public bool IsMaking(string file) => Before.Any(names => !names.Contains(file));
    }

    private sealed class Ending(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
