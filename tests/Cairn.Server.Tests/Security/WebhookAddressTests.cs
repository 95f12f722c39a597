using System.Net;
using System.Net.Sockets;
using System.Text;
using Cairn.Core.Webhooks;
using Cairn.Server.Webhooks;

namespace Cairn.Server.Tests.Security;

/// <summary>092: a message goes to the address that was looked at, whatever the host's name means before and after.</summary>
public sealed class WebhookAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("fd00::1")]
    public async Task A_public_name_that_means_an_inner_address_when_it_is_connected_to_is_refused(string address)
    {
        using var sender = new WebhookSender(new WebhookHosts(["*"]), TimeProvider.System, (_, _) => Task.FromResult(new[] { IPAddress.Parse(address) }));
        var outcome = await sender.SendAsync(Hook("https://rebind.example/hook"), News, "d", 0, CancellationToken.None);
        Assert.Null(outcome.Status);
        Assert.Contains("no address on the public internet", outcome.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_addresses_only_public_ones_are_tried()
    {
        using var inner = new TcpListener(IPAddress.Loopback, 0);
        inner.Start();
        var port = ((IPEndPoint)inner.LocalEndpoint).Port;

        // 192.0.2.1 is for documentation and counts as inner; 0.0.0.0 means this machine.
        using var sender = new WebhookSender(new WebhookHosts(["*"]), TimeProvider.System, (_, _) => Task.FromResult(new[] { IPAddress.Loopback, IPAddress.Any, IPAddress.Parse("192.0.2.1"), IPAddress.Parse("::ffff:127.0.0.1") }));
        var outcome = await sender.SendAsync(Hook($"https://mixed.example:{port}/"), News, "d", 0, CancellationToken.None);
        Assert.Contains("no address on the public internet", outcome.Fault, StringComparison.Ordinal);
        Assert.False(inner.Pending());
    }

    [Fact]
    public async Task The_name_is_asked_once_and_what_was_answered_is_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        other.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = 0;
        using var sender = new WebhookSender(
            new WebhookHosts([$"hook.example:{port}"]), TimeProvider.System, (_, _) => Task.FromResult(new[] { asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2") }));
        var sending = sender.SendAsync(Hook($"http://hook.example:{port}/hook"), News, "d", 0, CancellationToken.None);
        using (var client = await listener.AcceptTcpClientAsync())
        {
            var stream = client.GetStream();
            await stream.ReadAtLeastAsync(new byte[1], 1);

            // To somewhere else on this machine, which would be as good an address as the first.
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{((IPEndPoint)other.LocalEndpoint).Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            Assert.Equal(302, (await sending).Status);
        }

        Assert.Equal(1, asked);
        Assert.False(listener.Pending() || other.Pending());
    }

    private static RegistryNews News => RegistryNews.Example(RegistryEvent.Registry[0]);

    private static Webhook Hook(string url) => new("w", "hook", url, [RegistryEvent.Registry[0]], null, "hush", IsActive: true, 0, 0);
}
