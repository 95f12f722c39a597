using System.Text;
using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Files;
using Cairn.Core.Traces;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Traces;

/// <summary>Traces with their spans: from the store, or, for clients that wrote them as a file of the trace, from there.</summary>
internal sealed class TraceSpans(TraceCatalog traces, FileTree files)
{
    private const string FileName = "traces.json";
    private const int MostTraces = 500;
    private const int LongestFile = 64 * 1024 * 1024;

    public async Task BatchGetAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var ids = fields.Texts("trace_ids");
        if (ids.Count == 0)
        {
            throw RequestFields.Missing("trace_ids");
        }

        if (ids.Count > MostTraces)
        {
            throw CairnException.Invalid("trace_ids", $"At most {MostTraces} traces are read by one call. Received {ids.Count}.");
        }

        var found = new List<(Trace Trace, IReadOnlyList<JsonElement> Spans)>(ids.Count);
        foreach (var trace in await traces.FindAsync(ids, context.RequestAborted))
        {
            var spans = await ReadAsync(trace, context.RequestAborted) ?? [];

            // Spans may come after the trace: until all are there it is not shown.
            if (spans.Count >= ExpectedSpans(trace))
            {
                found.Add((trace, spans));
            }
        }

        await JsonAnswer.StreamAsync(context, "traces", found, static (writer, item) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("trace_info"u8);
            TraceWriter.Write(writer, item.Trace);
            if (item.Spans.Count > 0)
            {
                writer.WriteStartArray("spans"u8);
                foreach (var span in item.Spans)
                {
                    SpanWriter.Write(writer, span);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        });
    }

    /// <summary>The spans as the file in which MLflow's web pages look for them.</summary>
    public async Task GetArtifactAsync(HttpContext context)
    {
        var id = context.Request.Query["request_id"] is [{ Length: > 0 } text, ..]
            ? text
            : throw new MlflowException("BAD_REQUEST", 400, "Request must include the \"request_id\" query parameter.");
        var trace = await traces.GetAsync(id, context.RequestAborted);
        var spans = await ReadAsync(trace, context.RequestAborted) ?? throw new MlflowException("NOT_FOUND", 404, $"The trace '{id}' has no spans.");
        context.Response.Headers.ContentDisposition = $"attachment; filename={FileName}";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        await JsonAnswer.WriteAsync(context, spans, WriteSpans);
    }

    /// <summary>The spans as a text of JSON, as MLflow's hosted product answers for traces that it recorded itself.</summary>
    public async Task GetDetailsAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        var trace = await traces.GetAsync(fields.RequiredText("trace_id"), context.RequestAborted);
        var spans = await ReadAsync(trace, context.RequestAborted) ?? [];
        var text = Encoding.UTF8.GetString(JsonAnswer.ToBytes(spans, WriteSpans));
        await JsonAnswer.WriteAsync(context, text, static (writer, data) =>
        {
            writer.WriteStartObject();
            writer.WriteString("trace_data"u8, data);
            writer.WriteEndObject();
        });
    }

    private static void WriteSpans(Utf8JsonWriter writer, IReadOnlyList<JsonElement> spans)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("spans"u8);
        foreach (var span in spans)
        {
            span.WriteTo(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private async Task<IReadOnlyList<JsonElement>?> ReadAsync(Trace trace, CancellationToken cancellationToken)
    {
        var stored = await traces.ReadSpansAsync(trace.Id, cancellationToken);
        return stored.Count > 0 ? [.. stored.Select(span => Parse(Encoding.UTF8.GetBytes(span.Content))!.Value)] : await ReadFileAsync(trace, cancellationToken);
    }

    private async Task<IReadOnlyList<JsonElement>?> ReadFileAsync(Trace trace, CancellationToken cancellationToken)
    {
        if (!trace.Tags.TryGetValue(TraceEndpoints.PlaceTag, out var place) || files.Locate(place) is not { } root)
        {
            return null;
        }

        try
        {
            var (file, content) = await files.OpenAsync(root.Owner, root.Path.Length == 0 ? FileName : $"{root.Path}/{FileName}", cancellationToken);
            await using (content)
            {
                using var body = file.Size <= LongestFile ? await RequestBody.ReadAsync(content, LongestFile, cancellationToken) : null;
                return body is not null && Parse(body.Bytes) is { ValueKind: JsonValueKind.Object } data
                    && data.TryGetProperty("spans"u8, out var spans) && spans.ValueKind == JsonValueKind.Array
                    ? [.. spans.EnumerateArray()]
                    : null;
            }
        }
        catch (CairnException missing) when (missing.Code == ErrorCode.NotFound)
        {
            return null;
        }
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> json)
    {
        using var document = LenientJson.Parse(json);
        return document?.RootElement.Clone();
    }

    private static long ExpectedSpans(Trace trace) =>
        trace.Metadata.TryGetValue("mlflow.trace.sizeStats", out var text) && Parse(Encoding.UTF8.GetBytes(text)) is { ValueKind: JsonValueKind.Object } facts
            && facts.TryGetProperty("num_spans"u8, out var count)
            ? new FieldValue(count).Integer ?? 0
            : 0;
}
