using System.Collections.Concurrent;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>
/// Steps with the same key take turns: whoever comes second finds the first one's result, instead of doing the same work
/// at the same time. That is what the combinations of a sweep do with all they have in common.
/// </summary>
public sealed class StepTurns
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _keys = new(StringComparer.Ordinal);

    internal FolderCrowd Crowd { get; } = new();

    internal async Task<IDisposable> TakeAsync(string key, CancellationToken cancellation)
    {
        var gate = _keys.GetOrAdd(key, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellation);
        return new Turn(gate);
    }

    private sealed class Turn(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
