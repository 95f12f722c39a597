using System.Net;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Hosting;

/// <summary>
/// What the proxies in front of the server say of a request: where it came from and whether by TLS. Anybody can send the
/// headers that say it, so they are believed only on connections from addresses that the operator named, and only as far
/// as these proxies wrote them.
/// </summary>
internal sealed class TrustedProxies
{
    private const string Source = "X-Forwarded-For";
    private const string Scheme = "X-Forwarded-Proto";

    private readonly IPNetwork[] networks;

    private TrustedProxies(IPNetwork[] networks) => this.networks = networks;

    /// <param name="texts">Addresses and networks that <see cref="Faults"/> found nothing wrong with.</param>
    public static TrustedProxies Of(IReadOnlyList<string> texts) => new([.. texts.Select(text => Read(text)!.Value)]);

    /// <summary>What is wrong with addresses and networks, each in a sentence.</summary>
    public static IEnumerable<string> Faults(IReadOnlyList<string> texts) =>
        from text in texts
        where Read(text) is null
        select $"--trusted-proxy '{text}' is neither an address nor a network (such as 10.0.0.2, 10.0.0.0/24 or fd00::/8).";

    /// <summary>Gives the request the address and scheme of the client behind the proxies; leaves it where it came from nobody trusted.</summary>
    public void LookBehind(HttpContext http)
    {
        if (networks.Length == 0 || http.Connection.RemoteIpAddress is not { } nearest || !IsTrusted(nearest))
        {
            return;
        }

        // Each proxy appends whom it was asked by. Read from the right, the first that is no proxy of ours is the client;
        // whatever stands further left is what that client claims.
        var address = nearest;
        foreach (var hop in http.Request.Headers[Source].SelectMany(value => (value ?? "").Split(',')).Reverse())
        {
            if (!TryReadHop(hop.Trim(), out var before))
            {
                break;
            }

            address = before;
            if (!IsTrusted(address))
            {
                break;
            }
        }

        http.Connection.RemoteIpAddress = address;
        if (http.Request.Headers[Scheme] is [.., { } last] && last.Split(',')[^1].Trim() is "https")
        {
            http.Request.Scheme = Uri.UriSchemeHttps;
        }
    }

    private bool IsTrusted(IPAddress address) => Array.Exists(networks, network => network.Contains(Plain(address)));

    // Some proxies append the port: "192.0.2.1:4711", "[2001:db8::1]:4711".
    private static bool TryReadHop(string hop, out IPAddress address)
    {
        address = IPAddress.None;
        if (IPAddress.TryParse(hop, out var bare))
        {
            address = Plain(bare);
            return true;
        }

        if (hop.Contains('.', StringComparison.Ordinal) || hop.StartsWith('['))
        {
            if (IPEndPoint.TryParse(hop, out var end))
            {
                address = Plain(end.Address);
                return true;
            }
        }

        return false;
    }

    private static IPNetwork? Read(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            var plain = Plain(address);
            return new IPNetwork(plain, plain.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network) ? network : null;
    }

    /// <summary>A socket for both families tells IPv4 addresses as IPv6 ones.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
