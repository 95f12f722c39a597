using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Cairn.Server.Tests.Access;

/// <summary>One of everything that can be in an experiment, made by its owner through the doors.</summary>
public sealed class Belongings
{
    /// <summary>Is in every name and content of theirs: it must not be seen by others.</summary>
    public const string Secret = "hushhush";

    private static int count;

    public string Experiment { get; private set; } = "";

    public string ExperimentName { get; private set; } = "";

    public string Run { get; private set; } = "";

    public string ClientRun { get; private set; } = "";

    public string Model { get; private set; } = "";

    public string LoggedModel { get; private set; } = "";

    public string Trace { get; private set; } = "";

    public string Assessment { get; private set; } = "";

    public string EvaluationSet { get; private set; } = "";

    public string Artifact { get; private set; } = "";

    public string Content { get; private set; } = "";

    public string ContentText { get; private set; } = "";

    public string Pipeline => $"{ExperimentName}-pipeline";

    public string Sweep { get; private set; } = "";

    public string Trigger { get; private set; } = "none";

    public string Job { get; private set; } = "none";

    public string File => $"{Experiment}/{Run}/artifacts/file.txt";

    /// <param name="owner">Whose they are.</param>
    /// <param name="admin">Registers a pipeline with a trigger and a job, where given: that is for admins.</param>
    public static async Task<Belongings> MakeAsync(Person owner, Person? admin = null)
    {
        var number = Interlocked.Increment(ref count);
        var name = $"{Secret}-{number}";
        var made = new Belongings { ExperimentName = $"{name}-project", Model = $"{name}-model", Artifact = $"{name}-data", ClientRun = $"run{number}", ContentText = $"{name} content" };
        made.Experiment = Text(await owner.PostAsync("/api/2.0/mlflow/experiments/create", $$"""{"name":"{{made.ExperimentName}}","tags":[{"key":"t","value":"v"}]}"""), "experiment_id");
        made.Run = Text(
            await owner.PostAsync("/api/2.0/mlflow/runs/create", $$"""{"experiment_id":"{{made.Experiment}}","run_name":"{{name}}-run","tags":[{"key":"t","value":"{{name}}"}]}"""),
            "run", "info", "run_id");
        (await owner.PostAsync("/api/2.0/mlflow/runs/log-batch", $$"""{"run_id":"{{made.Run}}","metrics":[{"key":"m","value":1,"timestamp":1,"step":1}],"params":[{"key":"p","value":"{{name}}"}]}""")).Expect(200);
        (await owner.PutBytesAsync($"/api/2.0/mlflow-artifacts/artifacts/{made.File}", $"{name} file")).Expect(200);

        made.Content = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made.ContentText)));
        (await owner.PutBytesAsync($"/api/v1/blobs/{made.Content}", made.ContentText)).Expect(204);
        (await owner.PostAsync(
            "/api/v1/artifacts/versions",
            $$"""{"name":"{{made.Artifact}}","type":"dataset","runId":"{{made.Run}}","manifest":[{"path":"a.txt","digest":"{{made.Content}}","size":{{Encoding.UTF8.GetByteCount(made.ContentText)}} }]}""")).Expect(200);

        (await owner.PostAsync("/api/2.0/mlflow/registered-models/create", $$"""{"name":"{{made.Model}}","tags":[{"key":"t","value":"v"}]}""")).Expect(200);
        (await owner.PostAsync(
            "/api/2.0/mlflow/model-versions/create",
            $$"""{"name":"{{made.Model}}","run_id":"{{made.Run}}","source":"runs:/{{made.Run}}/","tags":[{"key":"t","value":"v"}]}""")).Expect(200);
        (await owner.PostAsync("/api/2.0/mlflow/registered-models/alias", $$"""{"name":"{{made.Model}}","alias":"prod","version":"1"}""")).Expect(200);

        made.LoggedModel = Text(
            await owner.PostAsync("/api/2.0/mlflow/logged-models", $$"""{"experiment_id":"{{made.Experiment}}","name":"{{name}}-logged","source_run_id":"{{made.Run}}","tags":[{"key":"t","value":"v"}]}"""),
            "model", "info", "model_id");
        (await owner.PutBytesAsync($"/api/2.0/mlflow-artifacts/artifacts/{made.Experiment}/models/{made.LoggedModel}/artifacts/weights.txt", $"{name} weights")).Expect(200);
        made.Trace = $"tr-{Guid.NewGuid():N}";
        (await owner.PostAsync(
            "/api/3.0/mlflow/traces",
            $$$$"""{"trace":{"trace_info":{"trace_id":"{{{{made.Trace}}}}","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{{{made.Experiment}}}}"}},"request_time":"2026-01-01T00:00:00Z","state":"OK","request_preview":"{{{{name}}}}","tags":{"t":"v"} } } }""")).Expect(200);
        made.Assessment = Text(
            await owner.PostAsync(
                $"/api/3.0/mlflow/traces/{made.Trace}/assessments",
                $$$$"""{"assessment":{"assessment_name":"{{{{name}}}}","trace_id":"{{{{made.Trace}}}}","source":{"source_type":"HUMAN","source_id":"x"},"feedback":{"value":true}}}"""),
            "assessment", "assessment_id");
        made.EvaluationSet = Text(
            await owner.PostAsync("/api/3.0/mlflow/datasets/create", $$$"""{"name":"{{{name}}}-set","experiment_ids":["{{{made.Experiment}}}"],"tags":"{\"t\":\"v\"}"}"""), "dataset", "dataset_id");
        (await owner.PostAsync("/api/3.0/mlflow/scorers/register", $$"""{"experiment_id":"{{made.Experiment}}","name":"scorer","serialized_scorer":"{}"}""")).Expect(200);
        (await owner.SendAsync("PUT", $"/api/v1/experiments/{made.Experiment}/views?page=runs&name=view", $$"""{"state":"{{name}}"}""")).Expect(200);
        (await UpsertAsync(owner, made.ExperimentName, made.ClientRun)).Expect(200);
        made.Sweep = Text(
            await owner.AskAsync(
                "mutation($project: String!, $config: String!) { upsertSweep(input: {projectName: $project, config: $config}) { sweep { name } } }",
                new JsonObject { ["project"] = made.ExperimentName, ["config"] = """{"method":"random","parameters":{"lr":{"values":[1,2]}}}""" }),
            "data", "upsertSweep", "sweep", "name");
        if (admin is not null)
        {
            (await admin.SendAsync(
                "PUT",
                $"/api/v1/pipelines/{made.Pipeline}",
                $$"""{"experiment":"{{made.ExperimentName}}","source":{"kind":"folder","location":"/nowhere"},"triggers":[{"name":"hook","kind":"webhook","secret":"a-secret-of-a-trigger"}]}""")).Expect(200);
            made.Trigger = (await owner.GetAsync($"/api/v1/triggers?pipeline={made.Pipeline}")).Expect(200).Json["triggers"]![0]!["id"]!.GetValue<string>();
            made.Job = Text(await owner.PostAsync($"/api/v1/triggers/{made.Trigger}/fire", "{}"), "id");
        }

        return made;
    }

    public static async Task<Answer> UpsertAsync(Person person, string project, string run) => await person.AskAsync(
        "mutation Up($project: String!, $name: String!) { upsertBucket(input: {modelName: $project, name: $name, config: \"{}\"}) { bucket { id name } inserted } }",
        new JsonObject { ["project"] = project, ["name"] = run });

    private static string Text(Answer answer, params string[] path)
    {
        var node = answer.Expect(200).Json;
        foreach (var member in path)
        {
            node = node[member]!;
        }

        return node.GetValue<string>();
    }
}
