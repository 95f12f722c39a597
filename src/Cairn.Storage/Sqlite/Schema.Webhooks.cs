namespace Cairn.Storage.Sqlite;

/// <content>Webhooks of the model registry, and the messages that wait for them.</content>
internal static partial class Schema
{
    private const string Webhooks =
        """
        CREATE TABLE webhook (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            url TEXT NOT NULL,
            description TEXT,
            secret TEXT,
            is_active INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL);
        CREATE TABLE webhook_event (
            webhook_id TEXT NOT NULL,
            entity TEXT NOT NULL,
            action TEXT NOT NULL,
            UNIQUE (webhook_id, entity, action));
        CREATE INDEX webhook_event_by_kind ON webhook_event (entity, action);
        CREATE TABLE webhook_message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook_id TEXT NOT NULL,
            entity TEXT NOT NULL,
            action TEXT NOT NULL,
            data TEXT NOT NULL,
            at INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            due_at INTEGER NOT NULL);
        CREATE INDEX webhook_message_by_time ON webhook_message (due_at, id);
        """;
}
