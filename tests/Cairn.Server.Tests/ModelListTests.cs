using System.Security.Cryptography;
using System.Text;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests;

public sealed class ModelListTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Every_artifact_of_type_model_is_listed_with_its_place_and_aliases()
    {
        var run = await server.CreateRunAsync("model list");
        var bytes = Encoding.UTF8.GetBytes("weights");
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        using var body = new ByteArrayContent(bytes);
        (await server.Http.PutAsync(new Uri($"/api/v1/blobs/{digest}", UriKind.Relative), body)).EnsureSuccessStatusCode().Dispose();
        foreach (var (name, type) in new[] { ("forest", "model"), ("table", "dataset") })
        {
            await ServerFixture.ReadAsync<CommitVersionResponse>(await server.PostAsync(
                "/api/v1/artifacts/versions",
                $$"""{"name":"{{name}}","type":"{{type}}","manifest":[{"path":"m.bin","digest":"{{digest}}","size":{{bytes.Length}}}],"runId":"{{run.Id}}","aliases":["prod"]}"""));
        }

        var model = Assert.Single((await server.GetAsync<ModelEntryList>("/api/v1/models")).Models);
        Assert.Equal(("forest", "model list", "forest"), (model.Artifact.Name, model.Artifact.ExperimentName, model.Model.Name));
        Assert.Equal("v0", model.Artifact.Aliases["prod"]);
    }
}
