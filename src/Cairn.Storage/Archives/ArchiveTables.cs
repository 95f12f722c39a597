using Cairn.Core.Archives;

namespace Cairn.Storage.Archives;

/// <summary>What every kind of thing is made of.</summary>
internal static class ArchiveTables
{
    private const string RunByKey = "(SELECT run.id FROM run WHERE run.key = run_key)";

    private static readonly ArchiveColumn Experiment = new ArchiveColumn("experimentId", FieldKind.Experiment, "experiment_id").Needed();
    private static readonly ArchiveColumn Created = Number("createdAt", "created_at").Needed();
    private static readonly ArchiveColumn Updated = Number("updatedAt", "updated_at").Needed();

    public static ArchiveTable Of(ArchiveKind kind) => kind switch
    {
        ArchiveKind.LoggedModels => LoggedModels,
        ArchiveKind.Artifacts => ArtifactTables.Artifacts,
        ArchiveKind.Portfolios => ArtifactTables.Portfolios,
        ArchiveKind.Gates => Gates,
        ArchiveKind.Approvals => Approvals,
        ArchiveKind.Decisions => Decisions,
        ArchiveKind.Traces => Traces,
        ArchiveKind.EvaluationSets => EvaluationSets,
        ArchiveKind.Scorers => Scorers,
        ArchiveKind.Sweeps => Sweeps,
        ArchiveKind.Views => Views,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };

    public static ArchiveColumn Text(string field, string? column = null) => new(field, FieldKind.Text, column ?? field);

    public static ArchiveColumn Json(string field) => new(field, FieldKind.Json, field);

    public static ArchiveColumn Number(string field, string? column = null) => new(field, FieldKind.Number, column ?? field);

    public static ArchiveColumn Word(string field, params IReadOnlyList<string?> words) => new ArchiveColumn(field, FieldKind.Word, field) { Words = words }.Needed();

    /// <summary>Names with texts, of any owner.</summary>
    public static ArchiveTable Pairs(string field, string table, string owner) =>
        new(field, table, null, owner, [Text("key", "name").Needed(), Text("value").Needed()], "name");

    private static readonly ArchiveTable LoggedModels = new(
        "loggedModels",
        "logged_model",
        "key",
        null,
        [
            Text("id").Needed(), Experiment, Text("name").Needed(), Text("type", "model_type"), Text("sourceRunId", "source_run_id"),
            Word("status", "unspecified", "pending", "ready", "failed"), Created, Updated,
        ],
        "id")
    {
        Where = "lifecycle = 0",
        Constants = [("lifecycle", "0")],
        Identity = ["id"],
        Parts =
        [
            Pairs("params", "logged_model_param", "model_key"),
            Pairs("tags", "logged_model_tag", "model_key"),
            new(
                "metrics",
                "logged_model_metric",
                null,
                "model_key",
                [
                    Text("key", "name").Needed(), new("value", FieldKind.Real, "value"), Number("step").Needed(), Number("time").Needed(),
                    new ArchiveColumn("runId", FieldKind.Run, RunByKey, "(SELECT run.key FROM run WHERE run.id = :value)") { Target = "run_key" }.Needed(),
                    Text("datasetName", "dataset_name"), Text("datasetDigest", "dataset_digest"),
                ],
                $"name, time, step, {RunByKey}"),
        ],
    };

    private static readonly ArchiveTable Traces = new(
        "traces",
        "trace",
        "key",
        null,
        [
            Text("id").Needed(), Experiment, Number("at").Needed(), Number("duration"), Word("state", "unspecified", "ok", "error", "inProgress"),
            Text("clientRequestId", "client_request_id"), Text("requestPreview", "request_preview"), Text("responsePreview", "response_preview"),
        ],
        "id")
    {
        Identity = ["id"],
        Parts =
        [
            Pairs("tags", "trace_tag", "trace_key"),
            Pairs("metadata", "trace_metadata", "trace_key"),
            new("runs", "trace_run", null, "trace_key", [new ArchiveColumn("runId", FieldKind.Run, "run_id").Needed()], "run_id"),
            new(
                "spans",
                "span",
                null,
                "trace_key",
                [
                    Text("id").Needed(), Text("parentId", "parent_id"), Text("name").Needed(), Text("type"), Text("status").Needed(),
                    Number("startedAt", "started_at").Needed(), Number("endedAt", "ended_at"), Number("inputTokens", "input_tokens"),
                    Number("outputTokens", "output_tokens"), Number("totalTokens", "total_tokens"), Json("content").Needed(),
                ],
                "parent_id IS NOT NULL, started_at, span.key"),
            new(
                "assessments",
                "assessment",
                null,
                "trace_key",
                [
                    Text("id").Needed(), Text("spanId", "span_id"), Text("name").Needed(), Word("kind", "feedback", "expectation") with { Column = "is_expectation" },
                    Text("sourceType", "source_type"), Text("sourceId", "source_id"), Json("value"), Text("errorCode", "error_code"),
                    Text("errorMessage", "error_message"), Text("errorStack", "error_stack"), Text("rationale"), Json("metadata").Needed(),
                    Text("overrides"), Word("validity", "invalid", "valid") with { Column = "is_valid" }, Created, Updated,
                ],
                "assessment.key"),
        ],
    };

