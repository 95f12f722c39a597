using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Security;

/// <summary>Texts of strangers in names and searches: kept exactly or refused, and never more than a text.</summary>
public sealed class HostileTextTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>102: names that a person could not tell from others, or that would break a list.</summary>
    public static TheoryData<string, string, bool> Names => new()
    {
        { "a megabyte", JsonSerializer.Serialize(new string('a', 1_000_000)), false },
        { "a line end", "\"two\\nlines\"", false },
        { "NUL", "\"nul\\u0000\"", false },
        { "half a surrogate pair", "\"half \\ud800 a pair\"", false },
        { "U+202E", "\"right\\u202eleft\"", true },
        { "nothing wide", "\"zero\\u200bwidth\"", true },
        { "emoji", "\"\\ud83d\\ude80 to the moon\"", true },
        { "markup", "\"<img src=x onerror=alert(1)>\"", true },
        { "SQL", "\"'; DROP TABLE experiment; --\"", true },
        { "variables", "\"$AWS_SECRET_ACCESS_KEY / ${HOME} / {{7*7}} / %PATH%\"", true },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_name_is_kept_exactly_or_refused_for_everything_that_has_one_102(string what, string json, bool isKept)
    {
        var name = isKept ? JsonSerializer.Deserialize<string>(json)! : "";
        var run = await server.CreateRunAsync();
        (string Address, string Body, string Field)[] ways =
        [
            ("/api/v1/experiments", $$"""{"name":{{json}} }""", "name"),
            ("/api/v1/runs", $$"""{"name":{{json}},"experiment":"names"}""", "name"),
            ("/api/2.0/mlflow/experiments/create", $$"""{"name":{{json}} }""", ""),
            ("/api/2.0/mlflow/registered-models/create", $$"""{"name":{{json}} }""", "registered_model.name"),
            ($"/api/v1/runs/{run.Id}/updates", $$"""{"tags":{ {{json}}:"x"} }""", ""),
            ($"/api/v1/runs/{run.Id}/updates", $$"""{"points":[{"key":{{json}},"value":1}]}""", ""),
        ];
        foreach (var (address, body, field) in ways)
        {
            using var answer = await server.PostAsync(address, body);
            var text = await answer.Content.ReadAsStringAsync();
            if (!isKept)
            {
                Assert.True((int)answer.StatusCode == 400 && text.Length < 3_000, $"{what} at {address}: {(int)answer.StatusCode} {text[..Math.Min(text.Length, 300)]}");
                continue;
            }

            // An experiment of this name may be there from the other door.
            Assert.True(answer.IsSuccessStatusCode || text.Contains("RESOURCE_ALREADY_EXISTS", StringComparison.Ordinal), $"{what} at {address}: {text}");
            if (field.Length > 0)
            {
                Assert.Equal(name, (string)field.Split('.').Aggregate(JsonNode.Parse(text), (node, part) => node![part])!);
            }
        }

        foreach (var list in new[] { "/api/v1/experiments", "/api/v1/runs", "/api/v1/models", "/api/2.0/mlflow/experiments/search?max_results=1000" })
        {
            Assert.True((await server.Http.GetStringAsync(new Uri(list, UriKind.Relative))).Length < 200_000, $"The list {list} holds {what}.");
        }
    }

    /// <summary>109: whatever a value says, a search for it finds what has exactly it.</summary>
    [Theory]
    [InlineData("' OR 1=1 --")]
    [InlineData("\"; DROP TABLE run; --")]
    [InlineData("100%")]
    [InlineData("a_b")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("[a-z]*")]
    [InlineData("\\")]
    [InlineData("a\\'b")]
    [InlineData("x') UNION SELECT 1 --")]
    public async Task A_value_is_only_ever_compared_109(string value)
    {
        var experiment = (string)(await DoAsync("experiments/create", new JsonObject { ["name"] = $"literal {Guid.NewGuid():N}" }))["experiment_id"]!;
        var key = "partition key `x`";
        var wanted = await StartAsync(experiment, key, value);
        foreach (var other in new[] { "other", "axb", "1000", value + "x" })
        {
            await StartAsync(experiment, key, other);
        }

        var quoted = value.Contains('\'', StringComparison.Ordinal) ? $"\"{value}\"" : $"'{value}'";
        if (value.Contains('"', StringComparison.Ordinal) && value.Contains('\'', StringComparison.Ordinal))
        {
            return;
        }

        if (value.AsSpan().IndexOf('\\') < 0)
        {
            Assert.Equal([wanted], await SearchAsync(experiment, $"tags.\"{key}\" = {quoted}"));
            Assert.Equal([wanted], await SearchAsync(experiment, $"params.\"{key}\" = {quoted}"));
            Assert.Equal(4, (await SearchAsync(experiment, $"params.\"{key}\" != {quoted}")).Count);
        }

        var native = await server.Http.GetAsync(new Uri($"/api/v1/runs?experiment={experiment}&filter={Uri.EscapeDataString($"params.\"{key}\" = {quoted}")}", UriKind.Relative));
        var text = await native.Content.ReadAsStringAsync();
        Assert.True((int)native.StatusCode is 200 or 400, text);

        // The same through W&B's filters, which are JSON.
        var filters = new JsonObject { [$"config.{key}.value"] = value }.ToJsonString();
        var document = new JsonObject
        {
            ["query"] = "query R($p: String!, $f: JSONString) { project(name: $p) { runs(filters: $f) { edges { node { name } } } } }",
            ["variables"] = new JsonObject { ["p"] = await NameAsync(experiment), ["f"] = filters },
        };
        using var answer = await server.PostAsync("/graphql", document.ToJsonString());
        var found = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(found["errors"] is null && found["data"]!["project"]!["runs"]!["edges"]!.AsArray().Count == 1, found.ToJsonString());

        // Names of registered models, where the value is one.
        (await server.Http.GetAsync(new Uri($"/api/2.0/mlflow/registered-models/search?filter={Uri.EscapeDataString($"name = {quoted}")}", UriKind.Relative))).EnsureSuccessStatusCode();
        Assert.Equal(5, (await SearchAsync(experiment, "")).Count);
    }

    [Theory]
    [InlineData("metrics.`a``b` > 0", 1)]
    [InlineData("metrics.`a'b` > 0", 1)]
    [InlineData("metrics.\"a; DROP TABLE run\" > 0", 1)]
    [InlineData("metrics.`a``b` > 1", 0)]
    public async Task A_key_with_anything_in_it_is_a_key_109(string filter, int count)
    {
        // Between backticks everything is the key, as MLflow has it: two of them do not stand for one.
        var run = await server.CreateRunAsync($"keys {Guid.NewGuid():N}");
        (await server.PostAsync($"/api/v1/runs/{run.Id}/updates", """{"points":[{"key":"a``b","value":1},{"key":"a'b","value":1},{"key":"a; DROP TABLE run","value":1}]}""")).EnsureSuccessStatusCode();
        Assert.Equal(count, (await SearchAsync(run.ExperimentId, filter)).Count);
    }

    /// <summary>091: a value that looks like a variable is that text: what comes back, and what signs messages, is never what the server's environment holds.</summary>
    [Theory]
    [InlineData("$AWS_SECRET_ACCESS_KEY")]
    [InlineData("${HOME}")]
    [InlineData("%HOME%")]
    [InlineData("{{HOME}}")]
    [InlineData("`id`")]
    public async Task A_value_that_looks_like_a_variable_is_kept_as_it_is_091(string value)
    {
        var run = await StartAsync("0", "secret", value);
        var data = JsonNode.Parse(await server.Http.GetStringAsync(new Uri($"/api/2.0/mlflow/runs/get?run_id={run}", UriKind.Relative)))!["run"]!["data"]!;
        Assert.Equal(value, (string)data["params"]![0]!["value"]!);
        Assert.Contains(data["tags"]!.AsArray(), tag => (string)tag!["value"]! == value);
        var hook = new JsonObject { ["name"] = "hook", ["url"] = "https://hooks.example.com/x", ["secret"] = value, ["events"] = new JsonArray("promotion.accepted") };
        using var made = await server.PostAsync("/api/v1/webhooks", hook.ToJsonString());
        var shown = await made.Content.ReadAsStringAsync();
        Assert.True(made.IsSuccessStatusCode, shown);
        Assert.DoesNotContain(JsonSerializer.Serialize(value), shown, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.GetEnvironmentVariable("HOME") ?? "no home", shown, StringComparison.Ordinal);
    }

    private async Task<string> StartAsync(string experiment, string key, string value)
    {
        var run = (string)(await DoAsync("runs/create", new JsonObject { ["experiment_id"] = experiment }))["run"]!["info"]!["run_id"]!;
        using var update = await server.PostAsync($"/api/v1/runs/{run}/updates", new JsonObject { ["tags"] = new JsonObject { [key] = value }, ["params"] = new JsonObject { [key] = value } }.ToJsonString());
        Assert.True(update.IsSuccessStatusCode, await update.Content.ReadAsStringAsync());
        return run;
    }

    private async Task<List<string>> SearchAsync(string experiment, string filter) =>
        [.. ((await DoAsync("runs/search", new JsonObject { ["experiment_ids"] = new JsonArray(experiment), ["filter"] = filter }))["runs"] as JsonArray ?? []).Select(run => (string)run!["info"]!["run_id"]!)];

    private async Task<string> NameAsync(string experiment) =>
        (string)JsonNode.Parse(await server.Http.GetStringAsync(new Uri($"/api/v1/experiments/{experiment}", UriKind.Relative)))!["name"]!;

    private async Task<JsonNode> DoAsync(string call, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync(new Uri($"/api/2.0/mlflow/{call}", UriKind.Relative), content);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{body.ToJsonString()}: {text}");
        return JsonNode.Parse(text)!;
    }
}
