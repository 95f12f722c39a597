using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>Searches that MLflow cannot say, by clients that know nothing of them: a filter that begins with a mark.</summary>
public sealed class ExtendedSearchTests
{
    [Theory]
    [InlineData("metrics.acc > 0.8 or params.opt = 'sgd'", "a,b,d")]
    [InlineData("(metrics.acc > 0.8 or params.opt = 'sgd') and params.depth > 9", "b,d")]
    [InlineData("not params.opt = 'sgd'", "a,c")]
    [InlineData("params.depth > 9", "b,c,d")]
    [InlineData("params.depth in (9, 10)", "a,b,c")]
    [InlineData("params.depth in (100, '9')", "a,d")]
    [InlineData("params.depth not in (9, 10)", "d")]
    [InlineData("not params.depth in (9, 10)", "d")]
    [InlineData("params.opt in (9, 'adam')", "a,c")]
    [InlineData("params.depth in ('9', '10.0')", "a,c")]
    [InlineData("metrics.acc in (0.9, 0.5)", "a,b,c")]
    [InlineData("metrics.acc not in (0.9, 0.5)", "d")]
    [InlineData("params.opt rlike '^s.d$'", "b,d")]
    [InlineData("tags.`what's` = 'a \"b\"' or run_name = 'a'", "a")]
    [InlineData("params.opt = ''' OR 1=1 --'", "")]
    [InlineData("params.opt like '\"; DROP TABLE run; --'", "")]
    [InlineData("params.`opt``` = 'sgd'", "")]
    public async Task The_mark_makes_more_possible(string filter, string expected)
    {
        await using var server = await FilledAsync();
        Assert.Equal(expected, await NamesAsync(server, $"extended: {filter}"));
        Assert.Equal(expected, await NamesAsync(server, $"  EXTENDED:{filter}"));
    }

    [Theory]
    [InlineData("metrics.acc > 0.8 or params.opt = 'sgd'")]
    [InlineData("params.depth > 9")]
    [InlineData("not params.opt = 'sgd'")]
    [InlineData("metrics.acc in (1)")]
    public async Task Without_the_mark_it_is_refused_as_mlflow_refuses_it(string filter)
    {
        await using var server = await FilledAsync();
        var answer = await server.SendAsync("POST", "/api/2.0/mlflow/runs/search", Body(filter));
        Assert.Equal(400, answer.Status);
        Assert.Equal("INVALID_PARAMETER_VALUE", (string?)answer.Json!["error_code"]);
    }

    [Theory]
    [InlineData("metrics.acc > 0.8")]
    [InlineData("params.depth = '9' and metrics.acc >= 0.5")]
    [InlineData("params.opt != 'sgd'")]
    [InlineData("params.opt ILIKE 'S%' and attributes.status = 'RUNNING'")]
    [InlineData("tags.team = 'red'")]
    public async Task A_filter_of_mlflow_means_the_same_with_the_mark(string filter)
    {
        await using var server = await FilledAsync();
        Assert.Equal(await NamesAsync(server, filter), await NamesAsync(server, $"extended:{filter}"));
    }

    [Theory]
    [InlineData("params.opt rlike '('", "regular expression")]
    [InlineData("(metrics.acc > 1", "not closed")]
    [InlineData("", null)]
    public async Task What_is_wrong_in_it_is_named(string filter, string? message)
    {
        await using var server = await FilledAsync();
        var answer = await server.SendAsync("POST", "/api/2.0/mlflow/runs/search", Body($"extended:{filter}"));
        Assert.Equal(message is null ? 200 : 400, answer.Status);
        Assert.Contains(message ?? "", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_may_be_thousands_of_numbers_long()
    {
        await using var server = await FilledAsync();
        var numbers = string.Join(", ", Enumerable.Range(9, 5_000));
        Assert.Equal("a,b,c,d", await NamesAsync(server, $"extended: params.depth in ({numbers})"));
        Assert.Equal("", await NamesAsync(server, $"extended: metrics.acc in ({numbers})"));
        Assert.Equal("a,b,c,d", await NamesAsync(server, $"extended: metrics.acc not in ({numbers})"));
    }

    private static async Task<MlflowServer> FilledAsync()
    {
        var server = new MlflowServer();
        await server.InitializeAsync();
        foreach (var (name, accuracy, optimizer, depth) in new[] { ("a", 0.9, "adam", "9"), ("b", 0.9, "sgd", "10"), ("c", 0.5, "adam", "10.0"), ("d", 0.1, "sgd", "1e2") })
        {
            var run = await server.NewRunAsync("0", new JsonObject { ["run_name"] = name, ["start_time"] = 1 });
            var batch = new JsonObject
            {
                ["run_id"] = run,
                ["metrics"] = new JsonArray(new JsonObject { ["key"] = "acc", ["value"] = accuracy, ["timestamp"] = 1, ["step"] = 0 }),
                ["params"] = new JsonArray(new JsonObject { ["key"] = "opt", ["value"] = optimizer }, new JsonObject { ["key"] = "depth", ["value"] = depth }),
                ["tags"] = new JsonArray(new JsonObject { ["key"] = "team", ["value"] = name == "a" ? "red" : "blue" }),
            };
            Assert.Equal(200, (await server.SendAsync("POST", "/api/2.0/mlflow/runs/log-batch", batch.ToJsonString())).Status);
        }

        return server;
    }

    private static async Task<string> NamesAsync(MlflowServer server, string filter)
    {
        var answer = await server.SendAsync("POST", "/api/2.0/mlflow/runs/search", Body(filter));
        Assert.True(answer.Status == 200, answer.Text);
        return string.Join(',', (answer.Json!["runs"]?.AsArray() ?? []).Select(run => (string)run!["info"]!["run_name"]!).Order(StringComparer.Ordinal));
    }

    private static string Body(string filter) => new JsonObject { ["experiment_ids"] = new JsonArray("0"), ["filter"] = filter }.ToJsonString();
}