    private static readonly ArchiveTable EvaluationSets = new(
        "evaluationSets",
        "evaluation_set",
        "key",
        null,
        [
            Text("id").Needed(), Text("name").Needed(), Text("digest").Needed(), Json("schema"), Created, Updated,
            Text("createdBy", "created_by"), Text("updatedBy", "updated_by"),
        ],
        "id")
    {
        Identity = ["id"],
        Parts =
        [
            Pairs("tags", "evaluation_set_tag", "set_key"),
            new("experiments", "evaluation_set_experiment", null, "set_key", [Experiment], "experiment_id"),
            new(
                "records",
                "evaluation_record",
                null,
                "set_key",
                [
                    Text("id").Needed(), Text("inputKey", "input_key").Needed(), Json("inputs").Needed(), Json("outputs"), Json("expectations"),
                    Json("tags"), Json("source"), Created, Updated, Text("createdBy", "created_by"), Text("updatedBy", "updated_by"),
                ],
                "created_at, id"),
        ],
    };

    private static readonly ArchiveTable Gates = new(
        "gates",
        "gate",
        null,
        null,
        [
            Experiment, Text("name").Needed(), Text("alias").Needed(), Text("condition"), Json("checks").Needed(), Number("approvals").Needed(),
            Json("approvers").Needed(), Json("data"), Text("stage"), Text("setBy", "set_by"), Text("source"), Number("setAt", "set_at").Needed(),
        ],
        "experiment_id, name, alias")
    {
        Identity = ["experimentId", "name", "alias"],
    };

    private static readonly ArchiveTable Approvals = new(
        "approvals",
        "approval",
        null,
        null,
        [
            Experiment, Text("name").Needed(), Number("number").Needed(), Text("alias").Needed(), Text("who").Needed(), Number("isGranted", "is_granted").Needed(),
            Text("why"), Number("at").Needed(),
        ],
        "experiment_id, name, number, alias, who")
    {
        Identity = ["experimentId", "name", "number", "alias", "who"],
    };

    private static readonly ArchiveTable Decisions = new(
        "decisions",
        "decision",
        null,
        null,
        [
            Experiment, Text("name").Needed(), Text("alias").Needed(), Text("stage"), Number("from", "from_number"), Number("to", "to_number"),
            Number("outcome").Needed(), Text("who"), Text("why"), new("runId", FieldKind.Run, "run_id"), Number("at").Needed(), Json("verdict"),
        ],
        "id")
    {
        Identity = ["experimentId", "name", "alias", "at", "outcome"],
    };

    private static readonly ArchiveTable Views = new(
        "views",
        "saved_view",
        null,
        null,
        [Experiment, Text("page").Needed(), Text("name").Needed(), Text("state").Needed(), Updated],
        "experiment_id, page, name")
    {
        Identity = ["experimentId", "page", "name"],
    };

    private static readonly ArchiveTable Scorers = new(
        "scorers",
        "scorer",
        null,
        null,
        [Experiment, Text("name").Needed(), Number("version").Needed(), Text("id").Needed(), Text("body").Needed(), Created],
        "experiment_id, name, version")
    {
        Identity = ["experimentId", "name", "version"],
    };

    private static readonly ArchiveTable Sweeps = new(
        "sweeps",
        "sweep",
        "id",
        null,
        [
            Experiment, Text("name").Needed(), Text("displayName", "display_name"), Text("description"), Text("config").Needed(),
            Word("state", null, "pending", "running", "paused", "stopped", "canceled", "finished"), Created, Updated,
        ],
        "experiment_id, name")
    {
        Identity = ["experimentId", "name"],
        Parts =
        [
            new("agents", "sweep_agent", null, "sweep_id", [Text("host").Needed(), Number("heartbeatAt", "heartbeat_at").Needed()], "id"),
            new(
                "trials",
                "sweep_trial",
                null,
                "sweep_id",
                [
                    Number("number").Needed(), new ArchiveColumn("runId", FieldKind.Run, "run_id").Needed(), Text("clientRunId", "client_run_id").Needed(),

                    // By its place among the sweep's agents, since their numbers are given anew.
                    new ArchiveColumn(
                        "agent",
                        FieldKind.Number,
                        "(SELECT COUNT(*) FROM sweep_agent WHERE sweep_agent.sweep_id = sweep_trial.sweep_id AND sweep_agent.id < agent_id)",
                        "(SELECT id FROM sweep_agent WHERE sweep_id = :owner ORDER BY id LIMIT 1 OFFSET :value)") { Target = "agent_id" }.Needed(),
                    Json("arguments").Needed(), new ArchiveColumn("point", FieldKind.Bytes, "point").Needed(),
                ],
                "number"),
        ],
    };
}
