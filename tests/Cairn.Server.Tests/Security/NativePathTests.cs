using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;
using Cairn.Tests;

namespace Cairn.Server.Tests.Security;

/// <summary>Paths that broke other servers (001-043), at every address of the native API that takes one; and names that only look odd (044-049).</summary>
public sealed class NativePathTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData("hello"u8));

    [Fact]
    public async Task Paths_that_leave_their_folder_are_refused_at_every_address_and_nothing_is_written()
    {
        var run = await server.CreateRunAsync();
        await PutBlobAsync();
        var version = (await ServerFixture.ReadAsync<CommitVersionResponse>(await server.PostAsync("/api/v1/artifacts/versions", Commit("data", "a.txt")))).Version;
        var faults = new List<string>();
        foreach (var (number, path) in AttackPaths.Refused)
        {
            foreach (var (method, target, body) in Attacks(run, version, path))
            {
                var (status, text) = await RawRequest.SendAsync(server.Server.Address, method, target, body, body.StartsWith('{') ? "Content-Type: application/json" : "X-None: 1");
                if (status != 400 || !text.Contains("nvalid path", StringComparison.Ordinal))
                {
                    faults.Add($"{number} {method} {target} ({path}): {text}");
                }
            }
        }

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.Empty((await server.GetAsync<RunFileList>($"/api/v1/runs/{run.Id}/files")).Files);
        Assert.Empty((await server.GetAsync<RunFileList>("/api/v1/export/files")).Files);
        Assert.DoesNotContain("attacked", (await server.GetAsync<ArtifactList>("/api/v1/artifacts")).Artifacts.Select(one => one.Name));
        Assert.Empty((await server.GetAsync<RunDetail>($"/api/v1/runs/{run.Id}")).Metrics);
    }

    [Fact]
    public async Task Odd_names_are_kept_in_runs_and_versions_and_given_back()
    {
        await PutBlobAsync();
        foreach (var (number, path) in AttackPaths.Kept)
        {
            var run = await server.CreateRunAsync();
            var address = new Uri($"/api/v1/runs/{run.Id}/files/{AttackPaths.Address(path)}", UriKind.Relative);
            using (var content = new ByteArrayContent(Encoding.UTF8.GetBytes(path)))
            {
                (await server.Http.PutAsync(address, content)).EnsureSuccessStatusCode();
            }

            Assert.Equal(path, await server.Http.GetStringAsync(address));
            Assert.Equal([AttackPaths.Listed(path)], (await server.GetAsync<RunFileList>($"/api/v1/runs/{run.Id}/files")).Files.Select(file => file.Path));
            var made = (await ServerFixture.ReadAsync<CommitVersionResponse>(await server.PostAsync("/api/v1/artifacts/versions", Commit($"odd{number}{Guid.NewGuid():N}", path)))).Version;
            Assert.Equal("hello", await server.Http.GetStringAsync(new Uri($"/api/v1/artifacts/{made.ExperimentId}/{made.Name}/versions/v0/files/{AttackPaths.Address(path)}", UriKind.Relative)));
            (await server.Http.DeleteAsync(address)).EnsureSuccessStatusCode();
            Assert.Empty((await server.GetAsync<RunFileList>($"/api/v1/runs/{run.Id}/files")).Files);
        }
    }

    private static IEnumerable<(string Method, string Target, string Body)> Attacks(RunInfo run, VersionInfo version, string path)
    {
        var whole = AttackPaths.Escaped(path);
        foreach (var method in new[] { "GET", "PUT", "DELETE" })
        {
            yield return (method, $"/api/v1/runs/{run.Id}/files/{whole}", method == "PUT" ? "x" : "");
        }

        yield return ("GET", $"/api/v1/export/files/{whole}", "");
        yield return ("PUT", $"/api/v1/import/files/{whole}", "x");
        yield return ("GET", $"/api/v1/artifacts/{version.ExperimentId}/{version.Name}/versions/v0/files/{whole}", "");
        yield return ("POST", "/api/v1/artifacts/versions", Commit("attacked", path));
        yield return ("POST", $"/api/v1/runs/{run.Id}/updates", new JsonObject
        {
            ["points"] = new JsonArray(new JsonObject { ["key"] = "written", ["value"] = 1 }),
            ["media"] = new JsonArray(new JsonObject { ["key"] = "m", ["step"] = 0, ["time"] = 0, ["kind"] = "image", ["path"] = path }),
        }.ToJsonString());
    }

    private static string Commit(string name, string path) => new JsonObject
    {
        ["experiment"] = "tests",
        ["name"] = name,
        ["type"] = "dataset",
        ["manifest"] = new JsonArray(new JsonObject { ["path"] = path, ["digest"] = Hash, ["size"] = 5 }),
    }.ToJsonString();

    private async Task PutBlobAsync()
    {
        using var content = new ByteArrayContent("hello"u8.ToArray());
        (await server.Http.PutAsync(new Uri($"/api/v1/blobs/{Hash}", UriKind.Relative), content)).EnsureSuccessStatusCode();
    }
}
