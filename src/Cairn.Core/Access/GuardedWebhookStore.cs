using Cairn.Core.Webhooks;

namespace Cairn.Core.Access;

/// <summary>Who hears of what happens on the whole server: for admins.</summary>
internal sealed class GuardedWebhookStore(IWebhookStore inner, AccessGuard guard) : IWebhookStore
{
    private const string What = "Webhooks, which hear of the whole server: to see or change them";

    public Task<Webhook> CreateAsync(Webhook webhook, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.CreateAsync(webhook, cancellationToken);
    }

    public Task<Webhook?> FindAsync(string id, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.FindAsync(id, cancellationToken);
    }

    public Task<IReadOnlyList<Webhook>> ListAsync(int limit, int offset, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.ListAsync(limit, offset, cancellationToken);
    }

    public Task<Webhook?> UpdateAsync(string id, WebhookChange change, long at, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.UpdateAsync(id, change, at, cancellationToken);
    }

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.DeleteAsync(id, cancellationToken);
    }

    public Task<IReadOnlyList<WebhookMessage>> ReadDueAsync(long now, int limit, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.ReadDueAsync(now, limit, cancellationToken);
    }

    public Task ForgetAsync(long message, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.ForgetAsync(message, cancellationToken);
    }

    public Task PostponeAsync(long message, long until, CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.PostponeAsync(message, until, cancellationToken);
    }

    public Task WaitForWebhookAsync(CancellationToken cancellationToken)
    {
        guard.DemandAdmin(What);
        return inner.WaitForWebhookAsync(cancellationToken);
    }
}
