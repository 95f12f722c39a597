using Cairn.Client;
using Cairn.Server;

namespace Cairn.Projects.Tests;

/// <summary>A real server in this process, on a folder and a port of its own.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cairn-data-").FullName;
    private CairnServer? _server;

    public CairnClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await CairnServer.StartAsync(
            new CairnServerOptions { DataFolder = _folder, Listen = "127.0.0.1:0", Quiet = true }, CancellationToken.None);
        Client = new CairnClient(new CairnClientOptions { Url = _server.Address, RetryFor = TimeSpan.FromSeconds(10) });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server!.StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
