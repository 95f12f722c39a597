using System.IO.Compression;
using Cairn.Core;
using Cairn.Core.Traces;
using Cairn.Mlflow.Runs;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Traces;

/// <summary>Spans as any OpenTelemetry exporter sends them over HTTP, with the experiment in a header.</summary>
internal sealed class ExportTraces(TraceCatalog traces, ArtifactRoots roots)
{
    private const string ExperimentHeader = "x-mlflow-experiment-id";
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";
    private const int LongestBody = 64 * 1024 * 1024;

    public async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        var type = request.ContentType?.Split(';')[0].Trim();
        if (type is not (Protobuf or Json))
        {
            throw CairnException.Invalid("Content-Type", $"Invalid Content-Type: {request.ContentType}. Expected: {Protobuf} or {Json}");
        }

        if (request.Headers[ExperimentHeader] is not [{ Length: > 0 } header, ..])
        {
            throw Unprocessable($"The header {ExperimentHeader} is missing: it names the experiment that the spans belong to.");
        }

        using var body = await ReadBodyAsync(context);
        var sent = Parse(body, type);
        if (sent.Find(span => !span.IsNamed) is { } nameless)
        {
            throw Unprocessable($"Cannot convert OpenTelemetry span to MLflow span: the ids of '{nameless.Name}' must have 16 and 8 bytes.");
        }

        var experiment = TraceEndpoints.ReadExperiment(header);
        foreach (var group in sent.GroupBy(SpanContent.TraceIdOf, StringComparer.Ordinal))
        {
            var spans = group.Select(span => SpanContent.Of(span, group.Key)).ToList();
            var places = await TraceEndpoints.PlacesAsync(roots, experiment, group.Key, spansHere: true, context.RequestAborted);
            var start = spans.Min(span => span.StartedAt) / 1_000_000;
            var skeleton = new Trace(group.Key, experiment, start, null, TraceState.InProgress, null, null, null, places, new Dictionary<string, string>(), []);
            await traces.AddSpansAsync(skeleton, spans, context.RequestAborted);
        }

        // An empty message, in the form of the request: everything was taken.
        if (type == Json)
        {
            await JsonAnswer.EmptyAsync(context);
            return;
        }

        context.Response.ContentType = Protobuf;
        context.Response.ContentLength = 0;
    }

    // MLflow's status for what is well-formed and makes no sense.
    private static MlflowException Unprocessable(string message) => new("INVALID_PARAMETER_VALUE", StatusCodes.Status422UnprocessableEntity, message);

    private static List<OtlpSpan> Parse(RequestBody body, string type)
    {
        List<OtlpSpan> spans;
        try
        {
            spans = type == Json ? OtlpJsonReader.Read(body.Bytes) : OtlpReader.Read(body.Bytes.Span);
        }
        catch (InvalidDataException broken)
        {
            throw new CairnException(ErrorCode.InvalidArgument, type == Json
                ? $"Invalid Content-Type: {Json} was announced, and the body is not such an OpenTelemetry export: {broken.Message}"
                : $"Invalid OpenTelemetry protobuf format: {broken.Message}", "body", broken);
        }

        return spans.Count > 0 ? spans : throw CairnException.Invalid("body", $"Invalid OpenTelemetry {(type == Json ? "JSON" : "protobuf")} format - no spans found");
    }

    private static async Task<RequestBody> ReadBodyAsync(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        if (encoding is "" or "identity")
        {
            return await RequestBody.ReadAsync(context.Request, LongestBody, context.RequestAborted);
        }

        if (encoding is not ("gzip" or "deflate"))
        {
            throw CairnException.Invalid("Content-Encoding", $"Content-Encoding '{encoding}' is not known here. Use gzip, deflate or none.");
        }

        await using Stream plain = encoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : new ZLibStream(context.Request.Body, CompressionMode.Decompress);
        try
        {
            return await RequestBody.ReadAsync(plain, LongestBody, context.RequestAborted);
        }
        catch (InvalidDataException broken)
        {
            throw new CairnException(ErrorCode.InvalidArgument, $"The body is not {encoding}: {broken.Message}", "body", broken);
        }
    }
}
