using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

/// <summary>An experiment with models, data and evaluations, through the native API.</summary>
internal sealed class ModelShelf(ServerFixture server, string experiment)
{
    public string Id { get; private set; } = "";

    public static async Task<ModelShelf> CreateAsync(ServerFixture server)
    {
        var shelf = new ModelShelf(server, $"shelf-{Guid.NewGuid():N}");
        shelf.Id = (await ServerFixture.ReadAsync<ExperimentInfo>(await server.PostAsync("/api/v1/experiments", $$"""{"name":"{{shelf.Name}}"}"""))).Id;
        return shelf;
    }

    public string Name => experiment;

    public async Task<RunInfo> StartAsync(string? parent = null, string? tags = null) => await ServerFixture.ReadAsync<RunInfo>(
        await server.PostAsync("/api/v1/runs", $$"""{"experimentId":"{{Id}}","parentId":{{(parent is null ? "null" : $"\"{parent}\"")}},"tags":{{tags ?? "null"}}}"""));

    /// <summary>Logs a version with content of its own.</summary>
    public async Task<VersionInfo> LogAsync(string name, string type, string? run = null, string content = "", params string[] aliases)
    {
        var bytes = Encoding.UTF8.GetBytes(content.Length > 0 ? content : Guid.NewGuid().ToString());
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using (var body = new ByteArrayContent(bytes))
        using (var put = await server.Http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), body))
        {
            put.EnsureSuccessStatusCode();
        }

        using var answer = await TryCommitAsync(new CommitVersionRequest(name, type, [new ManifestEntry("content", digest, bytes.Length)], ExperimentId: Id, RunId: run, Aliases: aliases));
        return (await ServerFixture.ReadAsync<CommitVersionResponse>(answer)).Version;
    }

    public Task<HttpResponseMessage> TryCommitAsync(CommitVersionRequest request) =>
        server.Http.PostAsJsonAsync(new Uri("/api/v1/artifacts/versions", UriKind.Relative), request, CairnJson.Default.CommitVersionRequest);

    public Task<VersionInfo> ModelAsync() => LogAsync("model", "model");

    public Task<VersionInfo> DataAsync(string content) => LogAsync("test_data.csv", "dataset", content: content);

    /// <summary>A run that used a model and data, and logged metrics.</summary>
    public async Task<string> EvaluateAsync(string model, string? data, string metrics, string? holder = null, string status = "finished")
    {
        var run = (await StartAsync()).Id;
        foreach (var input in new[] { model, data, holder }.OfType<string>())
        {
            using var used = await server.PostAsync($"/api/v1/runs/{run}/inputs", $$"""{"artifact":"{{input}}"}""");
            Assert.True(used.IsSuccessStatusCode, await used.Content.ReadAsStringAsync());
        }

        using var values = JsonDocument.Parse(metrics);
        var points = values.RootElement.EnumerateObject().Select(metric => $$"""{"key":"{{metric.Name}}","value":{{metric.Value.GetRawText()}}}""");
        using var update = await server.PostAsync($"/api/v1/runs/{run}/updates", $$"""{"points":[{{string.Join(',', points)}}],"status":"{{status}}"}""");
        Assert.True(update.IsSuccessStatusCode, await update.Content.ReadAsStringAsync());
        return run;
    }

    public async Task<GateInfo> SetGateAsync(string json, string alias = "prod", string name = "model") =>
        await ServerFixture.ReadAsync<GateInfo>(await PutAsync($"/api/v1/artifacts/{Id}/{name}/gates/{alias}", json));

    public Task<HttpResponseMessage> MoveAsync(string version, string alias = "prod", string extra = "", string name = "model") =>
        PutAsync($"/api/v1/artifacts/{Id}/{name}/aliases/{alias}", $$"""{"version":"{{version}}"{{extra}}}""");

    public async Task<string?> HolderAsync(string alias = "prod", string name = "model") =>
        (await server.GetAsync<ArtifactDetail>($"/api/v1/artifacts/{Id}/{name}")).Artifact.Aliases.GetValueOrDefault(alias);

    public async Task<IReadOnlyList<DecisionInfo>> DecisionsAsync(string name = "model") =>
        (await server.GetAsync<DecisionList>($"/api/v1/artifacts/{Id}/{name}/decisions?alias=prod")).Decisions;

    public async Task<HttpResponseMessage> PutAsync(string path, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        return await server.Http.PutAsync(new Uri(path, UriKind.Relative), body);
    }

    public static async Task<ErrorInfo> RefusedAsync(HttpResponseMessage answer, int status)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode} {text}");
            return JsonSerializer.Deserialize(text, CairnJson.Default.ErrorResponse)!.Error;
        }
    }
}
