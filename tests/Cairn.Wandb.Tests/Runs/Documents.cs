using System.Text.Json.Nodes;

namespace Cairn.Wandb.Tests.Runs;

/// <summary>The documents of W&amp;B's clients that the tests send.</summary>
internal static class Documents
{
    public const string Upsert =
        """
        mutation UpsertBucket($id: String, $name: String, $project: String, $entity: String, $groupName: String, $description: String, $displayName: String, $notes: String, $commit: String, $config: JSONString, $host: String, $debug: Boolean, $program: String, $repo: String, $jobType: String, $state: String, $sweep: String, $tags: [String!], $summaryMetrics: JSONString) {
          upsertBucket(input: {id: $id, name: $name, groupName: $groupName, modelName: $project, entityName: $entity, description: $description, displayName: $displayName, notes: $notes, config: $config, commit: $commit, host: $host, debug: $debug, jobProgram: $program, jobRepo: $repo, jobType: $jobType, state: $state, sweep: $sweep, tags: $tags, summaryMetrics: $summaryMetrics}) {
            bucket { id name displayName description config sweepName project { id name entity { id name } } historyLineCount }
            inserted
            serverSettings { serverMessages { utfText plainText htmlText messageType messageLevel } }
          }
        }
        """;

    public const string Run =
        """
        query Run($project: String!, $entity: String!, $name: String!) {
          project(name: $project, entityName: $entity) { run(name: $name) { projectId ...RunFragment } }
        }
        fragment RunFragment on Run { id tags name displayName sweepName state config group jobType commit readOnly createdAt heartbeatAt description notes systemMetrics summaryMetrics historyLineCount user { name username } historyKeys }
        """;

    public const string Resume =
        """
        query RunResumeStatus($project: String, $entity: String, $name: String!) {
          model(name: $project, entityName: $entity) {
            id name entity { id name }
            bucket(name: $name, missingOk: true) { id name summaryMetrics displayName logLineCount historyLineCount eventsLineCount historyTail eventsTail config tags notes wandbConfig(keys: ["t"]) }
          }
        }
        """;

    public const string Runs =
        """
        query Runs($project: String!, $entity: String!, $cursor: String, $perPage: Int = 50, $order: String, $filters: JSONString) {
          project(name: $project, entityName: $entity) {
            runCount(filters: $filters) readOnly
            runs(filters: $filters, after: $cursor, first: $perPage, order: $order) { edges { node { id name displayName config summaryMetrics } cursor } pageInfo { endCursor hasNextPage } }
          }
        }
        """;

    public const string History =
        """
        query HistoryPage($entity: String!, $project: String!, $run: String!, $minStep: Int64, $maxStep: Int64, $pageSize: Int!) {
          project(name: $project, entityName: $entity) { run(name: $run) { history(minStep: $minStep, maxStep: $maxStep, samples: $pageSize) } }
        }
        """;

    public const string Sampled =
        """
        query SampledHistoryPage($entity: String!, $project: String!, $run: String!, $spec: JSONString!) {
          project(name: $project, entityName: $entity) { run(name: $run) { sampledHistory(specs: [$spec]) } }
        }
        """;

    /// <summary>Starts a run, or changes it; answers the payload.</summary>
    public static async Task<JsonNode> UpsertAsync(this WandbServer server, string project, string run, JsonObject? more = null)
    {
        var variables = more ?? [];
        variables["project"] = project;
        variables["name"] = run;
        return (await server.DoAsync(Upsert, variables))["upsertBucket"]!;
    }

    public static async Task<JsonNode?> RunAsync(this WandbServer server, string project, string run) =>
        (await server.DoAsync(Run, new JsonObject { ["project"] = project, ["entity"] = "cairn", ["name"] = run }))["project"]?["run"];

    public static async Task<JsonNode> ResumeAsync(this WandbServer server, string project, string run) =>
        (await server.DoAsync(Resume, new JsonObject { ["project"] = project, ["name"] = run }))["model"]!["bucket"]!;

    public static Task<JsonNode> StreamAsync(this WandbServer server, string project, string run, JsonObject body) =>
        server.PostAsync($"/files/cairn/{project}/{run}/file_stream", body.ToJsonString());

    /// <summary>A chunk of the history: rows from a line on.</summary>
    public static Task<JsonNode> LogAsync(this WandbServer server, string project, string run, int offset, params string[] rows) =>
        server.StreamAsync(project, run, Chunk("wandb-history.jsonl", offset, rows));

    public static JsonObject Chunk(string file, int offset, params string[] lines) => new()
    {
        ["files"] = new JsonObject { [file] = new JsonObject { ["offset"] = offset, ["content"] = new JsonArray([.. lines.Select(line => (JsonNode)line)]) } },
    };

    public static async Task<List<string>> HistoryAsync(this WandbServer server, string project, string run, long? min = null, long? max = null, int samples = 1000)
    {
        var data = await server.DoAsync(History, new JsonObject { ["entity"] = "cairn", ["project"] = project, ["run"] = run, ["minStep"] = min, ["maxStep"] = max, ["pageSize"] = samples });
        return [.. data["project"]!["run"]!["history"]!.AsArray().Select(row => (string)row!)];
    }

    public static async Task<JsonArray> SampledAsync(this WandbServer server, string project, string run, string spec)
    {
        var data = await server.DoAsync(Sampled, new JsonObject { ["entity"] = "cairn", ["project"] = project, ["run"] = run, ["spec"] = spec });
        return data["project"]!["run"]!["sampledHistory"]![0]!.AsArray();
    }
}
