using System.Net;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;
using Cairn.Server.Hosting;

namespace Cairn.Server.Tests.Accounts;

/// <summary>A server with one admin, "ada", on a folder of its own, and requests as anybody.</summary>
internal sealed class AccountServer : IAsyncDisposable
{
    public const string Admin = "ada";
    public const string Password = "four unlikely words of mine";

    private readonly string[] trustedProxies;
    private CairnServer server;

    private AccountServer(string folder, string[] trustedProxies, CairnServer server)
    {
        Folder = folder;
        this.trustedProxies = trustedProxies;
        this.server = server;
    }

    public string Folder { get; }

    public Uri Address => server.Address;

    /// <summary>What commands on the server's machine send.</summary>
    public string Operator => $"Bearer {OperatorKey.Read(Folder)}";

    /// <summary>The key of the admin.</summary>
    public string AdminKey { get; private set; } = "";

    public static async Task<AccountServer> StartAsync(params string[] trustedProxies)
    {
        var folder = Directory.CreateTempSubdirectory("cairn-accounts-").FullName;
        var made = new AccountServer(folder, trustedProxies, await OpenAsync(folder, trustedProxies));
        await made.AddAsync(Admin, isAdmin: true);
        made.AdminKey = await made.AddKeyAsync(Admin);
        return made;
    }

    public async Task RestartAsync()
    {
        await server.DisposeAsync();
        server = await OpenAsync(Folder, trustedProxies);
    }

    public async Task AddAsync(string name, bool isAdmin = false) =>
        await OkAsync(HttpMethod.Post, "/api/v1/users", Operator, $$"""{"name":"{{name}}","password":"{{Password}}","isAdmin":{{(isAdmin ? "true" : "false")}}}""");

    /// <summary>"Bearer …" of a new key.</summary>
    public async Task<string> AddKeyAsync(string user, string name = "test") =>
        $"Bearer {Read<AddedKey>(await OkAsync(HttpMethod.Post, $"/api/v1/users/{user}/keys", Operator, $$"""{"name":"{{name}}"}""")).Key}";

    public static string Basic(string name, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"))}";

    /// <summary>The cookie of a browser that has logged in.</summary>
    public async Task<string> LogInAsync(string name = Admin, string password = Password)
    {
        using var answer = await SendAsync(HttpMethod.Post, "/api/v1/session", null, JsonSerializer.Serialize(new LogInRequest(name, password), CairnJson.Default.LogInRequest));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? authorization = null, string? json = null, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(1) };
        using var request = new HttpRequestMessage(method, new Uri(Address.GetLeftPart(UriPartial.Authority) + path));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await http.SendAsync(request);
    }

    public async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path, string? authorization = null, string? json = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(method, path, authorization, json, headers);
        return answer.StatusCode;
    }

    public Task<HttpStatusCode> GetAsync(string path, string? authorization = null, params (string Name, string Value)[] headers) =>
        StatusAsync(HttpMethod.Get, path, authorization, null, headers);

    public async Task<string> OkAsync(HttpMethod method, string path, string? authorization, string? json = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(method, path, authorization, json, headers);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        return text;
    }

    public async Task RefusedAsync(HttpMethod method, string path, string? authorization, string? json, HttpStatusCode status, string? field = null)
    {
        using var answer = await SendAsync(method, path, authorization, json);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {text}");
        Assert.Equal(field, Read<ErrorResponse>(text).Error.Field);
    }

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, CairnJson.Default.Options)!;

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static Task<CairnServer> OpenAsync(string folder, string[] trustedProxies) =>
        CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", Quiet = true, TrustedProxies = trustedProxies }, CancellationToken.None);
}
