using Cairn.Cli.Output;
using Cairn.Client;
using Cairn.Core;
using Cairn.Projects.Pipelines.Running;
using Cairn.Server;
using Cairn.Server.Hosting;

namespace Cairn.Cli.Hosting;

/// <summary>
/// The server a command works with: the one that is named (--url, CAIRN_URL), else the one that runs on the data folder,
/// else one that is hosted here for as long as the command lives.
/// </summary>
internal sealed class ServerSession : IAsyncDisposable
{
    /// <summary>How long a server that holds the folder may take to answer, or to end.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>How long nobody may hold the folder and it still cannot be used: a holder may just have gone.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(500);

    private readonly DataFolderLease? _lease;
    private readonly CairnServer? _hosted;
    private readonly Terminal _terminal;
    private readonly CancellationToken _stop;
    private readonly string? _folder;

    private ServerSession(CairnClient client, DataFolderLease? lease, CairnServer? hosted, Terminal terminal, CancellationToken stop, string? folder = null)
    {
        _folder = folder;
        Client = client;
        _lease = lease;
        _hosted = hosted;
        _terminal = terminal;
        _stop = stop;
    }

    public CairnClient Client { get; }

    /// <summary>True where the server ends with this command.</summary>
    public bool IsHosted => _hosted is not null;

    /// <summary>For a run of this session: what ends its record should this process be killed. Null where there is no program for it.</summary>
    public Func<string, IReadOnlyList<string>>? CommandAfterDeath(string? cli) =>
        CommandAfterDeath(cli, _folder is null ? ["--url", Client.Url.AbsoluteUri] : ["--data", _folder]);

    /// <param name="cli">The program, or null.</param>
    /// <param name="server">How it is told of the server.</param>
    public static Func<string, IReadOnlyList<string>>? CommandAfterDeath(string? cli, string[] server) =>
        cli is null ? null : run => [cli, "runs", "end", run, "--status", "crashed", "--runner", RunnerMark.Own, .. server];

    /// <summary>Folder of the user's own server.</summary>
    public static string DataFolder(string? chosen) =>
        Path.GetFullPath(string.IsNullOrEmpty(chosen) ? CairnServerOptions.DefaultDataFolder : chosen);

    /// <param name="url">The server that is named, or null.</param>
    /// <param name="data">The data folder that is named, or null for the default one.</param>
    /// <param name="terminal">For remarks.</param>
    /// <param name="stop">Ends the opening, and later the waiting for other commands.</param>
    /// <exception cref="CairnException">No server can be started.</exception>
    /// <exception cref="CairnClientException">The address is none.</exception>
    public static async Task<ServerSession> OpenAsync(string? url, string? data, Terminal terminal, CancellationToken stop)
    {
        if (url is { Length: > 0 })
        {
            return new ServerSession(NewClient(CairnClientOptions.ParseUrl(url, "--url"), terminal), null, null, terminal, stop);
        }

        if (data is null && Environment.GetEnvironmentVariable("CAIRN_URL") is { Length: > 0 } named)
        {
            return new ServerSession(NewClient(CairnClientOptions.ParseUrl(named, "CAIRN_URL"), terminal), null, null, terminal, stop);
        }

        var folder = DataFolder(data);
        MakeFolder(folder);
        var lease = await DataFolderLease.TakeAsync(folder, stop);
        try
        {
            return await OpenLocalAsync(folder, lease, terminal, stop);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_hosted is not null)
        {
            await _lease!.BecomeLastAsync(
                () => _terminal.Say(_terminal.ErrorInk.Dim("Other cairn commands still use the server of this one; waiting for them (Ctrl-C does not wait).")),
                _stop);
            Client.Dispose();
            await _hosted.StopAsync();
        }
        else
        {
            Client.Dispose();
        }

        _lease?.Dispose();
    }

    private static async Task<ServerSession> OpenLocalAsync(string folder, DataFolderLease lease, Terminal terminal, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        var held = began;
        while (true)
        {
            if (Beacon.Read(folder) is { } beacon)
            {
                var client = NewClient(beacon.Url, terminal, folder);
                if (await client.IsHealthyAsync(stop))
                {
                    return new ServerSession(client, lease, null, terminal, stop, folder);
                }

                client.Dispose();
            }

            try
            {
                var options = new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", ApiKey = ApiKey, Quiet = true };
                var server = await CairnServer.StartAsync(options, stop);
                return new ServerSession(NewClient(server.Address, terminal, folder), lease, server, terminal, stop, folder);
            }
            catch (CairnException fault) when (fault is { Code: ErrorCode.Unavailable, InnerException: IOException })
            {
                // Another command is just starting its server, or ending it. That it is not held any more when we look does not
                // say that it was not when we tried.
                var isHeld = IsHeld(folder);
                held = isHeld ? TimeProvider.System.GetTimestamp() : held;
                if (TimeProvider.System.GetElapsedTime(isHeld ? began : held) >= (isHeld ? Patience : ShortPatience))
                {
                    throw;
                }

                await Task.Delay(30, stop);
            }
        }
    }

    /// <summary>True while a server holds the folder's lock.</summary>
    public static bool IsHeld(string folder)
    {
        var file = Path.Combine(folder, "cairn.lock");
        try
        {
            using var probe = File.Exists(file) ? new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite) : null;
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? ApiKey => Environment.GetEnvironmentVariable("CAIRN_API_KEY") is { Length: > 0 } key ? key : null;

    // Without a key of one's own, whoever may read the data folder is its operator.
    private static CairnClient NewClient(Uri url, Terminal terminal, string? folder = null) => new(new CairnClientOptions
    {
        Url = url,
        ApiKey = ApiKey ?? (folder is null ? null : OperatorKey.Read(folder)),
        Warn = message => terminal.Say(terminal.ErrorInk.Warn("! ") + message),
    });

    /// <summary>As the server makes it: for its owner only.</summary>
    private static void MakeFolder(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CairnException(ErrorCode.Unavailable, $"The data folder {folder} cannot be made: {fault.Message} Choose another with --data or CAIRN_DATA.", inner: fault);
        }
    }
}
