using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Access;

/// <summary>Somebody who asks a server: a user with a key, the operator, or a stranger without any.</summary>
public sealed class Person(string name, Uri server, string? key) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(60) };

    public string Name => name;

    public HttpClient Http => http;

    public Task<Answer> GetAsync(string path) => SendAsync("GET", path);

    public Task<Answer> PostAsync(string path, string json) => SendAsync("POST", path, json);

    public async Task<Answer> SendAsync(string method, string path, string? json = null)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await SendAsync(method, path, content);
    }

    public async Task<Answer> SendAsync(string method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.RelativeOrAbsolute)) { Content = content };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new Answer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(), $"{name}: {method} {path}");
    }

    public Task<Answer> PutBytesAsync(string path, string text) => SendAsync("PUT", path, new StringContent(text));

    /// <summary>A document of W&amp;B's GraphQL.</summary>
    public async Task<Answer> AskAsync(string document, JsonObject? variables = null) =>
        await PostAsync("/graphql", new JsonObject { ["query"] = document, ["variables"] = variables }.ToJsonString());

    public void Dispose() => http.Dispose();
}

/// <summary>What was answered.</summary>
public sealed record Answer(int Status, string Text, string Asked)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public Answer Expect(int status) => Status == status ? this : throw new Xunit.Sdk.XunitException($"{Asked}: {Status} in place of {status}: {(Text.Length > 800 ? Text[..800] : Text)}");
}
