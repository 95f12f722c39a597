using System.Net;
using System.Net.Sockets;

namespace Cairn.Core.Webhooks;

/// <summary>
/// To which hosts messages may be sent. The operator names them; nothing is sent to others. A host that is named may be
/// anywhere and be spoken to without TLS; "*" stands for every host of the public internet, by https.
/// </summary>
/// <param name="allowed">Hosts, with a port where only that port is meant, or "*".</param>
public sealed class WebhookHosts(IReadOnlyList<string> allowed)
{
    private const string Everyone = "*";

    public bool IsEmpty => allowed.Count == 0;

    /// <summary>True where the operator named the host itself.</summary>
    public bool IsNamed(Uri url) =>
        allowed.Contains(url.Host, StringComparer.OrdinalIgnoreCase)
        || allowed.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase)
        || allowed.Contains(url.Authority, StringComparer.OrdinalIgnoreCase);

    /// <summary>True where messages may be sent there, if its address is one of the public internet.</summary>
    public bool IsAllowed(Uri url) => IsNamed(url) || (allowed.Contains(Everyone) && url.Scheme == Uri.UriSchemeHttps);

    /// <summary>Refuses what can never be sent to. A host that is not allowed may still be noted down: the operator may allow it later.</summary>
    /// <exception cref="CairnException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public void Check(Uri url)
    {
        if (IsNamed(url) && url.Scheme is "http" or "https")
        {
            return;
        }

        if (url.Scheme != Uri.UriSchemeHttps)
        {
            throw CairnException.Invalid("url", $"Invalid webhook URL scheme: '{url.Scheme}'. Allowed schemes are: https.");
        }

        if (url.UserInfo.Length > 0)
        {
            throw CairnException.Invalid("url", "Invalid webhook URL: it carries a user name.");
        }

        var isLocalName = url.IdnHost.Equals("localhost", StringComparison.OrdinalIgnoreCase) || url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        if (isLocalName || (IPAddress.TryParse(url.IdnHost.Trim('[', ']'), out var address) && !IsPublic(address)))
        {
            throw CairnException.Invalid("url", $"Invalid webhook URL: '{url.Host}' is not a host of the public internet. The operator can allow it by name: --webhook-hosts {url.Host}.");
        }
    }

    /// <summary>True for addresses that routers of the public internet carry.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !(bytes[0] is 0 or 10 or 127 or >= 224
                || (bytes[0] == 100 && bytes[1] is >= 64 and < 128)
                || (bytes[0] == 169 && bytes[1] == 254)
                || (bytes[0] == 172 && bytes[1] is >= 16 and < 32)
                || (bytes[0] == 192 && bytes[1] is 168)
                || (bytes[0] == 192 && bytes[1] == 0 && bytes[2] is 0 or 2)
                || (bytes[0] == 198 && bytes[1] is 18 or 19)
                || (bytes[0] == 198 && bytes[1] == 51 && bytes[2] == 100)
                || (bytes[0] == 203 && bytes[1] == 0 && bytes[2] == 113));
        }

        // Only 2000::/3 is given out; of it, documentation and what carries an IPv4 address inside (6to4, Teredo) are left out.
        return (bytes[0] & 0xE0) == 0x20
            && !(bytes[0] == 0x20 && bytes[1] == 0x02)
            && !(bytes[0] == 0x20 && bytes[1] == 0x01 && (bytes[2] is 0 or 1 || (bytes[2] == 0x0d && bytes[3] == 0xb8)));
    }
}
