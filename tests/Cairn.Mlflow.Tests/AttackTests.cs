using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Server;

namespace Cairn.Mlflow.Tests;

/// <summary>What people and pages who may not ask try, and names that other servers broke on.</summary>
public sealed class AttackTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private const string Key = "a-key-of-twenty-chars";

    [Theory]
    [InlineData("POST", "/v1/traces")]
    [InlineData("POST", "/api/3.0/mlflow/traces")]
    [InlineData("GET", "/ajax-api/3.0/jobs/1")]
    [InlineData("POST", "/ajax-api/3.0/jobs/")]
    [InlineData("GET", "/get-artifact?run_id=x&path=a")]
    [InlineData("DELETE", "/api/2.0/mlflow-artifacts/artifacts/0/x/artifacts/model")]
    [InlineData("POST", "/api/2.0/mlflow-artifacts/mpu/create/0")]
    [InlineData("POST", "/api/2.0/mlflow/model-versions/create")]
    [InlineData("GET", "/api/2.0/mlflow/model-versions/search")]
    [InlineData("GET", "/api/v1/export/artifacts")]
    [InlineData("POST", "/api/v1/import/artifacts")]
    [InlineData("PUT", "/api/v1/import/files/a.txt")]
    public async Task Without_the_key_nothing_is_told_and_nothing_is_done(string method, string path)
    {
        var folder = Directory.CreateTempSubdirectory("cairn-attack-").FullName;
        await using (var locked = await CairnServer.StartAsync(new CairnServerOptions { DataFolder = folder, Listen = "127.0.0.1:0", ApiKey = Key, Quiet = true }, CancellationToken.None))
        {
            using var http = new HttpClient { BaseAddress = locked.Address };
            foreach (var authorization in new[] { null, "Bearer ", "Basic Og==", "Bearer null", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("admin:password1234")) })
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
                request.Content = method == "GET" ? null : new StringContent("{}", Encoding.UTF8, "application/json");
                using var answer = await http.SendAsync(request);
                Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            }

            // An address for a part is good only as the server made it.
            using var part = await http.PutAsync(new Uri($"/uploads/put/9999999999/{new string('0', 32)}/{new string('0', 32)}/1", UriKind.Relative), new StringContent("x"));
            Assert.Equal(HttpStatusCode.Forbidden, part.StatusCode);
            using var allowed = new HttpRequestMessage(HttpMethod.Get, "/api/2.0/mlflow/model-versions/search");
            allowed.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Key}");
            using var told = await http.SendAsync(allowed);
            Assert.Equal(HttpStatusCode.OK, told.StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("Host", "evil.attacker.example", 403)]
    [InlineData("Host", "127.0.0.1.evil.example", 403)]
    [InlineData("Host", "localhost", 200)]
    [InlineData("Origin", "http://evil.example", 403)]
    [InlineData("Origin", "null", 403)]
    [InlineData("Origin", "http://localhost:1", 403)]
    public async Task Pages_of_other_sites_and_foreign_names_are_refused_and_told_nothing(string header, string value, int status)
    {
        using var http = new HttpClient();
        foreach (var path in new[] { "/api/2.0/mlflow/experiments/search?max_results=1", "/ajax-api/2.0/mlflow/experiments/search?max_results=1", "/api/v1/experiments", "/health" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, path));
            if (header == "Host")
            {
                request.Headers.Host = value;
            }
            else
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            using var answer = await http.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        }

        // The page of this server itself may ask.
        using var own = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, "/api/v1/experiments"));
        own.Headers.TryAddWithoutValidation("Origin", $"http://{server.Address.Authority}");
        using var granted = await http.SendAsync(own);
        Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
    }

    [Theory]
    [InlineData("right‮left")]
    [InlineData("zero​width")]
    [InlineData("🚀 to the moon")]
    [InlineData("Ünïcödé / with \\ slashes: 100% <b>&amp;</b>")]
    [InlineData("'; DROP TABLE experiment; --")]
    public async Task Names_that_are_one_line_are_kept_exactly(string name)
    {
        var id = (string)(await server.DoAsync("experiments/create", new JsonObject { ["name"] = name }))["experiment_id"]!;
        Assert.Equal(name, (string)(await server.GetAsync($"experiments/get?experiment_id={id}")).Expect(200)["experiment"]!["name"]!);
        Assert.Equal(id, (string)(await server.GetAsync($"experiments/get-by-name?experiment_name={Uri.EscapeDataString(name)}")).Expect(200)["experiment"]!["experiment_id"]!);
    }

    [Theory]
    [InlineData("\"two\\nlines\"")]
    [InlineData("\"nul\\u0000\"")]
    [InlineData("\"half \\ud800 a pair\"")]
    [InlineData("\"\"")]
    [InlineData("\"   \"")]
    [InlineData("17")]
    public async Task Names_that_cannot_be_shown_are_refused(string name) =>
        Assert.Equal(400, (await server.PostAsync("experiments/create", $"{{\"name\":{name}}}")).Status);

    [Fact]
    public async Task A_name_of_a_megabyte_is_refused_and_the_list_stays_short()
    {
        var refused = await server.PostAsync("experiments/create", new JsonObject { ["name"] = new string('a', 1_000_000) });
        Assert.Equal(400, refused.Status);
        Assert.True(refused.Bytes.Length < 2_000, "The refusal repeats the name.");
        var listed = await server.GetAsync("experiments/search?max_results=1000");
        Assert.True(listed.Bytes.Length < 100_000, "The list holds it.");
    }
}
