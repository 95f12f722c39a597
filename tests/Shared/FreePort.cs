using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Cairn.Tests;

/// <summary>A port for a server that is ended and started again on it, or that cannot ask the system for one.</summary>
internal static class FreePort
{
    // Below what the system gives to connections and to servers that ask for any port (from 32,768 on): while the server is
    // down, nobody else is given it, and a client that knocks in the meantime cannot be connected to itself.
    private const int From = 20_000, To = 32_000;

    // Who was given one may not be listening yet.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public static int Take()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(From, To);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                if (Given.TryAdd(port, true))
                {
                    return port;
                }
            }
            catch (SocketException)
            {
                // Somebody has it: another one.
            }
        }
    }

    /// <summary>A listener that has started, and its address, which ends in a slash.</summary>
    public static HttpListener Listen(out string url)
    {
        while (true)
        {
            var listener = new HttpListener();
            url = $"http://127.0.0.1:{Take()}/";
            listener.Prefixes.Add(url);
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException)
            {
                // Another process was quicker.
                listener.Close();
            }
        }
    }
}
