using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>A real server on a free port and a folder of its own, shared by the tests of a class.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("cairn-server-").FullName;

    public CairnServer Server { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", Quiet = true }, CancellationToken.None);
        Http = new HttpClient { BaseAddress = Server.Address, Timeout = TimeSpan.FromSeconds(100) };
    }

    public async Task<RunInfo> CreateRunAsync(string experiment = "tests") =>
        await ReadAsync<RunInfo>(await PostAsync("/api/v1/runs", $$"""{"experiment":"{{experiment}}"}"""));

    public async Task<HttpResponseMessage> PostAsync(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await Http.PostAsync(new Uri(path, UriKind.Relative), body);
    }

    public async Task<T> GetAsync<T>(string path) => await ReadAsync<T>(await Http.GetAsync(new Uri(path, UriKind.Relative)));

    public static async Task<T> ReadAsync<T>(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {text}");
            return JsonSerializer.Deserialize<T>(text, CairnJson.Default.Options)!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
