using Cairn.Core;
using Cairn.Core.Webhooks;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Webhooks, also for what MLflow's clients have no words for.</summary>
internal static class WebhookEndpoints
{
    private const int Most = 1000;

    public static async Task List(HttpContext http) =>
        await http.WriteJsonAsync(new Wire.WebhookList([.. (await Book(http).ListAsync(Most, 0, http.RequestAborted)).Select(ToWire)]));

    public static async Task Create(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.CreateWebhookRequest>();
        var events = request.Events.Select((word, i) => Read(Bind.Given(word, "events", i), i)).ToList();
        var webhook = await Book(http).CreateAsync(request.Name, request.Url, events, description: null, request.Secret, isActive: true, http.RequestAborted);
        await http.WriteJsonAsync(ToWire(webhook));
    }

    public static async Task Delete(HttpContext http)
    {
        await Book(http).DeleteAsync(Bind.Route(http, "webhookId"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static RegistryEvent Read(string word, int index)
    {
        var known = RegistryEvent.All.FirstOrDefault(kind => kind.ToString() == word);
        return known == default
            ? throw CairnException.Invalid($"events[{index}]", $"'{word}' is no event. There are {string.Join(", ", RegistryEvent.All)}.")
            : known;
    }

    private static Wire.WebhookInfo ToWire(Webhook webhook) => new(
        webhook.Id, webhook.Name, webhook.Url, [.. webhook.Events.Select(kind => kind.ToString())], webhook.IsActive, webhook.CreatedAt);

    private static WebhookBook Book(HttpContext http) => http.RequestServices.GetRequiredService<WebhookBook>();
}
