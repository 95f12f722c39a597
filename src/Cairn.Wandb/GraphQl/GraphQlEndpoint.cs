using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Cairn.Core;
using Cairn.Wandb.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Cairn.Wandb.GraphQl;

/// <summary><c>POST /graphql</c>: one document with its variables. Whatever is wrong is told in <c>errors</c>, with status 200, as clients expect.</summary>
internal sealed partial class GraphQlEndpoint(WandbServices services, Schema schema, ILogger logger)
{
    /// <summary>Clients send values of 10 MB, which JSON inside JSON makes larger.</summary>
    private const int LargestBody = 64 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { MaxDepth = 32 };
    private static readonly JsonWriterOptions Output = new() { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task HandleAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestBody;
        }

        ResultNode? data = null;
        IReadOnlyList<FieldError> errors;
        try
        {
            using var body = await ReadAsync(http);
            (data, errors) = await ExecuteAsync(http, body.RootElement);
        }
        catch (GraphQlException fault)
        {
            errors = [new FieldError(fault.Message, [], Code: null)];
        }
        catch (JsonException fault)
        {
            errors = [new FieldError($"The body is not JSON: {Clean(fault.Message)}", [], Code: null)];
        }

        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter, Output);
        ResultWriter.Write(writer, data, errors);
    }

    private static async Task<JsonDocument> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength > LargestBody)
        {
            throw new GraphQlException($"The body has more than {LargestBody} bytes.");
        }

        return await JsonDocument.ParseAsync(http.Request.Body, Lenient, http.RequestAborted);
    }

    private async Task<(ResultNode? Data, IReadOnlyList<FieldError> Errors)> ExecuteAsync(HttpContext http, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Array)
        {
            throw new GraphQlException("Batches of documents are not supported. Send each document by itself.");
        }

        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("query", out var query) || query.ValueKind != JsonValueKind.String)
        {
            throw new GraphQlException("The body must be an object with the document as text in \"query\".");
        }

        var variables = body.TryGetProperty("variables", out var given) ? given : default;
        if (variables.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            throw new GraphQlException("\"variables\" must be an object.");
        }

        var name = body.TryGetProperty("operationName", out var operation) && operation.ValueKind == JsonValueKind.String ? Text(operation) : null;
        var document = ParsedDocument.Read(schema, Text(query), name);
        var request = new WandbRequest(http, services, schema);
        var executor = new Executor(request, document, variables, http.RequestAborted);
        try
        {
            return (await executor.RunAsync(), executor.Errors);
        }
        catch (CairnException fault)
        {
            Failed(logger, document.Operation.Name?.StringValue, fault);
            return (null, [new FieldError("The server failed; its log says why.", [], fault.Code.ToString())]);
        }
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new GraphQlException("The text of the document is not valid Unicode (it has half of a surrogate pair).");
        }
    }

    private static string Clean(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return new StringBuilder(end > 0 ? message[..end] : message).ToString();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The operation {Operation} failed")]
    private static partial void Failed(ILogger logger, string? operation, Exception fault);
}
