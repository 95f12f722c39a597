namespace Cairn.Server.Triggers;

/// <summary>When a worker was last heard of, so that people learn why nothing runs.</summary>
internal sealed class WorkerSight(TimeProvider clock)
{
    private long seenAt;

    /// <summary>Unix milliseconds; null where none was heard of since the server started.</summary>
    public long? SeenAt => Volatile.Read(ref seenAt) is > 0 and var at ? at : null;

    public void Note() => Volatile.Write(ref seenAt, clock.GetUtcNow().ToUnixTimeMilliseconds());
}
