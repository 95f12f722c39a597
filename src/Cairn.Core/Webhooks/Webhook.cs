namespace Cairn.Core.Webhooks;

/// <summary>Who wants to hear of what happens in the model registry, and where.</summary>
/// <param name="Id">Made by the server.</param>
/// <param name="Name">For people.</param>
/// <param name="Url">Where messages are sent, if the operator allows the host.</param>
/// <param name="Events">At least one.</param>
/// <param name="Description">Text, or null.</param>
/// <param name="Secret">Key of the messages' signatures, or null. It is never shown.</param>
/// <param name="IsActive">False sends nothing.</param>
/// <param name="CreatedAt">Unix milliseconds.</param>
/// <param name="UpdatedAt">Unix milliseconds.</param>
public sealed record Webhook(
    string Id,
    string Name,
    string Url,
    IReadOnlyList<RegistryEvent> Events,
    string? Description,
    string? Secret,
    bool IsActive,
    long CreatedAt,
    long UpdatedAt);

/// <summary>What to change of a webhook; null leaves as it is.</summary>
public sealed record WebhookChange(
    string? Name = null,
    string? Url = null,
    IReadOnlyList<RegistryEvent>? Events = null,
    string? Description = null,
    string? Secret = null,
    bool? IsActive = null);

/// <summary>A message that waits to be sent.</summary>
/// <param name="Id">Of the message.</param>
/// <param name="Webhook">To whom.</param>
/// <param name="Event">What happened.</param>
/// <param name="Data">The event's facts, a JSON object.</param>
/// <param name="At">When it happened, Unix milliseconds.</param>
/// <param name="Attempts">How often sending it has failed.</param>
public sealed record WebhookMessage(long Id, Webhook Webhook, RegistryEvent Event, string Data, long At, int Attempts);
