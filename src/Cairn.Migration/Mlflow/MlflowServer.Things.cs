using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cairn.Client.Wire;

namespace Cairn.Migration.Mlflow;

/// <content>Datasets, logged models, registered models and traces. What an older server does not have holds nothing.</content>
public sealed partial class MlflowServer
{
    private const string Proxy = "mlflow-artifacts:/";
    private const string PlaceTag = "mlflow.artifactLocation";
    private const string SpansFile = "traces.json";

    private readonly Dictionary<string, string> experimentsOfRuns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<(string Path, string LocalFile)>> modelFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> tracesWithSpans = new(StringComparer.Ordinal);

    public async IAsyncEnumerable<SourceThing> ReadThingsAsync(
        string kind,
        Func<string, Task<IReadOnlyList<RunFileInfo>>> filesOf,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        switch (kind)
        {
            case ThingKinds.LoggedModels:
                await foreach (var model in LoggedModelsAsync(cancellation))
                {
                    yield return ReadLoggedModel(model);
                }

                break;
            case ThingKinds.Artifacts:
                await foreach (var model in RegisteredModelsAsync(cancellation))
                {
                    yield return await model.ToThingAsync(
                        $"the registered model '{model.Name}'",
                        run => experimentsOfRuns.GetValueOrDefault(run),
                        filesOf,
                        id => modelFiles.GetValueOrDefault(id) ?? []);
                }

                break;
            case ThingKinds.Traces:
                await foreach (var trace in TracesAsync(cancellation))
                {
                    var tags = Labels(trace, "tags");
                    var id = TraceId(trace);
                    var thing = ReadTrace(trace, id);
                    TraceThing.Complete(thing, tags, TraceFacts(trace), tracesWithSpans.Contains(id), experimentsOfRuns.ContainsKey);
                    yield return new SourceThing($"the trace '{id}'", Things.Element(thing), []);
                }

                break;
        }
    }

