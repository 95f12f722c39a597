using Cairn.Client;
using Cairn.Server;

namespace Cairn.Migration.Tests;

/// <summary>A server on a folder of its own, and a folder for what is imported.</summary>
internal sealed class Home : IAsyncDisposable
{
    private Home(string folder, CairnServer server)
    {
        Folder = folder;
        Server = server;
        Client = new CairnClient(new CairnClientOptions { Url = server.Address });
    }

    public string Folder { get; }

    public CairnServer Server { get; }

    public CairnClient Client { get; }

    public static CancellationToken Timeout => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    public static async Task<Home> OpenAsync()
    {
        var folder = Directory.CreateTempSubdirectory("cairn-migration-").FullName;
        var options = new CairnServerOptions { DataFolder = Path.Combine(folder, "data"), Listen = "127.0.0.1:0", Quiet = true };
        return new Home(folder, await CairnServer.StartAsync(options, Timeout));
    }

    public async Task<ImportReport> ImportAsync(IRunSource source)
    {
        await using (source)
        {
            return await new RunImport(Client, source, null).RunAsync(Timeout);
        }
    }

    /// <summary>An export as paths and contents.</summary>
    public async Task<SortedDictionary<string, string>> ExportAsync(string name)
    {
        var target = Path.Combine(Folder, name);
        await new RunExport(Client, target, null).RunAsync(Timeout);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories))
        {
            files.Add(Path.GetRelativePath(target, file), Convert.ToBase64String(await File.ReadAllBytesAsync(file, Timeout)));
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
