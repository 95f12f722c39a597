using Cairn.Core.Traces;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Traces;

/// <summary>Traces as MLflow 2 starts, ends and reads them: the server makes the id, and spans are a file of the trace.</summary>
internal sealed class OldTraceEndpoints(TraceCatalog traces, ArtifactRoots roots)
{
    public async Task StartAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var experiment = TraceEndpoints.ReadExperiment(fields.RequiredId("experiment_id"));
        var at = fields.Integer("timestamp_ms") ?? traces.Now;
        var metadata = Map(fields.Pairs("request_metadata"));
        var tags = Map(fields.Pairs("tags"));
        var id = Guid.NewGuid().ToString("N");
        foreach (var (key, value) in await TraceEndpoints.PlacesAsync(roots, experiment, id, spansHere: false, context.RequestAborted))
        {
            tags[key] = value;
        }

        var trace = new Trace(id, experiment, at, Duration: null, TraceState.InProgress, null, null, null, tags, metadata, Assessments: []);
        await WriteAsync(context, await traces.PutAsync(trace, context.RequestAborted));
    }

    public async Task EndAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var change = new TraceChange(
            fields.Integer("timestamp_ms") ?? traces.Now,
            fields.Choice("status", TraceWriter.ByName, TraceWriter.ByNumber),
            Map(fields.Pairs("tags")),
            Map(fields.Pairs("request_metadata")));
        await WriteAsync(context, await traces.UpdateAsync(TraceEndpoints.Id(context), change, context.RequestAborted));
    }

    public async Task GetAsync(HttpContext context) =>
        await WriteAsync(context, await traces.GetAsync(TraceEndpoints.Id(context), context.RequestAborted));

    private static Dictionary<string, string> Map(IReadOnlyList<KeyValuePair<string, string>> pairs)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in pairs)
        {
            map[key] = value;
        }

        return map;
    }

    private static Task WriteAsync(HttpContext context, Trace trace) =>
        JsonAnswer.WriteAsync(context, trace, static (writer, found) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("trace_info"u8);
            TraceWriter.WriteOld(writer, found);
            writer.WriteEndObject();
        });
}
