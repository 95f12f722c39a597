using System.Collections.Concurrent;
using Cairn.Core.Runs;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Runs;

/// <summary>The store's own numbers of runs. They never change, so they are remembered.</summary>
internal sealed class RunKeys
{
    private const int Capacity = 50_000;

    private readonly ConcurrentDictionary<RunId, long> keys = new();

    public long? Find(SqlSession session, RunId id)
    {
        if (keys.TryGetValue(id, out var key))
        {
            return key;
        }

        var found = session.First<long?>("SELECT key FROM run WHERE id = @1", row => row.GetInt64(0), id.Value);
        if (found is { } known)
        {
            Remember(id, known);
        }

        return found;
    }

    /// <summary>The run was removed.</summary>
    public void Forget(RunId id) => keys.TryRemove(id, out _);

    /// <summary>Only for keys that are committed: a number taken back is given to another run.</summary>
    public void Remember(RunId id, long key)
    {
        if (keys.Count >= Capacity)
        {
            keys.Clear();
        }

        keys[id] = key;
    }
}
