using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Webhooks;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Registry;

/// <summary>Webhooks of the registry, as MLflow 3.3 and later have them.</summary>
internal sealed class WebhookEndpoints(WebhookBook book, IWebhookTrial trials)
{
    private const int MostListed = 1000;
    private const int UsuallyListed = 100;

    private static readonly Dictionary<string, bool> Statuses = new(StringComparer.Ordinal) { ["ACTIVE"] = true, ["DISABLED"] = false };
    private static readonly Dictionary<long, bool> StatusNumbers = new() { [1] = true, [2] = false };

    public async Task CreateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (name, url) = (Given(fields, "name"), Given(fields, "url"));
        var events = Events(fields)
            ?? throw RequestFields.Refuse("events", "Missing value for required parameter 'events'. Webhook events must be a non-empty list.");
        var active = fields.Choice("status", Statuses, StatusNumbers) ?? true;
        await AnswerAsync(
            context,
            await book.CreateAsync(name, url, events, OrNull(fields.Text("description")), OrNull(fields.Text("secret")), active, context.RequestAborted));
    }

    public async Task ListAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var size = fields.Integer("max_results") is { } asked and not 0 ? asked : UsuallyListed;
        if (size is < 1 or > MostListed)
        {
            throw CairnException.Invalid("max_results", $"max_results must be between 1 and {MostListed}.");
        }

        var offset = PageToken.Read(fields.Text("page_token"));
        var found = await book.ListAsync((int)size + 1, offset, context.RequestAborted);
        await JsonAnswer.StreamAsync(context, "webhooks", [.. found.Take((int)size).Where(webhook => webhook.Events.Any(RegistryEvent.Registry.Contains))], Write, writer =>
        {
            if (found.Count > size)
            {
                writer.WriteString("next_page_token"u8, PageToken.Write(offset + (int)size));
            }
        });
    }

    public async Task GetAsync(HttpContext context) => await AnswerAsync(context, await book.GetAsync(Id(context), context.RequestAborted));

    public async Task UpdateAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var change = new WebhookChange(
            fields.Text("name"),
            OrNull(fields.Text("url")),
            Events(fields),
            OrNull(fields.Text("description")),
            OrNull(fields.Text("secret")),
            fields.Choice("status", Statuses, StatusNumbers));
        await AnswerAsync(context, await book.UpdateAsync(Id(context), change, context.RequestAborted));
    }

    public async Task DeleteAsync(HttpContext context)
    {
        await book.DeleteAsync(Id(context), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task TestAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var webhook = await book.GetAsync(Id(context), context.RequestAborted);
        var kind = fields.Value("event") is { IsAbsent: false } asked ? Event(asked, "event") : webhook.Events[0];
        var trial = await trials.TryAsync(webhook, kind, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, trial, static (writer, trial) =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("result"u8);
            writer.WriteBoolean("success"u8, trial.Fault is null);
            if (trial.Status is { } status)
            {
                writer.WriteNumber("response_status"u8, status);
                writer.WriteString("response_body"u8, trial.Body ?? "");
            }

            if (trial.Fault is { } fault)
            {
                writer.WriteString("error_message"u8, $"Failed to test webhook: {fault}");
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static string Id(HttpContext context) => context.Request.RouteValues["webhook_id"] as string ?? "";

    // What is there and empty is refused by its own rule, which says more than that it is missing.
    private static string Given(RequestFields fields, string name) => fields.Text(name) ?? throw RequestFields.Missing(name);

    private static string? OrNull(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static List<RegistryEvent>? Events(RequestFields fields)
    {
        var items = fields.Objects("events");
        return items.Count == 0 ? null : [.. items.Select((item, i) => Event(item, $"events[{i}]"))];
    }

    private static RegistryEvent Event(FieldValue value, string at) => new(
        RequestFields.RequiredText($"{at}.entity", value.Member("entity", at)).ToLowerInvariant(),
        RequestFields.RequiredText($"{at}.action", value.Member("action", at)).ToLowerInvariant());

    private static Task AnswerAsync(HttpContext context, Webhook webhook) =>
        JsonAnswer.WriteAsync(context, webhook, static (writer, webhook) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("webhook"u8);
            Write(writer, webhook);
            writer.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter writer, Webhook webhook)
    {
        writer.WriteStartObject();
        writer.WriteString("webhook_id"u8, webhook.Id);
        writer.WriteString("name"u8, webhook.Name);
        if (webhook.Description is { } description)
        {
            writer.WriteString("description"u8, description);
        }

        writer.WriteString("url"u8, webhook.Url);
        writer.WriteStartArray("events"u8);

        // Clients read these as values of an enumeration and fail on others, which only the native API sets.
        foreach (var (entity, action) in webhook.Events.Where(RegistryEvent.Registry.Contains))
        {
            writer.WriteStartObject();
            writer.WriteString("entity"u8, entity.ToUpperInvariant());
            writer.WriteString("action"u8, action.ToUpperInvariant());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("status"u8, webhook.IsActive ? "ACTIVE"u8 : "DISABLED"u8);
        writer.WriteNumber("creation_timestamp"u8, webhook.CreatedAt);
        writer.WriteNumber("last_updated_timestamp"u8, webhook.UpdatedAt);
        writer.WriteEndObject();
    }
}
