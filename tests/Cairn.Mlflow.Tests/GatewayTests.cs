using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>The proxy to language models: there is none behind it, and requests that no gateway knows are refused.</summary>
public sealed class GatewayTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    private const string Address = "ajax-api/2.0/mlflow/gateway-proxy";

    [Theory]
    [InlineData("foo/bar")]
    [InlineData("gateway/chat/other")]
    [InlineData("gateway//invocations")]
    [InlineData("http://169.254.169.254/latest")]
    public async Task A_path_that_no_gateway_has_is_refused_by_its_name(string path)
    {
        var posted = await server.SendAsync("POST", Address, new JsonObject { ["gateway_path"] = path }.ToJsonString());
        posted.Expect(400);
        Assert.Contains($"Invalid gateway_path: {path} for method: POST", posted.Message, StringComparison.Ordinal);
        (await server.SendAsync("GET", $"{Address}?gateway_path={Uri.EscapeDataString(path)}")).Expect(400);
    }

    [Fact]
    public async Task A_path_of_a_gateway_finds_no_endpoints()
    {
        var list = await server.SendAsync("GET", $"{Address}?gateway_path=api/2.0/endpoints/");
        list.Expect(200);
        Assert.Empty(list.Json["endpoints"]!.AsArray());
        (await server.SendAsync("POST", Address, new JsonObject { ["gateway_path"] = "gateway/chat/invocations" }.ToJsonString())).Expect(200);
    }
}
