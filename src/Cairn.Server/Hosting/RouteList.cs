namespace Cairn.Server.Hosting;

/// <summary>What the server answers, once it listens.</summary>
internal sealed class RouteList
{
    public IReadOnlyList<(string? Method, string Pattern)> Routes { get; set; } = [];
}
