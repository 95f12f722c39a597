using System.Globalization;
using Cairn.Core;
using Cairn.Core.Webhooks;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Webhooks;

/// <summary>
/// Sends waiting messages in the background, each until it is received, refused for good, or has failed too often. What
/// waits is on disk: a server that starts again goes on where the last one stopped. A message may arrive twice, under the
/// same delivery id.
/// </summary>
internal sealed partial class WebhookCourier : IAsyncDisposable
{
    private const int BatchLength = 50;

    // How long a message may wait before it is looked for; nothing is looked for where there is no webhook.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // About a day in all.
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(18),
    ];

    private readonly IWebhookStore store;
    private readonly Lazy<WebhookSender> sender;
    private readonly TimeProvider clock;
    private readonly ILogger logger;
    private readonly CancellationTokenSource ending = new();
    private Task? work;

    public WebhookCourier(IWebhookStore store, Func<WebhookSender> sender, TimeProvider clock, ILogger<WebhookCourier> logger)
    {
        this.store = store;
        this.sender = new Lazy<WebhookSender>(sender);
        this.clock = clock;
        this.logger = logger;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Begins to look for messages.</summary>
    public void Start() => work = Task.Run(RunAsync);

    /// <summary>Lets go of what is being sent; it waits on disk for the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        if (work is { } running)
        {
            work = null;
            await ending.CancelAsync();
            await running;
            ending.Dispose();
        }
    }

    private async Task RunAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await store.WaitForWebhookAsync(ending.Token);
                var due = await store.ReadDueAsync(Now, BatchLength, ending.Token);
                await Task.WhenAll(due.GroupBy(message => message.Webhook.Id, StringComparer.Ordinal).Select(SendAllAsync));
                if (due.Count == 0)
                {
                    await Task.Delay(Pause, clock, ending.Token);
                }
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return;
            }
            catch (CairnException fault)
            {
                // A full disk, most likely. The messages are still there; try again when it may have passed.
                Stumbled(logger, fault);
                await Task.Delay(Pause * 20, clock, ending.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    // One webhook that is slow keeps only its own messages waiting, which stay in order.
    private async Task SendAllAsync(IEnumerable<WebhookMessage> messages)
    {
        foreach (var message in messages)
        {
            var deliveryId = string.Create(CultureInfo.InvariantCulture, $"{message.Webhook.Id}-{message.Id}");
            var outcome = await sender.Value.SendAsync(message.Webhook, new RegistryNews(message.Event, message.Data), deliveryId, message.At, ending.Token);
            if (outcome.Fault is { } fault && outcome.MayRetry && message.Attempts < Waits.Length)
            {
                await store.PostponeAsync(message.Id, Now + (long)Waits[message.Attempts].TotalMilliseconds, ending.Token);
            }
            else
            {
                await store.ForgetAsync(message.Id, ending.Token);
                if (outcome.Fault is { } last)
                {
                    GaveUp(logger, message.Event.ToString(), message.Webhook.Name, last);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Messages to webhooks wait")]
    private static partial void Stumbled(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message {Event} to the webhook {Webhook} was given up: {Fault}")]
    private static partial void GaveUp(ILogger logger, string @event, string webhook, string fault);
}
