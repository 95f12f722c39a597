using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;
using Microsoft.Data.Sqlite;

namespace Cairn.Migration.Mlflow;

/// <content>Datasets, logged models, registered models and traces. Tables that an older MLflow lacks hold nothing.</content>
public sealed partial class MlflowDatabase
{
    private static readonly string[] ModelStatuses = ["unspecified", "pending", "ready", "failed"];

    public async IAsyncEnumerable<SourceThing> ReadThingsAsync(
        string kind,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var things = kind switch
        {
            ThingKinds.LoggedModels => ReadLoggedModels(),
            ThingKinds.Traces => ReadTraces(),
            _ => [],
        };
        foreach (var thing in things)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return thing;
        }

        if (kind == ThingKinds.Artifacts)
        {
            var homes = Query("SELECT run_uuid, experiment_id FROM runs", row => (Run: row.GetString(0), Experiment: Text(row, 1))).ToDictionary(one => one.Run, one => one.Experiment, StringComparer.Ordinal);
            var models = Has("logged_models")
                ? Query("SELECT model_id, artifact_location FROM logged_models", row => (Id: row.GetString(0), Place: Text(row, 1))).ToDictionary(one => one.Id, one => one.Place, StringComparer.Ordinal)
                : [];
            foreach (var model in ReadRegistry())
            {
                cancellation.ThrowIfCancellationRequested();
                yield return await model.ToThingAsync(
                    $"registered_models, name '{model.Name}'",
                    run => homes.GetValueOrDefault(run),
                    filesOf,
                    id => models.TryGetValue(id, out var place) ? places.ListFiles(place) : []);
            }
        }
    }

    public async IAsyncEnumerable<(string Path, string LocalFile)> ReadServerFilesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (id, experiment, place) in Has("logged_models")
            ? Query("SELECT model_id, experiment_id, artifact_location FROM logged_models WHERE lifecycle_stage = 'active'", row => (row.GetString(0), Text(row, 1), Text(row, 2)))
            : [])
        {
            foreach (var (path, local) in places.ListFiles(place))
            {
                yield return ($"{experiment}/models/{id}/artifacts/{path}", local);
            }
        }

        foreach (var (id, experiment, place) in TracePlaces())
        {
            foreach (var (path, local) in places.ListFiles(place))
            {
                yield return ($"{experiment}/traces/{id}/artifacts/{path}", local);
            }
        }

        await Task.CompletedTask;
    }

    private bool Has(string table) => tables.Contains(table);

    private List<(string Id, string Experiment, string Place)> TracePlaces() => !Has("trace_info") ? [] : Query(
        "SELECT i.request_id, i.experiment_id, t.value FROM trace_info AS i JOIN trace_tags AS t ON t.request_id = i.request_id AND t.key = 'mlflow.artifactLocation'",
        row => (row.GetString(0), Text(row, 1), Text(row, 2)));

    private void AddLinks(MlflowRun run)
    {
        if (!Has("inputs"))
        {
            return;
        }

        var step = Query("SELECT 1 FROM pragma_table_info('inputs') WHERE name = 'step'", row => 0).Count > 0 ? "i.step" : "0";
        foreach (var (input, data) in Query(
            """
            SELECT i.input_uuid, d.name, d.digest, d.dataset_source_type, d.dataset_source, d.dataset_schema, d.dataset_profile
            FROM inputs AS i JOIN datasets AS d ON d.dataset_uuid = i.source_id
            WHERE i.source_type = 'DATASET' AND i.destination_type = 'RUN' AND i.destination_id = @id ORDER BY i.rowid
            """,
            row => (Id: Text(row, 0), new ImportDataset(Text(row, 1), Text(row, 2), Text(row, 3), Text(row, 4), Optional(row, 5), Optional(row, 6))),
            run.Id))
        {
            var tags = Query("SELECT name, value FROM input_tags WHERE input_uuid = @id ORDER BY name", row => new KeyValuePair<string, string>(row.GetString(0), Text(row, 1)), input);
            run.Datasets.Add(tags.Count == 0 ? data : data with { Tags = new Dictionary<string, string>(tags, StringComparer.Ordinal) });
        }

        run.ModelInputs.AddRange(Query(
            "SELECT i.destination_id FROM inputs AS i WHERE i.source_type = 'RUN_INPUT' AND i.destination_type = 'MODEL_INPUT' AND i.source_id = @id ORDER BY i.rowid",
            row => row.GetString(0),
            run.Id));
        run.ModelOutputs.AddRange(Query(
            $"SELECT i.destination_id, {step} FROM inputs AS i WHERE i.source_type = 'RUN_OUTPUT' AND i.destination_type = 'MODEL_OUTPUT' AND i.source_id = @id ORDER BY i.rowid",
            row => new ImportModelOutput(row.GetString(0), row.GetInt64(1)),
            run.Id));
    }

    private IEnumerable<RegistryModel> ReadRegistry()
    {
        foreach (var model in !Has("registered_models") ? [] : Query(
            "SELECT name, description, creation_time, last_updated_time FROM registered_models ORDER BY name",
            row => new RegistryModel { Name = row.GetString(0), Description = Optional(row, 1), CreatedAt = Whole(row, 2), UpdatedAt = row.IsDBNull(3) ? Whole(row, 2) : Whole(row, 3) }))
        {
            AddPairs("SELECT key, value FROM registered_model_tags WHERE name = @id", model.Name, model.Tags);
            foreach (var (alias, version) in Has("registered_model_aliases")
                ? Query("SELECT alias, version FROM registered_model_aliases WHERE name = @id", row => (row.GetString(0), (int)Whole(row, 1)), model.Name)
                : [])
            {
                model.Aliases[alias] = version;
            }

            var location = Query("SELECT 1 FROM pragma_table_info('model_versions') WHERE name = 'storage_location'", row => 0).Count > 0 ? "storage_location" : "NULL";
            model.Versions.AddRange(Query(
                $"""
                SELECT version, source, {location}, run_id, run_link, current_stage, description, user_id, creation_time, last_updated_time
                FROM model_versions WHERE name = @id AND current_stage <> 'Deleted_Internal' ORDER BY version
                """,
                row => new RegistryVersion(
                    (int)Whole(row, 0),
                    Text(row, 1),
                    Optional(row, 2),
                    Optional(row, 3),
                    Optional(row, 4),
                    Optional(row, 5),
                    Optional(row, 6),
                    Optional(row, 7),
                    Whole(row, 8),
                    row.IsDBNull(9) ? Whole(row, 8) : Whole(row, 9),
                    new Dictionary<string, string>(StringComparer.Ordinal)),
                model.Name));
            foreach (var (version, key, value) in Query("SELECT version, key, value FROM model_version_tags WHERE name = @id", row => (Whole(row, 0), row.GetString(1), Text(row, 2)), model.Name))
            {
                if (model.Versions.FirstOrDefault(one => one.Number == version) is { } found)
                {
                    found.Tags[key] = value;
                }
            }

            yield return model;
        }
    }

    private IEnumerable<SourceThing> ReadLoggedModels()
    {
        foreach (var thing in !Has("logged_models") ? [] : Query(
            """
            SELECT model_id, experiment_id, name, model_type, source_run_id, status, creation_timestamp_ms, last_updated_timestamp_ms
            FROM logged_models WHERE lifecycle_stage = 'active' ORDER BY model_id
            """,
            row => new JsonObject
            {
                ["id"] = row.GetString(0),
                ["experimentId"] = Text(row, 1),
                ["name"] = Text(row, 2),
                ["type"] = Optional(row, 3),
                ["sourceRunId"] = Optional(row, 4),
                ["status"] = Whole(row, 5) is var status && status >= 0 && status < ModelStatuses.Length ? ModelStatuses[status] : ModelStatuses[0],
                ["createdAt"] = Whole(row, 6),
                ["updatedAt"] = Whole(row, 7),
            }))
        {
            var id = (string)thing["id"]!;
            thing["params"] = Things.Pairs(Query("SELECT param_key, param_value FROM logged_model_params WHERE model_id = @id", row => new KeyValuePair<string, string>(row.GetString(0), Text(row, 1)), id));
            thing["tags"] = Things.Pairs(Query("SELECT tag_key, tag_value FROM logged_model_tags WHERE model_id = @id", row => new KeyValuePair<string, string>(row.GetString(0), Text(row, 1)), id));
            thing["metrics"] = new JsonArray([.. Query(
                """
                SELECT metric_name, metric_value, metric_step, metric_timestamp_ms, run_id, dataset_name, dataset_digest
                FROM logged_model_metrics WHERE model_id = @id
                """,
                row => (JsonNode)new JsonObject
                {
                    ["key"] = row.GetString(0),
                    ["value"] = row.IsDBNull(1) ? null : Things.Number(Clamped(row.GetDouble(1))),
                    ["step"] = row.GetInt64(2),
                    ["time"] = row.GetInt64(3),
                    ["runId"] = row.GetString(4),
                    ["datasetName"] = Optional(row, 5),
                    ["datasetDigest"] = Optional(row, 6),
                },
                id).Where(metric => ids.Contains((string)metric["runId"]!))]);
            yield return new SourceThing($"logged_models, model_id '{id}'", Things.Element(thing), []);
        }
    }

    private IEnumerable<SourceThing> ReadTraces()
    {
        if (!Has("trace_info"))
        {
            yield break;
        }

        var newer = Query("SELECT name FROM pragma_table_info('trace_info')", row => row.GetString(0)).Contains("client_request_id");
        var here = TracePlaces().Where(trace => places.ListFiles(trace.Place).Count > 0).ToDictionary(trace => trace.Id, trace => trace.Experiment, StringComparer.Ordinal);
        foreach (var thing in Query(
            $"""
            SELECT request_id, experiment_id, timestamp_ms, execution_time_ms, status, {(newer ? "client_request_id, request_preview, response_preview" : "NULL, NULL, NULL")}
            FROM trace_info ORDER BY request_id
            """,
            row => new JsonObject
            {
                ["id"] = row.GetString(0),
                ["experimentId"] = Text(row, 1),
                ["at"] = Whole(row, 2),
                ["duration"] = row.IsDBNull(3) ? null : Whole(row, 3),
                ["state"] = TraceThing.State(Text(row, 4)),
                ["clientRequestId"] = Optional(row, 5),
                ["requestPreview"] = Optional(row, 6),
                ["responsePreview"] = Optional(row, 7),
            }))
        {
            var id = (string)thing["id"]!;
            var tags = new Dictionary<string, string>(StringComparer.Ordinal);
            AddPairs("SELECT key, value FROM trace_tags WHERE request_id = @id", id, tags);
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            AddPairs("SELECT key, value FROM trace_request_metadata WHERE request_id = @id", id, metadata);
            TraceThing.Complete(thing, tags, metadata, here.ContainsKey(id), ids.Contains);
            if (Has("assessments"))
            {
                thing["assessments"] = new JsonArray([.. Query(
                    """
                    SELECT assessment_id, span_id, name, assessment_type, source_type, source_id, value, error, rationale, assessment_metadata, overrides, valid,
                        created_timestamp, last_updated_timestamp
                    FROM assessments WHERE trace_id = @id ORDER BY created_timestamp, assessment_id
                    """,
                    row => (JsonNode)TraceThing.Assessment(
                        row.GetString(0), Optional(row, 1), Text(row, 2), Text(row, 3), Optional(row, 4), Optional(row, 5), Optional(row, 6), Optional(row, 7),
                        Optional(row, 8), Optional(row, 9), Optional(row, 10), Whole(row, 11) != 0, Whole(row, 12), Whole(row, 13)),
                    id)]);
            }

            if (Has("spans"))
            {
                thing["spans"] = new JsonArray([.. Query(
                    "SELECT span_id, parent_span_id, name, type, status, start_time_unix_nano, end_time_unix_nano, content FROM spans WHERE trace_id = @id ORDER BY start_time_unix_nano, span_id",
                    row => (JsonNode)new JsonObject
                    {
                        ["id"] = row.GetString(0),
                        ["parentId"] = Optional(row, 1),
                        ["name"] = Text(row, 2),
                        ["type"] = Optional(row, 3),
                        ["status"] = Text(row, 4),
                        ["startedAt"] = Whole(row, 5),
                        ["endedAt"] = row.IsDBNull(6) ? null : Whole(row, 6),
                        ["content"] = Text(row, 7),
                    },
                    id)]);
            }

            yield return new SourceThing($"trace_info, request_id '{id}'", Things.Element(thing), []);
        }
    }

    private static string? Optional(SqliteDataReader row, int column) => Text(row, column) is { Length: > 0 } text ? text : null;

    private static long Whole(SqliteDataReader row, int column) => row.IsDBNull(column) ? 0 : Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
}
