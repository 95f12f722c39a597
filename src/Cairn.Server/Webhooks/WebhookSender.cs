using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Cairn.Core.Webhooks;

namespace Cairn.Server.Webhooks;

/// <summary>
/// Sends messages, as MLflow does: JSON, signed with the webhook's secret. It speaks only to hosts the operator allowed,
/// to the very address that was checked, follows no redirect and asks no proxy, so that nobody can have the server knock
/// at doors that are not theirs.
/// </summary>
internal sealed class WebhookSender : IWebhookTrial, IDisposable
{
    private const int LongestAnswer = 4096;

    private readonly WebhookHosts hosts;
    private readonly TimeProvider clock;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> resolve;
    private readonly Lazy<HttpClient> http;

    /// <param name="hosts">To whom messages may be sent.</param>
    /// <param name="clock">The time that is signed.</param>
    /// <param name="resolve">What a host's addresses are; null for the system's answer.</param>
    public WebhookSender(WebhookHosts hosts, TimeProvider clock, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        this.hosts = hosts;
        this.clock = clock;
        this.resolve = resolve ?? Dns.GetHostAddressesAsync;

        // Most servers never send anything, and making a client takes its time.
        http = new Lazy<HttpClient>(MakeClient);
    }

    /// <summary>Sends one message and answers what became of it; never throws but for cancellation.</summary>
    public async Task<WebhookOutcome> SendAsync(Webhook webhook, RegistryNews news, string deliveryId, long at, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(webhook.Url, UriKind.Absolute, out var url) || !hosts.IsAllowed(url))
        {
            return new WebhookOutcome(Status: null, Body: null, $"The operator has not allowed messages to '{url?.Host}'. Start the server with --webhook-hosts {url?.Host}.", MayRetry: false);
        }

        try
        {
            using var request = Compose(webhook, news, deliveryId, at, url);
            using var response = await http.Value.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            var body = await ReadAsync(response, cancellationToken);
            return new WebhookOutcome(status, body, status < 300 ? null : $"It answered {status}.", status is 408 or 429 or >= 500);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or SocketException
            || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new WebhookOutcome(Status: null, Body: null, $"It could not be reached: {fault.Message}", MayRetry: true);
        }
    }

    public async Task<WebhookTrial> TryAsync(Webhook webhook, RegistryEvent kind, CancellationToken cancellationToken)
    {
        var outcome = await SendAsync(webhook, RegistryNews.Example(kind), Guid.NewGuid().ToString(), clock.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        return new WebhookTrial(outcome.Status, outcome.Body, outcome.Fault);
    }

    public void Dispose()
    {
        if (http.IsValueCreated)
        {
            http.Value.Dispose();
        }
    }

    private HttpClient MakeClient()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            ConnectCallback = ConnectAsync,
        };
        return new HttpClient(handler, disposeHandler: true) { Timeout = TimeSpan.FromSeconds(30) };
    }

    private HttpRequestMessage Compose(Webhook webhook, RegistryNews news, string deliveryId, long at, Uri url)
    {
        var (entity, action) = news.Event;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture);
        var payload = $$"""{"entity": "{{entity}}", "action": "{{action}}", "timestamp": "{{time}}", "data": {{news.Data}}}""";
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(payload)) { Headers = { { "Content-Type", "application/json" } } },
        };
        var stamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("X-MLflow-Delivery-Id", deliveryId);
        request.Headers.Add("X-MLflow-Timestamp", stamp);
        if (webhook.Secret is { Length: > 0 } secret)
        {
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{deliveryId}.{stamp}.{payload}"));
            request.Headers.Add("X-MLflow-Signature", $"v1,{Convert.ToBase64String(signature)}");
        }

        return request;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestAnswer];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        return Encoding.UTF8.GetString(buffer, 0, await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken));
    }

    // A name can mean another address a moment later; so the address that is looked at is the one that is spoken to.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await resolve(context.DnsEndPoint.Host, cancellationToken);
        if (!hosts.IsNamed(context.InitialRequestMessage.RequestUri!))
        {
            addresses = Array.FindAll(addresses, WebhookHosts.IsPublic);
        }

        if (addresses.Length == 0)
        {
            throw new HttpRequestException($"'{context.DnsEndPoint.Host}' has no address on the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>What became of a message.</summary>
/// <param name="Status">Status of the answer, or null where there was none.</param>
/// <param name="Body">Beginning of the answer, or null.</param>
/// <param name="Fault">What went wrong, or null.</param>
/// <param name="MayRetry">Sending it again later may help.</param>
internal sealed record WebhookOutcome(int? Status, string? Body, string? Fault, bool MayRetry);
