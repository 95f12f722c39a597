namespace Cairn.Client.Tests.Fakes;

/// <summary>Tells the time it is told; timers run by the real clock.</summary>
internal sealed class SettableClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => Now;
}
