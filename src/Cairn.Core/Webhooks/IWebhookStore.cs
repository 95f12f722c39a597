namespace Cairn.Core.Webhooks;

/// <summary>
/// Remembers webhooks, and the messages that wait to be sent to them. A message is kept in the transaction of the change
/// it tells of, so that a change that was acknowledged is told whatever happens to the server.
/// </summary>
public interface IWebhookStore
{
    Task<Webhook> CreateAsync(Webhook webhook, CancellationToken cancellationToken);

    Task<Webhook?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Webhook>> ListAsync(int limit, int offset, CancellationToken cancellationToken);

    /// <summary>Null where there is none.</summary>
    Task<Webhook?> UpdateAsync(string id, WebhookChange change, long at, CancellationToken cancellationToken);

    /// <summary>Removes it with the messages that wait for it; false where there was none.</summary>
    Task<bool> DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Messages whose time has come, oldest first.</summary>
    Task<IReadOnlyList<WebhookMessage>> ReadDueAsync(long now, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets a message: it was received, or will never be.</summary>
    Task ForgetAsync(long message, CancellationToken cancellationToken);

    /// <summary>Counts a failure, and sets when to try again.</summary>
    Task PostponeAsync(long message, long until, CancellationToken cancellationToken);

    /// <summary>Completes when there is a webhook: before that no message can come.</summary>
    Task WaitForWebhookAsync(CancellationToken cancellationToken);
}
