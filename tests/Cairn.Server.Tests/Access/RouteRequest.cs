using System.Text.RegularExpressions;

namespace Cairn.Server.Tests.Access;

/// <summary>A request to a route that is about somebody's things, good enough to get to the question whether it is allowed.</summary>
internal static partial class RouteRequest
{
    public static (string Path, string? Body) Of(string method, string pattern, Belongings theirs)
    {
        var path = Parameter().Replace(pattern, match => Value(match.Groups["name"].Value, pattern, theirs));
        var query = method is "GET" || pattern.Contains("/views", StringComparison.Ordinal) || pattern.Contains("/models/permissions", StringComparison.Ordinal) || pattern.EndsWith("upload-artifact", StringComparison.Ordinal)
            ? Query(pattern, theirs)
            : "";
        return (path + query, method is "GET" ? null : Body(method, pattern, theirs));
    }

    private static string Value(string name, string pattern, Belongings theirs) => name switch
    {
        "experimentId" => theirs.Experiment,
        "runId" or "id" => theirs.Run,
        "name" when pattern.Contains("/users/", StringComparison.Ordinal) => "carol",
        "name" when pattern.Contains("/pipelines/", StringComparison.Ordinal) => PipelineOf(theirs),
        "name" when pattern.Contains("/sweeps/", StringComparison.Ordinal) => theirs.Sweep,
        "name" => theirs.Artifact,
        "version" => "v0",
        "alias" => "prod",
        "user" => "carol",
        "sha256" => theirs.Content,
        "path" when pattern.Contains("mlflow-artifacts/artifacts", StringComparison.Ordinal) => theirs.File,
        "path" when pattern.Contains("mlflow-artifacts/mpu", StringComparison.Ordinal) => $"{theirs.Experiment}/{theirs.Run}/artifacts",
        "path" when pattern.Contains("/versions/", StringComparison.Ordinal) => "a.txt",
        "path" => "file.txt",
        "model_id" => theirs.LoggedModel,
        "trace_id" => theirs.Trace,
        "assessment_id" => theirs.Assessment,
        "dataset_id" => theirs.EvaluationSet,
        "tag_key" or "key" => "t",
        "kind" => "artifacts",
        "entity" => "cairn",
        "project" => theirs.ExperimentName,
        "run" => theirs.ClientRun,
        "keyId" or "sessionId" => "999999",
        "triggerId" => TriggerOf(theirs),
        "jobId" => JobOf(theirs),
        _ => "none",
    };

    public static string PipelineOf(Belongings theirs) => theirs.Pipeline;

    public static string TriggerOf(Belongings theirs) => theirs.Trigger;

    public static string JobOf(Belongings theirs) => theirs.Job;

    private static string Query(string pattern, Belongings theirs)
    {
        var name = pattern.Contains("/scorers/", StringComparison.Ordinal) ? "scorer" : pattern.Contains("/views", StringComparison.Ordinal) ? "view" : theirs.Model;
        var path = pattern.EndsWith("mlflow-artifacts/artifacts", StringComparison.Ordinal) ? "" : pattern.EndsWith("artifacts/list", StringComparison.Ordinal) ? "" : "file.txt";
        return $"?experiment_id={theirs.Experiment}&experiment_ids={theirs.Experiment}&experiment_name={theirs.ExperimentName}&run_id={theirs.Run}&run_ids={theirs.Run}&run_uuid={theirs.Run}&run={theirs.Run}"
            + $"&metric_key=m&name={name}&model={theirs.Model}&version=1&alias=prod&path={path}&artifact_file_path=weights.txt&request_id={theirs.Trace}&trace_id={theirs.Trace}&trace_ids={theirs.Trace}"
            + $"&username=carol&field=params.p&key=m&page=runs&experiment={theirs.Experiment}&ref={theirs.ExperimentName}/{theirs.Artifact}:v0&model_id={theirs.LoggedModel}&sql_warehouse_id=x&source_inference_table=x&source_databricks_request_id=x";
    }

