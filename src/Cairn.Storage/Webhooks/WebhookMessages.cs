using Cairn.Core.Webhooks;
using Cairn.Storage.Sqlite;

namespace Cairn.Storage.Webhooks;

/// <summary>Where writers leave messages for webhooks, within their own transaction.</summary>
internal static class WebhookMessages
{
    /// <summary>Leaves a message for every active webhook that listens to the event; costs one look-up where there is none.</summary>
    public static void Add(SqlSession session, RegistryNews news, long at)
    {
        var listeners = session.Query(
            """
            SELECT webhook.id FROM webhook_event JOIN webhook ON webhook.id = webhook_id
            WHERE entity = @1 AND action = @2 AND is_active = 1
            """,
            row => row.GetString(0),
            news.Event.Entity,
            news.Event.Action);
        foreach (var listener in listeners)
        {
            session.Execute(
                "INSERT INTO webhook_message (webhook_id, entity, action, data, at, attempts, due_at) VALUES (@1, @2, @3, @4, @5, 0, @5)",
                listener,
                news.Event.Entity,
                news.Event.Action,
                news.Data,
                at);
        }
    }

    /// <summary>False where nobody listens to anything, which spares composing what nobody reads.</summary>
    public static bool Anyone(SqlSession session) => session.Number("SELECT EXISTS (SELECT 1 FROM webhook)") == 1;
}
