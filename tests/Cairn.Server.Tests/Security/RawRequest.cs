using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Cairn.Server.Tests.Security;

/// <summary>Requests exactly as written, which no HTTP client would send.</summary>
internal static class RawRequest
{
    public static async Task<(int Status, string Text)> SendAsync(Uri server, string method, string target, string body = "", params string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port);
        await using var stream = client.GetStream();
        var more = string.Concat(headers.Select(header => $"{header}\r\n"));
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{method} {target} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: close\r\n{more}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        return (int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), answer);
    }
}