    /// <summary>Everything that any route of MLflow's asks for; the native API is particular.</summary>
    private static string Body(string method, string pattern, Belongings theirs)
    {
        if (pattern.StartsWith("/api/v1/", StringComparison.Ordinal))
        {
            return Native(method, pattern["/api/v1".Length..], theirs);
        }

        var isScorer = pattern.Contains("/scorers/", StringComparison.Ordinal);
        var isSet = pattern.Contains("/datasets/", StringComparison.Ordinal);
        var isWhole = pattern.EndsWith("/traces", StringComparison.Ordinal) && pattern.Contains("3.0", StringComparison.Ordinal);
        var name = pattern.EndsWith("experiments/create", StringComparison.Ordinal) || pattern.EndsWith("registered-models/create", StringComparison.Ordinal) ? $"new-{Guid.NewGuid():N}" : isScorer ? "scorer" : theirs.Model;
        return $$"""
            {"experiment_id":"{{theirs.Experiment}}","experiment_ids":["{{theirs.Experiment}}"],"run_id":"{{theirs.Run}}","run_uuid":"{{theirs.Run}}","new_name":"renamed-{{Guid.NewGuid():N}}",
             "name":"{{name}}","key":"t","value":{{(pattern.EndsWith("log-metric", StringComparison.Ordinal) ? "1" : "\"v\"")}},"timestamp":1,"timestamp_ms":1,"step":0,"version":"1","alias":"prod","stage":"Staging","archive_existing_versions":false,
             "source":"s3://x/y","path":"file.bin","num_parts":1,"upload_id":"none","parts":[],"username":"carol","permission":"READ","password":"a long password again","is_admin":false,
             "metrics":[],"params":[],"tags":{{(isSet ? "\"{}\"" : "[]")}},"datasets":[],"models":[{"model_id":"{{theirs.LoggedModel}}","step":0}],"model_json":"{\"run_id\":\"{{theirs.Run}}\",\"artifact_path\":\"m\",\"utc_time_created\":\"2026-01-01\",\"flavors\":{} }",
             "status":{{(pattern.Contains("logged-models", StringComparison.Ordinal) ? "\"LOGGED_MODEL_READY\"" : pattern.Contains("/traces/", StringComparison.Ordinal) ? "\"OK\"" : pattern.Contains("webhooks", StringComparison.Ordinal) ? "\"ACTIVE\"" : "\"RUNNING\"")}},
             "request_ids":["{{theirs.Trace}}"],"trace_ids":["{{theirs.Trace}}"],"request_metadata":[],"serialized_scorer":"{}","records":"[{\"inputs\":{\"q\":1} }]","url":"https://hooks.example.com/","events":[{"entity":"REGISTERED_MODEL","action":"CREATED"}],
             "locations":[{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{theirs.Experiment}}"} }],"filter_string1":"tags.t = 'v'","filter_string2":"tags.t = 'v'",
             "trace":{"trace_info":{"trace_id":"{{(isWhole ? $"tr-{Guid.NewGuid():N}" : theirs.Trace)}}","trace_location":{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":"{{theirs.Experiment}}"} },"request_time":"2026-01-01T00:00:00Z","state":"OK"} },
             "assessment":{"assessment_name":"n","trace_id":"{{theirs.Trace}}","source":{"source_type":"HUMAN","source_id":"x"},"feedback":{"value":true},"rationale":"r"},"update_mask":"rationale",
             "prompt_template":"t","prompt_parameters":[{"key":"a","value":"b"}],"model_route":"r","model_parameters":[{"key":"a","value":"b"}],"model_input":"i","model_output":"o","mlflow_version":"3.6.0","user_id":"u","start_time":1,"model_output_parameters":[{"key":"a","value":"b"}]}
            """;
    }

    private static string Native(string method, string path, Belongings theirs) => (method, path) switch
    {
        ("POST", "/experiments") => $$"""{"name":"new-{{Guid.NewGuid():N}}"}""",
        ("PUT", "/experiments/{experimentId}/views") => """{"state":"{}"}""",
        ("PUT", _) when path.Contains("/permissions/", StringComparison.Ordinal) => """{"permission":"READ"}""",
        ("POST", "/runs") => $$"""{"experimentId":"{{theirs.Experiment}}"}""",
        ("POST", "/runs/bulk") => $$"""{"changes":[{"runIds":["{{theirs.Run}}"],"tags":{"a":"b"} }]}""",
        ("POST", "/series") => $$"""{"runs":["{{theirs.Run}}"],"keys":["m"]}""",
        ("POST", "/media") => $$"""{"runs":["{{theirs.Run}}"]}""",
        ("POST", "/runs/{runId}/inputs") => $$"""{"artifact":"{{theirs.ExperimentName}}/{{theirs.Artifact}}:v0"}""",
        ("POST", "/runs/{runId}/checks") => """{"name":"c","passed":true}""",
        ("POST", "/artifacts/versions") => $$"""{"name":"{{theirs.Artifact}}","type":"dataset","experimentId":"{{theirs.Experiment}}","manifest":[{"path":"b.txt","digest":"{{theirs.Content}}","size":{{theirs.ContentText.Length}} }]}""",
        ("PUT", _) when path.Contains("/aliases/", StringComparison.Ordinal) => """{"version":"v0"}""",
        ("PUT" or "POST", _) when path.Contains("/gates/", StringComparison.Ordinal) => """{"checks":["c"]}""",
        ("POST", _) when path.EndsWith("/approvals", StringComparison.Ordinal) => """{"alias":"prod","who":"bob","verdict":"approve"}""",
        ("POST", "/sweeps/{experimentId}/{name}/state") => """{"state":"paused"}""",
        ("POST", "/blobs/missing") => $$"""{"digests":["{{theirs.Content}}"]}""",
        ("PUT", "/blobs/{sha256}") => theirs.ContentText,
        ("PUT", "/pipelines/{name}") => $$"""{"experiment":"{{theirs.ExperimentName}}","source":{"kind":"folder","location":"/x"} }""",
        ("POST", "/webhooks") => """{"name":"w","url":"https://hooks.example.com/","events":["promotion.accepted"]}""",
        ("PUT", _) when path.Contains("/files/", StringComparison.Ordinal) => "text",
        ("POST", "/users") => """{"name":"never","password":"a long password again"}""",
        ("POST", _) when path.EndsWith("/keys", StringComparison.Ordinal) => """{"name":"k"}""",
        ("POST", "/session") => """{"name":"alice","password":"a long password of alice"}""",
        _ => "{}",
    };

    [GeneratedRegex(@"\{\**(?<name>\w+)\}")]
    private static partial Regex Parameter();
}
