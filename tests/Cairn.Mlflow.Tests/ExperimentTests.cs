using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>When an experiment counts as updated.</summary>
public sealed class ExperimentTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Fact]
    public async Task It_is_updated_by_a_new_name_by_deletion_and_by_restoring_and_not_by_tags_and_runs()
    {
        var experiment = await server.NewExperimentAsync();
        var made = await UpdatedAsync(experiment);
        AwaitTick(made);
        await server.DoAsync("experiments/set-experiment-tag", new JsonObject { ["experiment_id"] = experiment, ["key"] = "k", ["value"] = "v" });
        await server.NewRunAsync(experiment);
        await server.DoAsync("experiments/delete-experiment-tag", new JsonObject { ["experiment_id"] = experiment, ["key"] = "k" });
        Assert.Equal(made, await UpdatedAsync(experiment));

        var changes = new[]
        {
            ("experiments/update", new JsonObject { ["experiment_id"] = experiment, ["new_name"] = "renamed and updated" }),
            ("experiments/delete", new JsonObject { ["experiment_id"] = experiment }),
            ("experiments/restore", new JsonObject { ["experiment_id"] = experiment }),
        };
        foreach (var (call, body) in changes)
        {
            var before = await UpdatedAsync(experiment);
            AwaitTick(before);
            await server.DoAsync(call, body);
            Assert.True(await UpdatedAsync(experiment) > before, call);
        }

        var found = await server.DoAsync("experiments/search", new JsonObject { ["max_results"] = 1, ["order_by"] = new JsonArray("last_update_time DESC"), ["filter"] = $"last_update_time > {made}" });
        Assert.Equal(experiment, (string)found["experiments"]![0]!["experiment_id"]!);
    }

    // Times are milliseconds: what comes after must be in the next one to be seen.
    private static void AwaitTick(long time) =>
        SpinWait.SpinUntil(() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() > time);

    private async Task<long> UpdatedAsync(string experiment) =>
        (long)(await server.GetAsync($"experiments/get?experiment_id={experiment}")).Expect(200)["experiment"]!["last_update_time"]!;
}
