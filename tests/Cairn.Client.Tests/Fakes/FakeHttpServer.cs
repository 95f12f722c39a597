using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Cairn.Tests;

namespace Cairn.Client.Tests.Fakes;

/// <summary>
/// A plain HTTP/1.1 server whose connections can be cut at any byte, which real servers do only when they crash. It can be
/// stopped and started again on its port; what it serves lives elsewhere.
/// </summary>
internal sealed class FakeHttpServer(Func<FakeRequest, Task<FakeAnswer>> serve) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, Task> _connections = new();
    private TcpListener? _listener;
    private CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;
    private readonly int _port = FreePort.Take();

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public void Start()
    {
        _stop = new CancellationTokenSource();
        _listener = new TcpListener(IPAddress.Loopback, _port);
        _listener.Start();
        _accepting = AcceptAsync(_listener, _stop.Token);
    }

    /// <summary>Cuts all connections and refuses new ones, as a killed process does.</summary>
    public async Task CrashAsync()
    {
        await _stop.CancelAsync();
        _listener?.Stop();
        foreach (var connection in _connections.Keys)
        {
            Cut(connection);
        }

        await _accepting;
        await Task.WhenAll(_connections.Values);
        _stop.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await CrashAsync();
        }
    }

    private async Task AcceptAsync(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                var connection = await listener.AcceptTcpClientAsync(stop);
                _connections[connection] = Task.CompletedTask;
                _connections[connection] = Task.Run(() => TalkAsync(connection, stop), CancellationToken.None);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task TalkAsync(TcpClient connection, CancellationToken stop)
    {
        try
        {
            connection.NoDelay = true;
            using var stream = connection.GetStream();
            using var reader = new BufferedStream(stream, 64 << 10);
            while (await FakeRequest.ReadAsync(reader, stream, stop) is { } request)
            {
                var answer = await AnswerAsync(request);
                await request.DrainAsync(stop);
                if (answer.CutAfter == 0)
                {
                    break;
                }

                await WriteAsync(stream, answer, stop);
                if (answer.CutAfter is not null)
                {
                    break;
                }
            }
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
        }
        finally
        {
            Cut(connection);
            _connections.TryRemove(connection, out _);
        }
    }

    // A fault of a test's own hook must not look like a broken connection: the client would try for ever.
    private async Task<FakeAnswer> AnswerAsync(FakeRequest request)
    {
        try
        {
            return await serve(request);
        }
        catch (Exception fault) when (fault is not (IOException or SocketException or ObjectDisposedException))
        {
            return FakeAnswer.Error(400, "fake", $"The fake server stumbled: {fault}");
        }
    }

    private static async Task WriteAsync(Stream stream, FakeAnswer answer, CancellationToken stop)
    {
        using var body = answer.Open();
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} Status\r\n");
        foreach (var (name, value) in answer.Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length - body.Position}\r\n\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.ToString()), stop);
        var buffer = new byte[64 << 10];
        var left = answer.CutAfter ?? long.MaxValue;
        while (left > 0 && await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), stop) is > 0 and var count)
        {
            await stream.WriteAsync(buffer.AsMemory(0, count), stop);
            left -= count;
        }

        await stream.FlushAsync(stop);
    }

    // With a reset, not a polite end: what a crash looks like from the other side.
    private static void Cut(TcpClient connection)
    {
        try
        {
            connection.Client?.Close(0);
        }
        catch (SocketException)
        {
        }
    }
}
