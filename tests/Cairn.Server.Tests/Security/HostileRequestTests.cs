using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Server.Tests.Security;

/// <summary>Requests that are attacks by their form, whatever they ask for. The numbers are those of docs/security.md.</summary>
public sealed class HostileRequestTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData("098", "/api/v1/runs", 415)]
    [InlineData("098", "/api/v1/experiments", 415)]
    [InlineData("098", "/api/2.0/mlflow/runs/create", 400)]
    [InlineData("098", "/api/2.0/mlflow/experiments/create", 400)]
    public async Task An_error_repeats_nothing_of_the_type_that_was_sent_and_is_JSON(string number, string target, int status)
    {
        foreach (var type in new[] { "<script>alert(1)</script>", "text/html; x=\"<script>alert(1)</script>\"" })
        {
            var (answered, text) = await RawRequest.SendAsync(server.Server.Address, "POST", target, "{}", $"Content-Type: {type}");
            Assert.True(status == answered, $"{number}: {text}");
            Assert.DoesNotContain("script", text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("Content-Type: application/json", text, StringComparison.Ordinal);
            Assert.Contains("X-Content-Type-Options: nosniff", text, StringComparison.Ordinal);
        }
    }

    /// <summary>104: bodies that never come end without holding up anybody.</summary>
    [Fact]
    public async Task A_hundred_bodies_that_never_come_are_given_up_and_others_are_answered_meanwhile()
    {
        var idle = new List<TcpClient>();
        try
        {
            foreach (var target in Enumerable.Repeat(new[] { "/api/v1/runs", "/graphql", "/api/2.0/mlflow/runs/log-batch", "/files/cairn/p/r/file_stream" }, 25).SelectMany(targets => targets))
            {
                var client = new TcpClient();
                idle.Add(client);
                await client.ConnectAsync(server.Server.Address.Host, server.Server.Address.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n"));
            }

            for (var i = 0; i < 50; i++)
            {
                var run = await server.CreateRunAsync();
                (await server.PostAsync($"/api/v1/runs/{run.Id}/updates", """{"points":[{"key":"a","value":1}]}""")).EnsureSuccessStatusCode();
                (await server.Http.GetAsync(new Uri("/api/v1/runs?filter=metrics.a%20%3E%200", UriKind.Relative))).EnsureSuccessStatusCode();
            }

            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await Task.WhenAll(idle.Select(async client =>
            {
                try
                {
                    var buffer = new byte[4096];
                    while (await client.GetStream().ReadAsync(buffer, patience.Token) > 0)
                    {
                    }
                }
                catch (IOException)
                {
                    // Cut off: as good an end as any.
                }
            }));
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    [Theory]
    [InlineData("105", "/api/v1/runs", 415)]
    [InlineData("105", "/api/2.0/mlflow/runs/create", 400)]
    [InlineData("105", "/graphql", 200)]
    public async Task A_boundary_of_ten_megabytes_is_not_even_looked_at(string number, string target, int status)
    {
        using var body = new StringContent("--x" + new string('-', 10_000_000), Encoding.ASCII, "multipart/form-data");
        body.Headers.ContentType!.Parameters.Add(new("boundary", "x"));
        using var answer = await server.Http.PostAsync(new Uri(target, UriKind.Relative), body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"{number}: {text}");
        Assert.True(text.Length < 1000 && (status != 200 || JsonNode.Parse(text)!["errors"] is not null), text);
    }

    [Theory]
    [InlineData("/logs/../../etc/passwd")]
    [InlineData("/logs/..%2f..%2fetc%2fpasswd")]
    [InlineData("/logs?uri=file:///etc/passwd")]
    [InlineData("/api/v1/runs/{run}/logs/../../../../../etc/passwd")]
    [InlineData("/api/v1/runs/..%2f..%2fetc%2fpasswd/logs")]
    [InlineData("/assets/../../../etc/passwd")]
    [InlineData("/assets/..%2f..%2fetc%2fpasswd")]
    [InlineData("/etc/passwd")]
    [InlineData("/static-files/../../etc/passwd")]
    public async Task Logs_and_pages_have_no_way_to_the_disk_110(string target)
    {
        var run = await server.CreateRunAsync();
        (await server.PostAsync($"/api/v1/runs/{run.Id}/updates", """{"logs":[{"line":0,"text":"a line"}]}""")).EnsureSuccessStatusCode();
        var (status, text) = await RawRequest.SendAsync(server.Server.Address, "GET", target.Replace("{run}", run.Id, StringComparison.Ordinal));
        Assert.Equal(404, status);
        Assert.DoesNotContain("root:", text, StringComparison.Ordinal);

        // What names a place elsewhere is no part of the question.
        var logs = await server.Http.GetStringAsync(new Uri($"/api/v1/runs/{run.Id}/logs?uri=file:///etc/passwd&path=/etc/passwd", UriKind.Relative));
        Assert.Equal("a line", (string)JsonNode.Parse(logs)!["lines"]![0]!["text"]!);
    }

    [Theory]
    [InlineData("GET", "/api/v1/artifacts/{experiment}/model/versions/..%2f..%2fx", "")]
    [InlineData("GET", "/api/v1/artifacts/{experiment}/model/versions/..%5c..%5cx", "")]
    [InlineData("DELETE", "/api/v1/artifacts/{experiment}/model/versions/..%2f..%2fx", "")]
    [InlineData("GET", "/api/v1/artifacts/{experiment}/model/versions/..%2f..%2fx/files/a.txt", "")]
    [InlineData("GET", "/api/v1/artifacts/resolve?ref=model:..%5c..%5cx", "")]
    [InlineData("PUT", "/api/v1/artifacts/{experiment}/model/aliases/prod", """{"version":"../../x"}""")]
    [InlineData("PUT", "/api/v1/artifacts/{experiment}/model/aliases/..%2f..%2fprod", """{"version":"v0"}""")]
    [InlineData("PUT", "/api/v1/artifacts/{experiment}/model/gates/..%2f..%2fprod", """{"approvals":1}""")]
    [InlineData("POST", "/api/v1/artifacts/{experiment}/model/versions/..%2f..%2fx/approvals", """{"alias":"prod","who":"ann"}""")]
    [InlineData("GET", "/api/2.0/mlflow/model-versions/get?name=model&version=..%2f..%2fx", "")]
    [InlineData("GET", "/api/2.0/mlflow/model-versions/get-download-uri?name=model&version=..%2f..%2fx", "")]
    [InlineData("GET", "/model-versions/get-artifact?name=model&version=..%2f..%2fx&path=a.txt", "")]
    [InlineData("POST", "/api/2.0/mlflow/registered-models/alias", """{"name":"model","alias":"../../prod","version":"1"}""")]
    [InlineData("GET", "/api/2.0/mlflow/registered-models/alias?name=model&alias=..%2f..%2fprod", "")]
    public async Task Versions_and_aliases_that_climb_are_refused_111(string method, string target, string body)
    {
        var shelf = await ModelShelf.CreateAsync(server);
        var version = await shelf.LogAsync("model", "model");
        var (status, text) = await RawRequest.SendAsync(
            server.Server.Address, method, target.Replace("{experiment}", version.ExperimentId, StringComparison.Ordinal), body, "Content-Type: application/json");
        Assert.True(status == 400, text);
    }

    /// <summary>115: whoever has the key may ask for work; the server itself starts nothing, whatever it is asked.</summary>
    [Theory]
    [InlineData("POST", "/api/v1/pipelines/p/jobs", "{}")]
    [InlineData("PUT", "/api/v1/pipelines/p", """{"experiment":"e","source":{"kind":"folder","location":"/tmp"}}""")]
    [InlineData("POST", "/api/v1/jobs/lease", """{"worker":"w"}""")]
    [InlineData("GET", "/api/v1/jobs", "")]
    [InlineData("POST", "/api/v1/triggers/1/fire", "{}")]
    [InlineData("POST", "/ajax-api/3.0/jobs/", """{"function_fullname":"os.system","params":{"command":"id"}}""")]
    [InlineData("POST", "/api/3.0/jobs", """{"function_fullname":"os.system","params":{"command":"id"}}""")]
    public async Task Jobs_are_asked_for_with_the_key_only(string method, string target, string body)
    {
        var folder = Directory.CreateTempSubdirectory("cairn-jobs-").FullName;
        await using (var locked = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", ApiKey = "a-key-of-twenty-chars", Quiet = true }, CancellationToken.None))
        {
            var (status, _) = await RawRequest.SendAsync(locked.Address, method, target, body, "Content-Type: application/json");
            Assert.Equal(401, status);
            var (asked, jobs) = await RawRequest.SendAsync(locked.Address, "GET", "/api/v1/jobs", "", "Authorization: Bearer a-key-of-twenty-chars");
            Assert.Equal(200, asked);
            Assert.Contains("\"jobs\":[]", jobs.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            if (target.Contains("3.0/jobs", StringComparison.Ordinal))
            {
                // MLflow's kind of job, a function of Python within the server, is not there at all.
                Assert.Equal(501, (await RawRequest.SendAsync(locked.Address, method, target, body, "Content-Type: application/json", "Authorization: Bearer a-key-of-twenty-chars")).Status);
            }
        }

        Directory.Delete(folder, recursive: true);
    }
}
