using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Server;

namespace Cairn.Mlflow.Tests;

/// <summary>A real server on a free port and a folder of its own, and the few verbs that tests speak to it with.</summary>
public sealed class MlflowServer : IAsyncLifetime
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"cairn-mlflow-{Guid.NewGuid():N}");
    private CairnServer server = null!;
    private HttpClient http = null!;
    private int names;

    /// <summary>To which hosts its webhooks may be sent.</summary>
    public IReadOnlyList<string> WebhookHosts { get; init; } = [];

    public Uri Address => server.Address;

    /// <summary>A folder for the files that are sent through the server; null = they are kept in the store.</summary>
    public string? ArtifactsDestination { get; init; }

    /// <summary>Where experiments keep their files that name no place.</summary>
    public string? DefaultArtifactRoot { get; init; }

    public async ValueTask InitializeAsync()
    {
        server = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", Quiet = true, WebhookHosts = WebhookHosts, ArtifactsDestination = ArtifactsDestination, DefaultArtifactRoot = DefaultArtifactRoot }, CancellationToken.None);
        http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A POST of JSON under <c>/api/2.0/mlflow/</c>.</summary>
    public Task<Answer> PostAsync(string call, JsonNode body) => SendAsync("POST", $"api/2.0/mlflow/{call}", body.ToJsonString());

    public Task<Answer> PostAsync(string call, string body) => SendAsync("POST", $"api/2.0/mlflow/{call}", body);

    /// <summary>A POST that must succeed.</summary>
    public async Task<JsonNode> DoAsync(string call, JsonNode body) => (await PostAsync(call, body)).Expect(200);

    /// <summary>A GET under <c>/api/2.0/mlflow/</c>.</summary>
    public Task<Answer> GetAsync(string call) => SendAsync("GET", $"api/2.0/mlflow/{call}");

    public async Task<Answer> SendAsync(string method, string path, string? body = null, string? contentType = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        }

        using var response = await http.SendAsync(request);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, headers, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Sends a request line exactly as written, which no HTTP client would, and answers the status.</summary>
    public async Task<(int Status, string Text)> SendRawAsync(string method, string target, string body = "", string? contentType = null)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Address.Host, Address.Port);
        await using var stream = client.GetStream();
        var text = $"{method} {target} HTTP/1.1\r\nHost: {Address.Authority}\r\nConnection: close\r\n{(contentType is null ? "" : $"Content-Type: {contentType}\r\n")}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        return (int.Parse(answer.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture), answer);
    }

    public async Task<string> NewExperimentAsync(JsonNode? request = null)
    {
        var body = request ?? new JsonObject();
        body["name"] ??= $"experiment {Interlocked.Increment(ref names)}";
        return (string)(await DoAsync("experiments/create", body))["experiment_id"]!;
    }

    public async Task<string> NewRunAsync(string experiment = "0", JsonNode? request = null)
    {
        var body = request ?? new JsonObject();
        body["experiment_id"] = experiment;
        return (string)(await DoAsync("runs/create", body))["run"]!["info"]!["run_id"]!;
    }

    public async Task<JsonNode> RunAsync(string run) => (await GetAsync($"runs/get?run_id={run}")).Expect(200)["run"]!;

    /// <summary>Keys and values of a list of a run: "params", "tags".</summary>
    public async Task<Dictionary<string, string>> PairsAsync(string run, string list) =>
        ((await RunAsync(run))["data"]![list] as JsonArray ?? []).ToDictionary(item => (string)item!["key"]!, item => (string)item!["value"]!);

    /// <summary>Ids of the runs that a search finds, in order.</summary>
    public async Task<List<string>> SearchAsync(string experiment, string filter = "", params string[] order)
    {
        var body = new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = filter, ["order_by"] = new JsonArray([.. order.Select(clause => (JsonNode)clause)]) };
        var found = await DoAsync("runs/search", body);
        return [.. (found["runs"] as JsonArray ?? []).Select(run => (string)run!["info"]!["run_id"]!)];
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes);

    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("The answer is null.");

    public string Message => (string)Json["message"]!;

    public string Code => (string)Json["error_code"]!;

    public JsonNode Expect(int status)
    {
        Assert.True(Status == status, $"{Status}: {Text}");
        return Json;
    }

    /// <summary>A refusal with this message, or one that starts with it where it ends in "…".</summary>
    public void Refuses(string message, int status = 400, string code = "INVALID_PARAMETER_VALUE")
    {
        Expect(status);
        Assert.Equal(code, Code);
        if (message.EndsWith('…'))
        {
            Assert.StartsWith(message[..^1], Message, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(message, Message);
        }
    }
}
