using Microsoft.Extensions.Hosting;

namespace Cairn.Server.Hosting;

/// <summary>Leaves signals alone: the program that hosts the server decides when it ends.</summary>
internal sealed class EmbeddedLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
