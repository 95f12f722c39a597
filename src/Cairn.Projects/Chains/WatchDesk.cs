using System.Collections.Frozen;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Cairn.Projects.Environments;
using Cairn.Projects.Pipelines.Caching;

namespace Cairn.Projects.Chains;

/// <summary>
/// Watches the folders of components for as long as their commands run. The lines of <see cref="ChainHook"/> call programs that
/// are over before the command begins, so the runner of the chain does it for them; they meet at a socket that only the user may open.
/// Where they do not meet, nothing is known, and every file counts.
/// </summary>
internal sealed class WatchDesk : IDisposable
{
    /// <summary>Where the socket is, for components.</summary>
    public const string Variable = "CAIRN_WATCH";

    private const char Separator = '\0';
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly Dictionary<string, FolderWatch> _watches = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private WatchDesk(string address, Socket socket) => (Address, _socket) = (address, socket);

    /// <summary>The address for <see cref="Variable"/>.</summary>
    public string Address { get; }

    /// <summary>Null where the system cannot.</summary>
    /// <param name="cacheFolder">Where it may leave its socket.</param>
    public static WatchDesk? Open(string cacheFolder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string address;
        try
        {
            // Not in a temporary folder: what a killed runner leaves is found here by the next one.
            var folder = Path.Combine(cacheFolder, "watch");
            OwnFolder.Create(folder);
            RemoveThoseOfTheDead(folder);
            address = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..8]}"));
            socket.Bind(new UnixDomainSocketEndPoint(address));
            socket.Listen();
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            // A cache folder with too long a name, or one that nobody may write into.
            socket.Dispose();
            return null;
        }

        var desk = new WatchDesk(address, socket);
        _ = Task.Run(desk.ServeAsync);
        return desk;
    }

    /// <summary>For a component: its folder is watched from now on.</summary>
    public static async Task BeginAsync(string run, string folder, CancellationToken cancellation) => await AskAsync([run, folder], cancellation);

    /// <summary>For a component: the files of its folder that nobody opened since; none where that is not known.</summary>
    public static async Task<IReadOnlySet<string>> EndAsync(string run, CancellationToken cancellation) =>
        (await AskAsync([run], cancellation)).Split(Separator, StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } files ? files.ToHashSet(StringComparer.Ordinal) : FrozenSet<string>.Empty;

    public void Dispose()
    {
        // With the file that it is bound to.
        _socket.Dispose();
        lock (_gate)
        {
            foreach (var watch in _watches.Values)
            {
                watch.Dispose();
            }

            _watches.Clear();
        }
    }

    private static void RemoveThoseOfTheDead(string folder)
    {
        foreach (var left in Directory.EnumerateFiles(folder).Where(file => !Directory.Exists($"/proc/{Path.GetFileName(file).Split('-')[0]}")))
        {
            File.Delete(left);
        }
    }

    private static async Task<string> AskAsync(string[] words, CancellationToken cancellation)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } address)
        {
            return "";
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(address), limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(string.Join(Separator, words)), limit.Token);
            socket.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadToEndAsync(limit.Token);
        }
        catch (Exception fault) when (fault is SocketException or IOException or ArgumentException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return "";
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await _socket.AcceptAsync());
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The chain is over.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            var words = (await reader.ReadToEndAsync(limit.Token)).Split(Separator);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Answer(words)), limit.Token);
        }
        catch (Exception fault) when (fault is SocketException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            // Whoever asked gets nothing, which means that nothing is known.
        }
    }

    private string Answer(string[] words)
    {
        FolderWatch? before;
        var watch = words is [_, { Length: > 0 } folder] && Directory.Exists(folder) ? FolderWatch.Start(folder) : null;
        lock (_gate)
        {
            _watches.Remove(words[0], out before);
            if (watch is not null)
            {
                _watches[words[0]] = watch;
            }
        }

        using (before)
        {
            return words.Length == 1 && before is not null ? string.Join(Separator, before.Unopened()) : "";
        }
    }
}
