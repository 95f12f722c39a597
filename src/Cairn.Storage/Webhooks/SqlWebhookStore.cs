using Cairn.Core.Webhooks;
using Cairn.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace Cairn.Storage.Webhooks;

/// <summary>Webhooks and their waiting messages in SQL.</summary>
internal sealed class SqlWebhookStore(SqliteDatabase database) : IWebhookStore, IDisposable
{
    private readonly SemaphoreSlim created = new(0, 1);

    private const string SelectWebhook = "SELECT webhook.id, webhook.name, url, description, secret, is_active, created_at, updated_at FROM webhook";

    public Task<Webhook> CreateAsync(Webhook webhook, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    """
                    INSERT INTO webhook (id, name, url, description, secret, is_active, created_at, updated_at)
                    VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
                    """,
                    webhook.Id,
                    webhook.Name,
                    webhook.Url,
                    webhook.Description,
                    webhook.Secret,
                    webhook.IsActive ? 1 : 0,
                    webhook.CreatedAt,
                    webhook.UpdatedAt);
                SetEvents(session, webhook.Id, webhook.Events);
                return webhook;
            },
            _ => Wake(),
            cancellationToken);

    public Task<Webhook?> FindAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<IReadOnlyList<Webhook>> ListAsync(int limit, int offset, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Webhook>>(
            session => session.Query($"{SelectWebhook} ORDER BY created_at DESC, id LIMIT @1 OFFSET @2", row => Read(session, row), limit, offset),
            cancellationToken);

    public Task<Webhook?> UpdateAsync(string id, WebhookChange change, long at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                if (Find(session, id) is null)
                {
                    return null;
                }

                session.Execute(
                    """
                    UPDATE webhook SET name = COALESCE(@2, name), url = COALESCE(@3, url), description = COALESCE(@4, description),
                        secret = COALESCE(@5, secret), is_active = COALESCE(@6, is_active), updated_at = @7
                    WHERE id = @1
                    """,
                    id,
                    change.Name,
                    change.Url,
                    change.Description,
                    change.Secret,
                    change.IsActive is { } active ? (active ? 1 : 0) : null,
                    at);
                if (change.Events is { } events)
                {
                    session.Execute("DELETE FROM webhook_event WHERE webhook_id = @1", id);
                    SetEvents(session, id, events);
                }

                return Find(session, id);
            },
            cancellationToken);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                session.Execute("DELETE FROM webhook_message WHERE webhook_id = @1", id);
                session.Execute("DELETE FROM webhook_event WHERE webhook_id = @1", id);
                return session.Execute("DELETE FROM webhook WHERE id = @1", id) > 0;
            },
            cancellationToken);

    public Task<IReadOnlyList<WebhookMessage>> ReadDueAsync(long now, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<WebhookMessage>>(
            session => session.Query(
                "SELECT id, webhook_id, entity, action, data, at, attempts FROM webhook_message WHERE due_at <= @1 ORDER BY due_at, id LIMIT @2",
                row => new WebhookMessage(
                    row.GetInt64(0),
                    Find(session, row.GetString(1))!,
                    new RegistryEvent(row.GetString(2), row.GetString(3)),
                    row.GetString(4),
                    row.GetInt64(5),
                    row.GetInt32(6)),
                now,
                limit),
            cancellationToken);

    public Task ForgetAsync(long message, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.Execute("DELETE FROM webhook_message WHERE id = @1", message), cancellationToken);

    public Task PostponeAsync(long message, long until, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => session.Execute("UPDATE webhook_message SET attempts = attempts + 1, due_at = @2 WHERE id = @1", message, until),
            cancellationToken);

    public async Task WaitForWebhookAsync(CancellationToken cancellationToken)
    {
        while (!await database.ReadAsync(WebhookMessages.Anyone, cancellationToken))
        {
            await created.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => created.Dispose();

    private void Wake()
    {
        // On the writer, so never two at once.
        if (created.CurrentCount == 0)
        {
            created.Release();
        }
    }

    private static Webhook? Find(SqlSession session, string id) =>
        session.First($"{SelectWebhook} WHERE id = @1", row => Read(session, row), id);

    private static void SetEvents(SqlSession session, string id, IReadOnlyList<RegistryEvent> events)
    {
        foreach (var wanted in events)
        {
            session.Execute(
                "INSERT INTO webhook_event (webhook_id, entity, action) VALUES (@1, @2, @3) ON CONFLICT DO NOTHING",
                id,
                wanted.Entity,
                wanted.Action);
        }
    }

    private static Webhook Read(SqlSession session, SqliteDataReader row)
    {
        var id = row.GetString(0);
        return new Webhook(
            id,
            row.GetString(1),
            row.GetString(2),
            session.Query(
                "SELECT entity, action FROM webhook_event WHERE webhook_id = @1 ORDER BY rowid",
                found => new RegistryEvent(found.GetString(0), found.GetString(1)),
                id),
            row.Text(3),
            row.Text(4),
            row.GetInt32(5) == 1,
            row.GetInt64(6),
            row.GetInt64(7));
    }
}
