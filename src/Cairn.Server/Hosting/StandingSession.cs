namespace Cairn.Server.Hosting;

/// <summary>A feature of a request of a browser: whether its session still holds, for answers that go on for long.</summary>
internal sealed record StandingSession(Func<bool> Holds);
