using System.Text.Json.Nodes;

namespace Cairn.Mlflow.Tests;

/// <summary>The GraphQL of MLflow's web pages, at an address that another protocol has too.</summary>
public sealed class GraphTests(MlflowServer server) : IClassFixture<MlflowServer>
{
    [Fact]
    public async Task A_run_comes_with_its_experiment_and_a_nan_is_null()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        await server.DoAsync("runs/log-batch", JsonNode.Parse($$"""{"run_id":"{{run}}","metrics":[{"key":"good","value":123,"timestamp":1,"step":1},{"key":"nan","value":"NaN","timestamp":2,"step":2}]}""")!);
        var answer = await AskAsync($$"""query Q @component(name: "T") { mlflowGetRun(input: {runId: "{{run}}"}) { __typename run { info { id: runId status endTime } experiment { experimentId } data { metrics { ...m } } modelVersions { name } } apiError { code } } } fragment m on MlflowMetric { key value step }""");
        Assert.Null(answer["errors"]);
        var expected = JsonNode.Parse(
            $$$$"""
            {"mlflowGetRun":{"__typename":"MlflowGetRunResponse","run":{"info":{"id":"{{{{run}}}}","status":"RUNNING","endTime":"0"},"experiment":{"experimentId":"{{{{experiment}}}}"},
             "data":{"metrics":[{"key":"good","value":123,"step":"1"},{"key":"nan","value":null,"step":"2"}]},"modelVersions":[]},"apiError":null}}
            """);
        Assert.Null(JsonDifference.Find(expected, answer["data"]));
    }

    [Fact]
    public async Task Runs_that_are_searched_for_come_with_their_experiments_and_versions()
    {
        var (one, two) = (await server.NewExperimentAsync(), await server.NewExperimentAsync());
        var (first, second) = (await server.NewRunAsync(one), await server.NewRunAsync(two));
        await server.DoAsync("registered-models/create", new JsonObject { ["name"] = "of-runs" });
        await server.DoAsync("model-versions/create", new JsonObject { ["name"] = "of-runs", ["source"] = "s3://bucket/model", ["run_id"] = second });
        var answer = await AskAsync(
            "query Q($e: [String]) { mlflowSearchRuns(input: {experimentIds: $e}) { runs { __typename info { runId } experiment { experimentId } modelVersions { name version } } } }",
            new JsonObject { ["e"] = new JsonArray(one, two) });
        Assert.Null(answer["errors"]);
        var runs = answer["data"]!["mlflowSearchRuns"]!["runs"]!.AsArray().ToDictionary(run => (string)run!["info"]!["runId"]!, run => run!);
        Assert.Equal((one, "[]"), ((string)runs[first]["experiment"]!["experimentId"]!, runs[first]["modelVersions"]!.ToJsonString()));
        Assert.Equal((two, """[{"name":"of-runs","version":"1"}]"""), ((string)runs[second]["experiment"]!["experimentId"]!, runs[second]["modelVersions"]!.ToJsonString()));
        Assert.Equal("MlflowRunExtension", (string)runs[first]["__typename"]!);
    }

    [Fact]
    public async Task Runs_files_datasets_and_histories_are_found()
    {
        var experiment = await server.NewExperimentAsync();
        var run = await server.NewRunAsync(experiment);
        (await server.SendAsync("PUT", $"api/2.0/mlflow-artifacts/artifacts/{experiment}/{run}/artifacts/d/a.txt", "hello", "text/plain")).Expect(200);
        await server.DoAsync("runs/log-metric", JsonNode.Parse($$"""{"run_id":"{{run}}","key":"m","value":1.5,"timestamp":1,"step":0}""")!);
        await server.DoAsync("runs/log-inputs", JsonNode.Parse($$$"""{"run_id":"{{{run}}}","datasets":[{"dataset":{"name":"n","digest":"g","source_type":"s","source":"x"}}]}""")!);
        var answer = await AskAsync(
            """
            mutation M($e: [String], $r: String) {
              mlflowSearchRuns(input: {experimentIds: $e}) { runs { info { runId } } }
              top: mlflowListArtifacts(input: {runId: $r}) { files { path isDir fileSize } }
              mlflowSearchDatasets(input: {experimentIds: $e}) { datasetSummaries { name context } }
              mlflowGetMetricHistoryBulkInterval(input: {runIds: [$r], metricKey: "m"}) { metrics { key value timestamp } }
              mlflowGetExperiment(input: {experimentId: "99999"}) { experiment { name } }
            }
            """,
            new JsonObject { ["e"] = new JsonArray(experiment), ["r"] = run });
        var expected = JsonNode.Parse(
            $$$$"""
            {"mlflowSearchRuns":{"runs":[{"info":{"runId":"{{{{run}}}}"}}]},"top":{"files":[{"path":"d","isDir":true,"fileSize":"0"}]},
             "mlflowSearchDatasets":{"datasetSummaries":[{"name":"n","context":""}]},"mlflowGetMetricHistoryBulkInterval":{"metrics":[{"key":"m","value":1.5,"timestamp":"1"}]},
             "mlflowGetExperiment":null}
            """);
        Assert.Null(JsonDifference.Find(expected, answer["data"]));
        Assert.Equal("No Experiment with id=99999 exists", (string)answer["errors"]![0]!);
    }

    [Theory]
    [InlineData("{ mlflowGetRun(input: {runId: \"a\"}) { nothing } }", "Cannot query field 'nothing' on type 'MlflowGetRunResponse'.")]
    [InlineData("{ mlflowGetRun(input: {runId: \"a\"}) }", "Field 'mlflowGetRun' of type 'MlflowGetRunResponse' must have a selection of subfields.")]
    [InlineData("{ mlflowGetRun(input: ", "Syntax Error…")]
    [InlineData("{ mlflowGetRun(input: {runId: \"\"\"a", "Block strings are not read. Send long text as a variable.")]
    [InlineData("query { ...f } fragment f on Query { mlflowGetRun(input: {runId: \"a\"}) { run { info { runId } } } ...f }", "Query exceeds maximum depth of 10")]
    public async Task A_document_that_means_nothing_is_answered_with_its_fault(string query, string message)
    {
        var text = (string)(await AskAsync(query))["errors"]![0]!;
        Assert.True(message.EndsWith('…') ? text.StartsWith(message[..^1], StringComparison.Ordinal) : text == message, text);
    }

    [Fact]
    public async Task Documents_have_limits()
    {
        var many = string.Join(' ', Enumerable.Range(0, 12).Select(i => $"k{i}: test(inputString: \"abc\") {{ output }}"));
        Assert.StartsWith("GraphQL queries should have at most 10 root fields", (string)(await AskAsync($"query Q {{ {many} }}"))["errors"]![0]!, StringComparison.Ordinal);
        var deep = string.Concat(Enumerable.Repeat("name { ", 12)) + "name" + new string('}', 12);
        Assert.Equal("Query exceeds maximum depth of 10", (string)(await AskAsync($"{{ mlflowGetExperiment(input: {{experimentId: \"1\"}}) {{ experiment {{ {deep} }} }} }}"))["errors"]![0]!);
        var wide = string.Join(' ', Enumerable.Range(0, 1002).Select(i => $"field_{i} {{ name }}"));
        Assert.Equal("Query exceeds maximum total selections of 1000", (string)(await AskAsync($"{{ mlflowGetExperiment(input: {{experimentId: \"1\"}}) {{ experiment {{ {wide} }} }} }}"))["errors"]![0]!);
        Assert.Equal("abc", (string)(await AskAsync("query Q { test(inputString: \"abc\") { output } }"))["data"]!["test"]!["output"]!);
    }

    [Fact]
    public async Task A_document_may_come_in_the_query_of_a_get()
    {
        var run = await server.NewRunAsync();
        var query = Uri.EscapeDataString("query Q($r: String) { mlflowGetRun(input: {runId: $r}) { run { info { runId } } } }");
        var variables = Uri.EscapeDataString(new JsonObject { ["r"] = run }.ToJsonString());
        var answer = (await server.SendAsync("GET", $"graphql?query={query}&variables={variables}&operationName=Q")).Expect(200);
        Assert.Equal(run, (string)answer["data"]!["mlflowGetRun"]!["run"]!["info"]!["runId"]!);
        var broken = (await server.SendAsync("GET", $"graphql?query={query}&variables=no")).Expect(200);
        Assert.NotNull(broken["errors"]);
    }

    [Fact]
    public async Task Documents_of_the_other_protocol_still_reach_it()
    {
        var answer = (await server.SendAsync("POST", "graphql", """{"query":"{ __schema { queryType { fields { name } } } }"}""")).Expect(200);
        Assert.DoesNotContain("mlflow", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(answer["data"]);
    }

    private async Task<JsonNode> AskAsync(string query, JsonObject? variables = null) =>
        (await server.SendAsync("POST", "graphql", new JsonObject { ["query"] = query, ["variables"] = variables }.ToJsonString())).Expect(200);
}
