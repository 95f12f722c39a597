using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Cairn.Core.Webhooks;

namespace Cairn.Mlflow.Tests;

public sealed class WebhookTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Fact]
    public async Task A_webhook_is_made_listed_changed_and_removed_and_its_secret_is_never_shown()
    {
        var id = await CreateAsync("https://hooks.example.com/cairn", secret: "hush");
        var shown = (await server.GetAsync($"webhooks/{id}")).Expect(200);
        Assert.DoesNotContain("hush", shown.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("""[{"entity":"MODEL_VERSION","action":"CREATED"}]""", shown["webhook"]!["events"]!.ToJsonString());
        (await SendAsync("PATCH", $"webhooks/{id}", new JsonObject { ["status"] = "DISABLED", ["description"] = "off" })).Expect(200);
        var changed = (await server.GetAsync($"webhooks/{id}")).Expect(200)["webhook"]!;
        Assert.Equal(("DISABLED", "off", "https://hooks.example.com/cairn"), ((string)changed["status"]!, (string)changed["description"]!, (string)changed["url"]!));
        Assert.Contains((await server.GetAsync("webhooks")).Expect(200)["webhooks"]!.AsArray(), webhook => (string)webhook!["webhook_id"]! == id);
        (await SendAsync("DELETE", $"webhooks/{id}", new JsonObject())).Expect(200);
        (await server.GetAsync($"webhooks/{id}")).Refuses($"Webhook with ID {id} not found.", 404, "RESOURCE_DOES_NOT_EXIST");
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://127.0.0.1:22")]
    [InlineData("https://127.0.0.1:22")]
    [InlineData("http://[::ffff:10.0.0.1]")]
    [InlineData("https://[::ffff:10.0.0.1]")]
    [InlineData("https://[::1]/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://localhost/")]
    [InlineData("https://metadata.localhost/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("hooks.example.com")]
    public async Task An_address_within_the_operators_network_is_refused(string url)
    {
        var answer = await server.PostAsync("webhooks", Body(url, null));
        Assert.Equal(("INVALID_PARAMETER_VALUE", 400), (answer.Code, answer.Status));
        Assert.Contains("Invalid webhook URL", answer.Message, StringComparison.Ordinal);
        (await server.PostAsync("webhooks", Body("   ", null))).Refuses("Webhook URL cannot be empty or just whitespace: '   '");
    }

    [Fact]
    public async Task What_is_empty_is_refused_by_its_own_rule_and_what_is_absent_is_missing()
    {
        const string url = "https://hooks.example.com/cairn";
        await RefusesAsync("name", "", "Webhook name '' is invalid. It must start…");
        await RefusesAsync("name", null, "Missing value for required parameter 'name'…");
        await RefusesAsync("url", "", "Webhook URL cannot be empty or just whitespace: ''");
        await RefusesAsync("events", new JsonArray(), "Missing value for required parameter 'events'. Webhook events must be a non-empty list…");
        var id = await CreateAsync(url);
        (await SendAsync("PATCH", $"webhooks/{id}", new JsonObject { ["name"] = "" })).Refuses("Webhook name '' is invalid. It must start…");

        async Task RefusesAsync(string field, JsonNode? value, string message)
        {
            var body = Body(url, null).AsObject();
            body.Remove(field);
            if (value is not null)
            {
                body[field] = value;
            }

            (await server.PostAsync("webhooks", body)).Refuses(message);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_to_a_host_that_the_operator_has_not_allowed()
    {
        var id = await CreateAsync("https://hooks.example.com/cairn");
        var result = (await SendAsync("POST", $"webhooks/{id}/test", new JsonObject())).Expect(200)["result"]!;
        Assert.False((bool)result["success"]!);
        Assert.Contains("--webhook-hosts hooks.example.com", (string)result["error_message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.20.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("93.184.215.14", true)]
    [InlineData("2606:4700::1111", true)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool isPublic) =>
        Assert.Equal(isPublic, WebhookHosts.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_message_is_signed_repeated_until_it_is_received_and_never_follows_a_redirect()
    {
        await using var receiver = new Receiver(503, 200, 302);
        await using var allowed = new MlflowServer { WebhookHosts = [$"127.0.0.1:{receiver.Port}"] };
        await allowed.InitializeAsync();
        await allowed.DoAsync("webhooks", Body($"http://127.0.0.1:{receiver.Port}/hook", "hush"));
        await allowed.DoAsync("registered-models/create", new JsonObject { ["name"] = "forest" });
        await allowed.DoAsync("model-versions/create", new JsonObject { ["name"] = "forest", ["source"] = "s3://b/x" });

        var (first, second) = (await receiver.NextAsync(), await receiver.NextAsync());
        Assert.Equal(first.Headers["X-MLflow-Delivery-Id"], second.Headers["X-MLflow-Delivery-Id"]);
        var message = JsonNode.Parse(second.Body)!;
        Assert.Equal(("model_version", "created", "1"), ((string)message["entity"]!, (string)message["action"]!, (string)message["data"]!["version"]!));
        var signed = $"{second.Headers["X-MLflow-Delivery-Id"]}.{second.Headers["X-MLflow-Timestamp"]}.{second.Body}";
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData("hush"u8, Encoding.UTF8.GetBytes(signed)))}", second.Headers["X-MLflow-Signature"]);

        var id = (string)(await allowed.GetAsync("webhooks")).Expect(200)["webhooks"]![0]!["webhook_id"]!;
        var trial = (await allowed.SendAsync("POST", $"api/2.0/mlflow/webhooks/{id}/test", "{}")).Expect(200)["result"]!;
        Assert.Equal((false, 302), ((bool)trial["success"]!, (int)trial["response_status"]!));
    }

    [Fact]
    public async Task Refusals_promotions_failed_checks_and_failed_pipelines_are_told_and_mlflow_sees_only_its_own_events()
    {
        await using var receiver = new Receiver(200, 200, 200, 200, 200);
        await using var allowed = new MlflowServer { WebhookHosts = [$"127.0.0.1:{receiver.Port}"] };
        await allowed.InitializeAsync();
        var hook = new JsonObject
        {
            ["name"] = "team",
            ["url"] = $"http://127.0.0.1:{receiver.Port}/hook",
            ["secret"] = "hush",
            ["events"] = new JsonArray("promotion.refused", "promotion.accepted", "promotion.rolled_back", "check.failed", "pipeline.failed"),
        };
        (await allowed.SendAsync("POST", "api/v1/webhooks", hook.ToJsonString())).Expect(200);
        Assert.Empty((await allowed.GetAsync("webhooks")).Expect(200)["webhooks"] as JsonArray ?? []);

        await allowed.DoAsync("registered-models/create", new JsonObject { ["name"] = "forest" });
        await allowed.DoAsync("model-versions/create", new JsonObject { ["name"] = "forest", ["source"] = "s3://b/x" });
        (await allowed.SendAsync("PUT", "api/v1/artifacts/0/forest/gates/prod", """{"approvals":1}""")).Expect(200);
        var alias = new JsonObject { ["name"] = "forest", ["alias"] = "prod", ["version"] = "1" };
        Assert.Equal(400, (await allowed.PostAsync("registered-models/alias", alias)).Status);
        Assert.Equal(400, (await allowed.PostAsync("registered-models/alias", alias)).Status);
        (await allowed.SendAsync("POST", "api/v1/artifacts/0/forest/versions/v0/approvals", """{"alias":"prod","who":"ann"}""")).Expect(200);
        await allowed.DoAsync("registered-models/alias", alias);
        var run = await allowed.NewRunAsync();
        await allowed.DoAsync("runs/set-tag", new JsonObject { ["run_id"] = run, ["key"] = "cairn.pipeline.name", ["value"] = "retrain" });
        await allowed.DoAsync("runs/log-metric", new JsonObject { ["run_id"] = run, ["key"] = "checks.drift", ["value"] = 0, ["timestamp"] = 1 });
        await allowed.DoAsync("runs/update", new JsonObject { ["run_id"] = run, ["status"] = "FAILED" });

        var told = new List<JsonNode>();
        for (var i = 0; i < 4; i++)
        {
            var (headers, body) = await receiver.NextAsync();
            var signed = $"{headers["X-MLflow-Delivery-Id"]}.{headers["X-MLflow-Timestamp"]}.{body}";
            Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData("hush"u8, Encoding.UTF8.GetBytes(signed)))}", headers["X-MLflow-Signature"]);
            told.Add(JsonNode.Parse(body)!);
        }

        Assert.Equal(["promotion.refused", "promotion.accepted", "check.failed", "pipeline.failed"], told.Select(message => $"{message["entity"]}.{message["action"]}"));
        Assert.Contains("v0 has 0 of 1 approvals", (string)told[0]["data"]!["verdict"]!["conditions"]![0]!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(("drift", "retrain"), ((string)told[2]["data"]!["check"]!, (string)told[3]["data"]!["pipeline"]!));
    }

    private async Task<string> CreateAsync(string url, string? secret = null) =>
        (string)(await server.DoAsync("webhooks", Body(url, secret)))["webhook"]!["webhook_id"]!;

    private Task<Answer> SendAsync(string method, string call, JsonNode body) => server.SendAsync(method, $"api/2.0/mlflow/{call}", body.ToJsonString());

    private static JsonObject Body(string url, string? secret) => new()
    {
        ["name"] = "hook",
        ["url"] = url,
        ["secret"] = secret,
        ["events"] = new JsonArray(new JsonObject { ["entity"] = "MODEL_VERSION", ["action"] = "CREATED" }),
    };

    /// <summary>An HTTP server that answers one status after the other and keeps what it got.</summary>
    private sealed class Receiver : IAsyncDisposable
    {
        private readonly TcpListener listener = new(IPAddress.Loopback, 0);
        private readonly BlockingCollection<(Dictionary<string, string> Headers, string Body)> received = [];
        private readonly Task work;

        public Receiver(params int[] statuses)
        {
            listener.Start();
            work = Task.Run(() => ServeAsync(statuses));
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public Task<(Dictionary<string, string> Headers, string Body)> NextAsync() => Task.Run(() =>
            received.TryTake(out var message, TimeSpan.FromSeconds(60)) ? message : throw new TimeoutException("No message came."));

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await work;
            received.Dispose();
        }

        private async Task ServeAsync(int[] statuses)
        {
            foreach (var status in statuses)
            {
                try
                {
                    using var client = await listener.AcceptTcpClientAsync();
                    await using var stream = client.GetStream();
                    received.Add(await ReadAsync(stream));
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                }
                catch (Exception fault) when (fault is SocketException or ObjectDisposedException or IOException)
                {
                    return;
                }
            }
        }

        private static async Task<(Dictionary<string, string> Headers, string Body)> ReadAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, leaveOpen: true);
            await reader.ReadLineAsync();
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            var body = new char[int.Parse(headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture)];
            await reader.ReadBlockAsync(body);
            return (headers, new string(body));
        }
    }
}
