namespace Cairn.Core.Webhooks;

/// <summary>Sends an example to a webhook, for who tries it out. Whatever sends messages does it: the domain speaks to nobody.</summary>
public interface IWebhookTrial
{
    Task<WebhookTrial> TryAsync(Webhook webhook, RegistryEvent kind, CancellationToken cancellationToken);
}

/// <summary>What became of a trial.</summary>
/// <param name="Status">Status of the answer, or null where there was none.</param>
/// <param name="Body">Beginning of the answer, or null.</param>
/// <param name="Fault">What went wrong, or null.</param>
public sealed record WebhookTrial(int? Status, string? Body, string? Fault);
