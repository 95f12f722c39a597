using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Server;

namespace Cairn.Wandb.Tests;

/// <summary>A real server on a free port and a folder of its own, and the verbs by which W&amp;B's clients speak to it.</summary>
public sealed class WandbServer : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"cairn-wandb-{Guid.NewGuid():N}");
    private CairnServer server = null!;

    public HttpClient Http { get; private set; } = null!;

    public Uri Address => server.Address;

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Ends the server and starts it anew over what it left.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Sends a document; the answer may hold errors.</summary>
    public async Task<JsonNode> AskAsync(string document, object? variables = null) =>
        await PostAsync("/graphql", new JsonObject { ["query"] = document, ["variables"] = variables as JsonNode ?? new JsonObject() }.ToJsonString());

    /// <summary>Sends a document that must succeed; answers its data.</summary>
    public async Task<JsonNode> DoAsync(string document, JsonNode? variables = null)
    {
        var answer = await AskAsync(document, variables);
        Assert.True(answer["errors"] is null, answer.ToJsonString());
        return answer["data"]!;
    }

    /// <summary>Sends a document that must fail; answers the first message.</summary>
    public async Task<string> RefusalAsync(string document, JsonNode? variables = null)
    {
        var answer = await AskAsync(document, variables);
        Assert.True(answer["errors"] is JsonArray { Count: > 0 }, answer.ToJsonString());
        return (string)answer["errors"]![0]!["message"]!;
    }

    public async Task<JsonNode> PostAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(new Uri(path, UriKind.Relative), content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    public async Task<JsonNode> GetJsonAsync(string path) => JsonNode.Parse(await Http.GetStringAsync(new Uri(path, UriKind.Relative)))!;

    private async Task StartAsync()
    {
        server = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", Quiet = true }, CancellationToken.None);
        Http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"api:{new string('0', 40)}")));
    }

    private async Task StopAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
    }
}
