using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Values at the edge of what clients send, answered as MLflow's server answers them.</summary>
public sealed class EdgeValueTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Theory]
    [InlineData("nan")]
    [InlineData("NaN")]
    [InlineData("-nan")]
    [InlineData("inf")]
    [InlineData("-Infinity")]
    [InlineData("1e999")]
    public async Task A_param_that_reads_as_no_finite_number_is_kept_as_its_text(string value)
    {
        var run = await server.NewRunAsync();
        await server.DoAsync("runs/log-parameter", new JsonObject { ["run_id"] = run, ["key"] = "missing", ["value"] = value });
        await server.DoAsync("runs/log-batch", new JsonObject { ["run_id"] = run, ["params"] = new JsonArray(new JsonObject { ["key"] = "gap", ["value"] = value }) });
        var expected = $$"""[{"key":"gap","value":"{{value}}"},{"key":"missing","value":"{{value}}"}]""";
        Assert.Equal(expected, Sorted((await server.RunAsync(run))["data"]!["params"]!));

        var found = await server.DoAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray("0"), ["filter"] = $"params.missing = '{value}' AND params.gap = '{value}'" });
        Assert.Equal(run, (string)found["runs"]!.AsArray().Single()!["info"]!["run_id"]!);
    }

    private static string Sorted(JsonNode pairs) =>
        new JsonArray([.. pairs.AsArray().OrderBy(pair => (string)pair!["key"]!, StringComparer.Ordinal).Select(pair => pair!.DeepClone())]).ToJsonString();
}
