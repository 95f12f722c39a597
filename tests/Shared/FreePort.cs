using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Cairn.Tests;

/// <summary>A port for a server that is ended and started again on it.</summary>
internal static class FreePort
{
    // Below what the system gives to connections and to servers that ask for any port (from 32,768 on): while the server is
    // down, nobody else is given it, and a client that knocks in the meantime cannot be connected to itself.
    private const int From = 20_000, To = 32_000;

    public static int Take()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(From, To);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it: another one.
            }
        }
    }
}