    public async IAsyncEnumerable<(string Path, string LocalFile)> ReadServerFilesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var model in LoggedModelsAsync(cancellation))
        {
            var info = model.GetProperty("info");
            var id = Text(info, "model_id")!;
            var files = modelFiles[id] = [];
            if (Text(info, "artifact_uri") is { } place && place.StartsWith(Proxy, StringComparison.Ordinal))
            {
                await foreach (var (path, local) in ProxyFilesAsync(PathOf(place), cancellation))
                {
                    files.Add((path, local));
                    yield return ($"{Text(info, "experiment_id")}/models/{id}/artifacts/{path}", local);
                }
            }
        }

        await foreach (var trace in TracesAsync(cancellation))
        {
            var id = TraceId(trace);
            if (await SpansAsync(id, cancellation) is { } local)
            {
                tracesWithSpans.Add(id);
                yield return ($"{ExperimentOf(trace)}/traces/{id}/artifacts/{SpansFile}", local);
            }
        }
    }

    private static void AddLinks(JsonElement one, MlflowRun run)
    {
        var inputs = one.TryGetProperty("inputs", out var given) ? given : default;
        foreach (var input in Items(inputs, "dataset_inputs"))
        {
            var data = input.GetProperty("dataset");
            var tags = Pairs(input, "tags");
            run.Datasets.Add(new ImportDataset(
                Text(data, "name") ?? "",
                Text(data, "digest") ?? "",
                Text(data, "source_type") ?? "",
                Text(data, "source") ?? "",
                Text(data, "schema"),
                Text(data, "profile"),
                tags.Count == 0 ? null : tags));
        }

        run.ModelInputs.AddRange(Items(inputs, "model_inputs").Select(model => Text(model, "model_id")!));
        if (one.TryGetProperty("outputs", out var outputs))
        {
            run.ModelOutputs.AddRange(Items(outputs, "model_outputs").Select(model => new ImportModelOutput(Text(model, "model_id")!, Number(model, "step") ?? 0)));
        }
    }

    private async IAsyncEnumerable<RegistryModel> RegisteredModelsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // Prompts are left out unless they are asked for, by servers that know them.
        foreach (var filter in new[] { "", "&filter=" + Uri.EscapeDataString("tags.`mlflow.prompt.is_prompt` = 'true'") })
        {
            string? token = null;
            do
            {
                using var page = await GetAsync($"api/2.0/mlflow/registered-models/search?max_results=100{filter}{TokenQuery(token)}", cancellation);
                foreach (var one in Items(page.RootElement, "registered_models"))
                {
                    yield return await ReadRegisteredAsync(one, cancellation);
                }

                token = Text(page.RootElement, "next_page_token");
            }
            while (!string.IsNullOrEmpty(token));
        }
    }

    private async Task<RegistryModel> ReadRegisteredAsync(JsonElement one, CancellationToken cancellation)
    {
        var created = Number(one, "creation_timestamp") ?? 0;
        var model = new RegistryModel
        {
            Name = Text(one, "name")!,
            Description = Filled(Text(one, "description")),
            CreatedAt = created,
            UpdatedAt = Number(one, "last_updated_timestamp") ?? created,
        };
        foreach (var (key, value) in Pairs(one, "tags"))
        {
            model.Tags[key] = value;
        }

        foreach (var alias in Items(one, "aliases"))
        {
            model.Aliases[Text(alias, "alias")!] = (int)(Number(alias, "version") ?? 0);
        }

        var quote = model.Name.Contains('\'', StringComparison.Ordinal) ? '"' : '\'';
        string? token = null;
        do
        {
            using var page = await GetAsync($"api/2.0/mlflow/model-versions/search?max_results=1000&filter={Uri.EscapeDataString($"name={quote}{model.Name}{quote}")}{TokenQuery(token)}", cancellation);
            foreach (var version in Items(page.RootElement, "model_versions"))
            {
                var at = Number(version, "creation_timestamp") ?? 0;
                model.Versions.Add(new RegistryVersion(
                    (int)(Number(version, "version") ?? 0),
                    Text(version, "source") ?? "",
                    null,
                    Filled(Text(version, "run_id")),
                    Filled(Text(version, "run_link")),
                    Text(version, "current_stage"),
                    Filled(Text(version, "description")),
                    Filled(Text(version, "user_id")),
                    at,
                    Number(version, "last_updated_timestamp") ?? at,
                    Pairs(version, "tags")));
                foreach (var alias in Items(version, "aliases"))
                {
                    model.Aliases.TryAdd(alias.GetString()!, (int)(Number(version, "version") ?? 0));
                }
            }

            token = Text(page.RootElement, "next_page_token");
        }
        while (!string.IsNullOrEmpty(token));
        return model;
    }

    private async IAsyncEnumerable<JsonElement> LoggedModelsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var experiment in experiments ?? [])
        {
            string? token = null;
            do
            {
                using var page = await TryPostAsync(
                    "api/2.0/mlflow/logged-models/search", $$"""{"experiment_ids":[{{Quoted(experiment.Id)}}],"max_results":50{{TokenField(token)}}}""", cancellation);
                if (page is null)
                {
                    yield break;
                }

                foreach (var model in Items(page.RootElement, "models"))
                {
                    yield return model.Clone();
                }

                token = Text(page.RootElement, "next_page_token");
            }
            while (!string.IsNullOrEmpty(token));
        }
    }

    private static SourceThing ReadLoggedModel(JsonElement model)
    {
        var info = model.GetProperty("info");
        var data = model.TryGetProperty("data", out var given) ? given : default;
        var id = Text(info, "model_id")!;
        var status = Text(info, "status") ?? "";
        var thing = new JsonObject
        {
            ["id"] = id,
            ["experimentId"] = Text(info, "experiment_id"),
            ["name"] = Text(info, "name"),
            ["type"] = Filled(Text(info, "model_type")),
            ["sourceRunId"] = Filled(Text(info, "source_run_id")),
            ["status"] = status.EndsWith("READY", StringComparison.Ordinal) ? "ready" : status.EndsWith("PENDING", StringComparison.Ordinal) ? "pending" : status.EndsWith("FAILED", StringComparison.Ordinal) ? "failed" : "unspecified",
            ["createdAt"] = Number(info, "creation_timestamp_ms") ?? 0,
            ["updatedAt"] = Number(info, "last_updated_timestamp_ms") ?? 0,
            ["params"] = Things.Pairs(Pairs(data, "params")),
            ["tags"] = Things.Pairs(Pairs(info, "tags")),
            ["metrics"] = new JsonArray([.. Items(data, "metrics").Where(metric => Filled(Text(metric, "run_id")) is not null).Select(metric => (JsonNode)new JsonObject
            {
                ["key"] = Text(metric, "key"),
                ["value"] = Things.Number(Value(metric)),
                ["step"] = Number(metric, "step") ?? 0,
                ["time"] = Number(metric, "timestamp") ?? 0,
                ["runId"] = Text(metric, "run_id"),
                ["datasetName"] = Filled(Text(metric, "dataset_name")),
                ["datasetDigest"] = Filled(Text(metric, "dataset_digest")),
            })]),
        };
        return new SourceThing($"the logged model '{id}'", Things.Element(thing), []);
    }

    /// <summary>In the newer form where the server has it, else in the older.</summary>
    private async IAsyncEnumerable<JsonElement> TracesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var experiment in experiments ?? [])
        {
            string? token = null;
            do
            {
                using var page = await TryPostAsync(
                        "api/3.0/mlflow/traces/search",
                        $$$"""{"locations":[{"type":"MLFLOW_EXPERIMENT","mlflow_experiment":{"experiment_id":{{{Quoted(experiment.Id)}}}}}],"max_results":100{{{TokenField(token)}}}}""",
                        cancellation)
                    ?? await TryGetAsync($"api/2.0/mlflow/traces?experiment_ids={experiment.Id}&max_results=100{TokenQuery(token)}", cancellation);
                if (page is null)
                {
                    yield break;
                }

                foreach (var trace in Items(page.RootElement, "traces"))
                {
                    yield return trace.Clone();
                }

                token = Text(page.RootElement, "next_page_token");
            }
            while (!string.IsNullOrEmpty(token));
        }
    }

    private static JsonObject ReadTrace(JsonElement trace, string id) => new()
    {
        ["id"] = id,
        ["experimentId"] = ExperimentOf(trace),
        ["at"] = Text(trace, "request_time") is { } time ? Time(time) : Number(trace, "timestamp_ms") ?? 0,
        ["duration"] = Text(trace, "execution_duration") is { } span ? Milliseconds(span) : Number(trace, "execution_time_ms"),
        ["state"] = TraceThing.State(Text(trace, "state") ?? Text(trace, "status")),
        ["clientRequestId"] = Filled(Text(trace, "client_request_id")),
        ["requestPreview"] = Filled(Text(trace, "request_preview")),
        ["responsePreview"] = Filled(Text(trace, "response_preview")),
        ["assessments"] = new JsonArray([.. Items(trace, "assessments").Select(ReadAssessment)]),
    };

    private static JsonNode ReadAssessment(JsonElement one)
    {
        var source = one.TryGetProperty("source", out var from) ? from : default;
        var isExpectation = one.TryGetProperty("expectation", out var judged);
        var feedback = !isExpectation && one.TryGetProperty("feedback", out judged);
        var error = feedback && judged.TryGetProperty("error", out var fault) ? fault.GetRawText() : null;
        var value = judged.ValueKind != JsonValueKind.Object ? null
            : judged.TryGetProperty("value", out var plain) ? plain.GetRawText()
            : judged.TryGetProperty("serialized_value", out var packed) ? Text(packed, "value")
            : null;
        return TraceThing.Assessment(
            Text(one, "assessment_id") ?? "",
            Filled(Text(one, "span_id")),
            Text(one, "assessment_name") ?? "",
            isExpectation ? "expectation" : "feedback",
            source.ValueKind == JsonValueKind.Object ? Filled(Text(source, "source_type")) : null,
            source.ValueKind == JsonValueKind.Object ? Filled(Text(source, "source_id")) : null,
            value,
            error,
            Filled(Text(one, "rationale")),
            one.TryGetProperty("metadata", out var facts) ? facts.GetRawText() : null,
            Filled(Text(one, "overrides")),
            !one.TryGetProperty("valid", out var valid) || valid.ValueKind != JsonValueKind.False,
            Text(one, "create_time") is { } made ? Time(made) : 0,
            Text(one, "last_update_time") is { } changed ? Time(changed) : 0);
    }

    private static string TraceId(JsonElement trace) => Text(trace, "trace_id") ?? Text(trace, "request_id")!;

    private static string? ExperimentOf(JsonElement trace) =>
        trace.TryGetProperty("trace_location", out var location) && location.TryGetProperty("mlflow_experiment", out var experiment)
            ? Text(experiment, "experiment_id")
            : Text(trace, "experiment_id");

    private static Dictionary<string, string> TraceFacts(JsonElement trace) => Labels(trace, trace.TryGetProperty("trace_metadata", out _) ? "trace_metadata" : "request_metadata");

    /// <summary>Names and texts, as an object in the newer form and as a list of pairs in the older.</summary>
    private static Dictionary<string, string> Labels(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var labels) && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() ?? "", StringComparer.Ordinal)
            : Pairs(parent, name);

    private async Task<string?> SpansAsync(string trace, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri($"ajax-api/2.0/mlflow/get-trace-artifact?request_id={Uri.EscapeDataString(trace)}", UriKind.Relative), cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        var local = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
        await using var target = File.Create(local);
        await answer.Content.CopyToAsync(target, cancellation);
        return local;
    }

    private async IAsyncEnumerable<(string Path, string LocalFile)> ProxyFilesAsync(string root, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var folders = new Queue<string>([""]);
        while (folders.TryDequeue(out var folder))
        {
            using var page = await TryGetAsync($"api/2.0/mlflow-artifacts/artifacts?path={Uri.EscapeDataString(folder.Length == 0 ? root : $"{root}/{folder}")}", cancellation);
            foreach (var file in page is null ? default : Items(page.RootElement, "files"))
            {
                var path = folder.Length == 0 ? Text(file, "path")! : $"{folder}/{Text(file, "path")}";
                if (file.TryGetProperty("is_dir", out var isFolder) && isFolder.ValueKind == JsonValueKind.True)
                {
                    folders.Enqueue(path);
                    continue;
                }

                var local = Path.Combine(temporary, Guid.NewGuid().ToString("N"));
                var address = string.Join('/', $"{root}/{path}".Split('/').Select(Uri.EscapeDataString));
                await using (var content = await http.GetStreamAsync(new Uri($"api/2.0/mlflow-artifacts/artifacts/{address}", UriKind.Relative), cancellation))
                await using (var target = File.Create(local))
                {
                    await content.CopyToAsync(target, cancellation);
                }

                yield return (path, local);
            }
        }
    }

    // Behind the scheme may stand a host: three slashes or one mean none.
    private static string PathOf(string place)
    {
        var path = place[Proxy.Length..];
        if (path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = path.IndexOf('/', 1);
            path = slash < 0 ? "" : path[slash..];
        }

        return path.Trim('/');
    }

    /// <summary>Null where the server does not know the call.</summary>
    private async Task<JsonDocument?> TryPostAsync(string path, string json, CancellationToken cancellation)
    {
        using var body = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), body, cancellation);
        return await TryReadAsync(answer, path, cancellation);
    }

    private async Task<JsonDocument?> TryGetAsync(string path, CancellationToken cancellation)
    {
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        return await TryReadAsync(answer, path, cancellation);
    }

    private async Task<JsonDocument?> TryReadAsync(HttpResponseMessage answer, string path, CancellationToken cancellation)
    {
        if (answer.StatusCode is System.Net.HttpStatusCode.NotFound or System.Net.HttpStatusCode.MethodNotAllowed or System.Net.HttpStatusCode.NotImplemented)
        {
            return null;
        }

        return await ReadAsync(() => Task.FromResult(answer), path, cancellation);
    }

    private static string TokenQuery(string? token) => string.IsNullOrEmpty(token) ? "" : $"&page_token={Uri.EscapeDataString(token)}";

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static long Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds() : 0;

    /// <summary>Such as "1.25s".</summary>
    private static long? Milliseconds(string text) =>
        double.TryParse(text.TrimEnd('s'), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? (long)Math.Round(seconds * 1000) : null;
}
