using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Traces;
using Cairn.Mlflow.Keys;
using Cairn.Mlflow.LoggedModels;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Traces;

/// <summary>Traces as MLflow 3 starts, reads, tags, links and deletes them.</summary>
internal sealed class TraceEndpoints(TraceCatalog traces, ArtifactRoots roots, TraceFiles files)
{
    /// <summary>Says where the spans of a trace are kept.</summary>
    public const string SpansTag = "mlflow.trace.spansLocation";

    public const string SpansHere = "TRACKING_STORE";

    /// <summary>Says where clients put the files of a trace.</summary>
    public const string PlaceTag = "mlflow.artifactLocation";

    public async Task StartAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var trace = fields.Value("trace");
        if (trace.IsAbsent)
        {
            throw RequestFields.Missing("trace");
        }

        var info = trace.Member("trace_info", "trace");
        if (info.IsAbsent)
        {
            throw RequestFields.Missing("trace.trace_info");
        }

        var made = await traces.PutAsync(await ReadAsync(info, "trace.trace_info", context.RequestAborted), context.RequestAborted);
        await WriteAsync(context, made);
    }

    public async Task GetAsync(HttpContext context) => await WriteAsync(context, await traces.GetAsync(Id(context), context.RequestAborted));

    public async Task SetTagAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var (key, value) = (fields.RequiredText("key"), fields.Text("value") ?? "");
        KeyRules.CheckTag(key, value);
        await traces.UpdateAsync(Id(context), new TraceChange(Tags: new Dictionary<string, string>(StringComparer.Ordinal) { [key] = value }), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteTagAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        await traces.UpdateAsync(Id(context), new TraceChange(RemoveTag: fields.RequiredText("key")), context.RequestAborted);
        await JsonAnswer.EmptyAsync(context);
    }

    public async Task LinkAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        if (fields.Value("trace_ids").IsAbsent)
        {
            throw RequestFields.Missing("trace_ids");
        }

        var (ids, run) = (fields.Texts("trace_ids"), fields.RequiredText("run_id"));
        if (ids.Count > 0)
        {
            await traces.LinkAsync(ids, RunId.Parse(run), context.RequestAborted);
        }

        await JsonAnswer.EmptyAsync(context);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var experiment = ReadExperiment(fields.RequiredId("experiment_id"));
        var (upTo, most, ids) = (fields.Integer("max_timestamp_millis"), fields.Integer("max_traces"), fields.Texts("request_ids"));
        if (upTo is null && ids.Count == 0)
        {
            throw CairnException.Invalid("max_timestamp_millis", "Either `max_timestamp_millis` or `trace_ids` must be specified.");
        }

        if (upTo is not null && ids.Count > 0)
        {
            throw CairnException.Invalid("max_timestamp_millis", "Only one of `max_timestamp_millis` and `trace_ids` can be specified.");
        }

        if (most is not null && ids.Count > 0)
        {
            throw CairnException.Invalid("max_traces", "`max_traces` can't be specified if `trace_ids` is specified.");
        }

        if (most <= 0)
        {
            throw CairnException.Invalid("max_traces", $"`max_traces` must be a positive integer, received {most}.");
        }

        var removal = new TraceRemoval(experiment, ids, upTo, most is { } count ? (int)Math.Min(count, int.MaxValue) : null);
        var removed = await traces.RemoveAsync(removal, context.RequestAborted);
        await files.RemoveAsync(experiment, removed, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, removed.Count, static (writer, count) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("traces_deleted"u8, count);
            writer.WriteEndObject();
        });
    }

    /// <summary>The tags that tell clients where the spans and files of a trace are.</summary>
    public static async ValueTask<Dictionary<string, string>> PlacesAsync(ArtifactRoots roots, ExperimentId experiment, string id, bool spansHere, CancellationToken cancellationToken)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PlaceTag] = await roots.InExperimentAsync(experiment, TraceFiles.Path(id), cancellationToken),
        };
        if (spansHere)
        {
            tags[SpansTag] = SpansHere;
        }

        return tags;
    }

    public static ExperimentId ReadExperiment(string id) =>
        ExperimentId.TryParse(id, out var experiment) ? experiment : throw CairnException.NotFound($"No Experiment with id={id} exists");

    public static string Id(HttpContext context) =>
        LoggedModelEndpoints.RouteText(context, context.Request.RouteValues.ContainsKey("trace_id") ? "trace_id" : "request_id");

    private async ValueTask<Trace> ReadAsync(FieldValue info, string at, CancellationToken cancellationToken)
    {
        var id = RequestFields.RequiredText($"{at}.trace_id", info.Member("trace_id", at));
        var place = info.Member("trace_location", at);
        var experiment = ReadExperiment(
            (place.IsAbsent ? default : place.Member("mlflow_experiment", $"{at}.trace_location")) is { IsAbsent: false } inside
                ? inside.Member("experiment_id", $"{at}.trace_location.mlflow_experiment").TextOrNumber ?? ""
                : throw RequestFields.Missing($"{at}.trace_location.mlflow_experiment"));
        var tags = AssessmentReader.Map($"{at}.tags", info.Member("tags", at));
        foreach (var (key, value) in await PlacesAsync(roots, experiment, id, spansHere: true, cancellationToken))
        {
            tags[key] = value;
        }

        string? Text(string name) => RequestFields.OptionalText($"{at}.{name}", info.Member(name, at));
        var state = info.Member("state", at);
        return new Trace(
            id,
            experiment,
            Text("request_time") is { } time ? ProtoTime.ReadTime($"{at}.request_time", time) : traces.Now,
            Text("execution_duration") is { } duration ? ProtoTime.ReadDuration($"{at}.execution_duration", duration) : null,
            state.IsAbsent ? TraceState.Unspecified : RequestFields.ReadChoice($"{at}.state", state, TraceWriter.ByName, TraceWriter.ByNumber),
            Text("client_request_id"),
            Text("request_preview"),
            Text("response_preview"),
            tags,
            AssessmentReader.Map($"{at}.trace_metadata", info.Member("trace_metadata", at)),
            [.. (info.Member("assessments", at) is { IsAbsent: false } list ? list.Items ?? throw RequestFields.WrongType($"{at}.assessments", list) : [])
                .Select((item, i) => AssessmentReader.Read(item, $"{at}.assessments[{i}]", id, traces.Now))]);
    }

    private static Task WriteAsync(HttpContext context, Trace trace) =>
        JsonAnswer.WriteAsync(context, trace, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("trace"u8);
            writer.WritePropertyName("trace_info"u8);
            TraceWriter.Write(writer, found);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
}
