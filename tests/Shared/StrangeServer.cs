using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Cairn.Tests;

/// <summary>An HTTP server that says what the test lets it say: for clients that must not believe a server everything.</summary>
internal sealed class StrangeServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ending = new();
    private readonly Func<string, (string Headers, string Body)> answer;
    private readonly Task work;

    /// <param name="answer">Header lines (each ending in CRLF) and body for the target of a request.</param>
    public StrangeServer(Func<string, (string Headers, string Body)> answer)
    {
        this.answer = answer;
        listener.Start();
        work = Task.Run(ServeAsync);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        listener.Stop();
        await work;
        ending.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                // Each by itself: clients open connections they then do not use.
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(ending.Token));
            }
            catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
                var target = (await reader.ReadLineAsync() ?? "").Split(' ') is [_, { } path, ..] ? path : "";
                var length = 0;
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    length = line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(line.AsSpan(15), System.Globalization.CultureInfo.InvariantCulture) : length;
                }

                if (length > 0)
                {
                    await reader.ReadBlockAsync(new char[length]);
                }

                var (headers, body) = answer(target);
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nConnection: close\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
            }
        }
        catch (Exception fault) when (fault is IOException or SocketException or InvalidOperationException)
        {
            // A client that went away.
        }
    }
}
