using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Runs;

/// <summary>Filters of runs: what the store finds by its indexes is what looking at every run finds.</summary>
public sealed class RunFilterTests(WandbServer server) : IClassFixture<WandbServer>
{
    private static readonly string[] Operations = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"];

    [Fact]
    public async Task A_narrowed_search_loses_no_run()
    {
        var random = new Random(20261127);
        for (var i = 0; i < 60; i++)
        {
            await MakeAsync(random, i);
        }

        for (var i = 0; i < 300; i++)
        {
            var filter = Filter(random, depth: 0);

            // Twice denied, it says the same, but nothing of it is told to the store.
            var slow = new JsonObject { ["$nor"] = new JsonArray(new JsonObject { ["$nor"] = new JsonArray(filter.DeepClone()) }) };
            Assert.Equal((filter.ToJsonString(), await NamesAsync(slow)), (filter.ToJsonString(), await NamesAsync(filter)));
        }
    }

    [Theory]
    [InlineData("-summary_metrics.acc")]
    [InlineData("+summary_metrics.acc")]
    [InlineData("-summary_metrics.best")]
    public async Task An_order_by_a_measured_value_has_runs_without_it_last(string order)
    {
        foreach (var (name, row, summary) in new[] { ("a", """{"acc":1,"_step":0}""", """{"best":3}"""), ("b", """{"acc":3,"_step":0}""", """{"best":1}"""), ("c", """{"other":1,"_step":0}""", "{}"), ("d", """{"acc":2,"_step":0}""", """{"best":2}""") })
        {
            await server.UpsertAsync("ordered", name);
            await server.LogAsync("ordered", name, 0, row);
            var end = Documents.Chunk("wandb-summary.json", 0, summary);
            end["complete"] = true;
            await server.StreamAsync("ordered", name, end);
        }

        var expected = order switch { "-summary_metrics.acc" => "b d a c", "+summary_metrics.acc" => "a d b c", _ => "a d b c" };
        Assert.Equal(expected, await NamesAsync([], "ordered", order));
    }

    private async Task MakeAsync(Random random, int i)
    {
        var config = new JsonObject { ["lr"] = new JsonObject { ["value"] = Value(random) }, ["net"] = new JsonObject { ["value"] = new JsonObject { ["depth"] = random.Next(4) } } };
        if (random.Next(3) == 0)
        {
            config.Remove("lr");
        }

        await server.UpsertAsync("filtered", $"r{i}", new JsonObject
        {
            ["config"] = config.ToJsonString(),
            ["displayName"] = Word(random),
            ["jobType"] = random.Next(3) == 0 ? null : Word(random),
            ["tags"] = new JsonArray(Word(random), $"team={Word(random)}"),
            ["notes"] = random.Next(2) == 0 ? null : Word(random),
        });
        if (random.Next(4) > 0)
        {
            await server.LogAsync("filtered", $"r{i}", 0, $$"""{"acc":{{random.Next(4)}},"_step":0}""");
        }

        if (random.Next(2) == 0)
        {
            var end = Documents.Chunk("wandb-summary.json", 0, random.Next(2) == 0 ? "{}" : $$"""{"best":{{random.Next(4)}}}""");
            end["complete"] = true;
            end["exitcode"] = random.Next(2);
            await server.StreamAsync("filtered", $"r{i}", end);
        }
    }

    private static JsonObject Filter(Random random, int depth)
    {
        switch (depth < 3 ? random.Next(6) : 5)
        {
            case 0:
                return new JsonObject { ["$and"] = new JsonArray(Filter(random, depth + 1), Filter(random, depth + 1)) };
            case 1:
                return new JsonObject { ["$or"] = new JsonArray(Filter(random, depth + 1), Filter(random, depth + 1)) };
            case 2:
                return new JsonObject { ["$nor"] = new JsonArray(Filter(random, depth + 1)) };
        }

        return random.Next(8) switch
        {
            0 => new JsonObject { ["tags"] = random.Next(2) == 0 ? Word(random) : $"team={Word(random)}" },
            1 => new JsonObject { ["state"] = new[] { "running", "finished", "failed", "crashed" }[random.Next(4)] },
            2 => new JsonObject { ["display_name"] = Word(random) },
            3 => new JsonObject { [random.Next(2) == 0 ? "jobType" : "notes"] = new JsonObject { ["$in"] = new JsonArray(Word(random), Word(random)) } },
            4 => new JsonObject { ["summary_metrics.acc"] = Comparison(random) },
            5 => new JsonObject { ["summary_metrics.best"] = Comparison(random) },
            6 => new JsonObject { [random.Next(2) == 0 ? "config.net.depth" : "config.net.value.depth"] = Comparison(random) },
            _ => new JsonObject { [random.Next(2) == 0 ? "config.lr" : "config.lr.value"] = random.Next(2) == 0 ? Value(random) : Comparison(random) },
        };
    }

    private static JsonObject Comparison(Random random) => new() { [Operations[random.Next(Operations.Length)]] = random.Next(4) };

    private static JsonNode? Value(Random random) => random.Next(6) switch { 0 => "2", 1 => true, 2 => null, 3 => Word(random), 4 => 1.5, _ => random.Next(4) };

    private static string Word(Random random) => new[] { "one", "two", "three" }[random.Next(3)];

    private async Task<string> NamesAsync(JsonObject filter, string project = "filtered", string order = "+created_at")
    {
        var found = await server.DoAsync(Documents.Runs, new JsonObject { ["project"] = project, ["entity"] = "cairn", ["perPage"] = 1000, ["order"] = order, ["filters"] = filter.ToJsonString() });
        var names = found["project"]!["runs"]!["edges"]!.AsArray().Select(edge => (string)edge!["node"]!["name"]!).ToList();
        Assert.Equal(names.Count, (int)found["project"]!["runCount"]!);
        return string.Join(' ', names);
    }
}
