using System.Text.RegularExpressions;

namespace Cairn.Core.Webhooks;

/// <summary>The rules of webhooks.</summary>
public sealed partial class WebhookBook(IWebhookStore store, WebhookHosts hosts, TimeProvider clock)
{
    private const int LongestUrl = 2048;
    private const int LongestText = 65_536;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public Task<Webhook> CreateAsync(
        string name,
        string url,
        IReadOnlyList<RegistryEvent> events,
        string? description,
        string? secret,
        bool isActive,
        CancellationToken cancellationToken)
    {
        CheckName(name);
        CheckUrl(url);
        CheckEvents(events);
        CheckLength("description", description);
        CheckLength("secret", secret);
        var now = Now;
        return store.CreateAsync(
            new Webhook(Guid.NewGuid().ToString(), name, url, [.. events.Distinct()], description, secret, isActive, now, now),
            cancellationToken);
    }

    /// <exception cref="CairnException"><see cref="ErrorCode.NotFound"/>.</exception>
    public async Task<Webhook> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) ?? throw Missing(id);

    public Task<IReadOnlyList<Webhook>> ListAsync(int limit, int offset, CancellationToken cancellationToken) =>
        store.ListAsync(limit, offset, cancellationToken);

    public async Task<Webhook> UpdateAsync(string id, WebhookChange change, CancellationToken cancellationToken)
    {
        if (change.Name is { } name)
        {
            CheckName(name);
        }

        if (change.Url is { } url)
        {
            CheckUrl(url);
        }

        if (change.Events is { } events)
        {
            CheckEvents(events);
        }

        CheckLength("description", change.Description);
        CheckLength("secret", change.Secret);
        return await store.UpdateAsync(id, change, Now, cancellationToken) ?? throw Missing(id);
    }

    public async Task DeleteAsync(string id, CancellationToken cancellationToken)
    {
        if (!await store.DeleteAsync(id, cancellationToken))
        {
            throw Missing(id);
        }
    }

    private void CheckUrl(string url)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            throw CairnException.Invalid("url", $"Webhook URL cannot be empty or just whitespace: '{url}'");
        }

        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            throw CairnException.Invalid("url", "Invalid webhook URL: it must be an absolute URL such as https://hooks.example.com/cairn.");
        }

        hosts.Check(address);
    }

    private static void CheckName(string name)
    {
        if (!NamePattern().IsMatch(name))
        {
            throw CairnException.Invalid(
                "name",
                $"Webhook name '{(name.Length <= 100 ? name : name[..100])}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, "
                + "and contain only letters, digits, dots (.), underscores (_), and hyphens (-).");
        }
    }

    private static void CheckEvents(IReadOnlyList<RegistryEvent> events)
    {
        if (events.Count == 0)
        {
            throw CairnException.Invalid("events", "Webhook events must be a non-empty list of WebhookEvent objects: [].");
        }

        foreach (var wanted in events.Where(wanted => !RegistryEvent.All.Contains(wanted)))
        {
            var actions = RegistryEvent.All.Where(known => known.Entity == wanted.Entity).Select(known => $"'{known.Action}'").Order(StringComparer.Ordinal);
            throw CairnException.Invalid(
                "events",
                $"Invalid action '{wanted.Action}' for entity '{wanted.Entity}'. Valid actions are: [{string.Join(", ", actions)}]");
        }
    }

    private static void CheckLength(string field, string? text)
    {
        if (text is { Length: > LongestText })
        {
            throw CairnException.Invalid(field, $"'{field}' exceeds the maximum length of {LongestText} characters");
        }
    }

    private static CairnException Missing(string id) => CairnException.NotFound($"Webhook with ID {id} not found.");

    [GeneratedRegex(@"^(?=.{1,63}\z)[a-zA-Z0-9]([a-zA-Z0-9._-]*[a-zA-Z0-9])?\z")]
    private static partial Regex NamePattern();
}
