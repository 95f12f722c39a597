using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Security;

/// <summary>103: documents that would cost far more to answer than to send. Both protocols of this address say so in the body, as their clients expect.</summary>
public sealed class GraphBombTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    public static TheoryData<string, string> Bombs => new()
    {
        { "10,000 aliases (W&B)", Body("{" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}:viewer{{id}}")) + "}") },
        { "10,000 aliases of a leaf (W&B)", Body("{viewer{" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}:id ")) + "}}") },
        { "10,000 aliases (MLflow)", Body("query Q {" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}: test(inputString: \"x\") {{ output }} ")) + "}") },
        { "10,000 aliases of runs (MLflow)", Body("query Q {" + string.Concat(Enumerable.Range(0, 10_000).Select(i => $"a{i}: mlflowGetRun(input: {{runId: \"x\"}}) {{ run {{ info {{ runId }} }} }} ")) + "}") },
        { "1,000 documents at once (W&B)", "[" + string.Join(',', Enumerable.Repeat(Body("{viewer{id}}"), 1_000)) + "]" },
        { "1,000 documents at once (MLflow)", "[" + string.Join(',', Enumerable.Repeat(Body("{ test(inputString: \"x\") { output } }"), 1_000)) + "]" },
        { "depth 500 (W&B)", Body(string.Concat(Enumerable.Repeat("{viewer", 500)) + new string('}', 500)) },
        { "depth 500 (MLflow)", Body("{ mlflowGetExperiment(input: {experimentId: \"1\"}) { experiment { " + string.Concat(Enumerable.Repeat("name { ", 500)) + "name" + new string('}', 500) + " } } }") },
        { "fragments in a circle (W&B)", Body("{ viewer { ...a } } fragment a on User { ...b } fragment b on User { ...c } fragment c on User { ...a }") },
        { "fragments in a circle (MLflow)", Body("{ ...a } fragment a on Query { ...b mlflowGetRun(input: {runId: \"x\"}) { run { info { runId } } } } fragment b on Query { ...a }") },
        { "fragments that double (W&B)", Body("{viewer{...f0}}" + string.Concat(Enumerable.Range(0, 40).Select(i => $"fragment f{i} on User{{...f{i + 1} ...f{i + 1}}}")) + "fragment f40 on User{id}") },
        { "fragments that double (MLflow)", Body("{ ...f0 }" + string.Concat(Enumerable.Range(0, 40).Select(i => $" fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }}")) + " fragment f40 on Query { mlflowGetRun(input: {runId: \"x\"}) { run { info { runId } } } }") },
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task A_bomb_is_refused_before_anything_of_it_runs(string what, string body)
    {
        using var answer = await server.PostAsync("/graphql", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode is 200 or 400, $"{what}: {text}");
        var told = JsonNode.Parse(text)!;
        Assert.True(told["errors"] is JsonArray { Count: > 0 } && told["data"] is null && text.Length < 1_000, $"{what}: {text[..Math.Min(text.Length, 500)]}");
    }

    private static string Body(string document) => new JsonObject { ["query"] = document }.ToJsonString();
}
