using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cairn.Bench;

/// <summary>
/// One keep-alive HTTP/1.1 connection that sends prepared bytes and reads just enough of the answer: a load generator on
/// the same two cores must cost as little as it can.
/// </summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket socket;
    private readonly byte[] buffer = new byte[64 * 1024];
    private int filled;

    public RawConnection(Uri server)
    {
        socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(server.Host, server.Port);
    }

    /// <summary>A request with a JSON body, as bytes to be sent again and again.</summary>
    public static byte[] Post(string path, ReadOnlySpan<byte> json)
    {
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {json.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        return [.. head, .. json];
    }

    /// <summary>Sends a request and waits for the whole answer.</summary>
    /// <returns>Status and body length.</returns>
    public async ValueTask<(int Status, long Length)> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (request.Length > 0)
        {
            request = request[await socket.SendAsync(request, SocketFlags.None, cancellationToken)..];
        }

        return await ReadAnswerAsync(cancellationToken);
    }

    public void Dispose() => socket.Dispose();

    private async ValueTask<(int Status, long Length)> ReadAnswerAsync(CancellationToken cancellationToken)
    {
        filled = 0;
        int end;
        while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            filled += await ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
        }

        var head = Encoding.ASCII.GetString(buffer, 0, end);
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            long chunked = filled - end - 4;
            while (!buffer.AsSpan(0, filled).EndsWith("0\r\n\r\n"u8))
            {
                // Only the end matters: a long answer does not fit.
                if (filled > buffer.Length / 2)
                {
                    buffer.AsSpan(filled - 8, 8).CopyTo(buffer);
                    filled = 8;
                }

                var count = await ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
                filled += count;
                chunked += count;
            }

            return (status, chunked);
        }

        const string name = "Content-Length: ";
        var at = head.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        var length = at < 0 ? 0 : long.Parse(head.AsSpan(at + name.Length).ToString().Split('\r')[0], CultureInfo.InvariantCulture);
        for (var left = length - (filled - end - 4); left > 0;)
        {
            left -= await ReceiveAsync(buffer, cancellationToken);
        }

        return (status, length);
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        var count = await socket.ReceiveAsync(target, SocketFlags.None, cancellationToken);
        return count > 0 ? count : throw new IOException("The server closed the connection.");
    }
}
