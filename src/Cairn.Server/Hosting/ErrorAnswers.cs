using System.Text.Json;
using Cairn.Client.Wire;
using Cairn.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Cairn.Server.Hosting;

/// <summary>The native dialect of errors: one table from <see cref="ErrorCode"/> to code and status.</summary>
internal static partial class ErrorAnswers
{
    private const int ClientClosedRequest = 499;

    public static async Task HandleAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (CairnException refusal)
        {
            if (refusal.Code == ErrorCode.Internal)
            {
                Failed(LoggerOf(http), http.Request.Method, http.Request.Path, refusal);
            }

            await AnswerAsync(http, refusal.Code, refusal.Message, refusal.Field);
        }
        catch (JsonException fault)
        {
            await AnswerAsync(http, ErrorCode.InvalidArgument, Describe(fault), FieldOf(fault.Path));
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status415UnsupportedMediaType)
        {
            await AnswerAsync(http, "unsupported_media_type", fault.StatusCode, fault.Message, field: null);
        }
        catch (BadHttpRequestException fault)
        {
            var code = fault.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCode.TooLarge : ErrorCode.InvalidArgument;
            await AnswerAsync(http, code, fault.Message, field: null);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Response.StatusCode = ClientClosedRequest;
        }
#pragma warning disable CA1031 // The last net: whatever it was, the caller gets an answer and the operator a log line.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Failed(LoggerOf(http), http.Request.Method, http.Request.Path, fault);
            await AnswerAsync(http, ErrorCode.Internal, "The server failed; its log says why.", field: null);
        }
    }

    private static Task AnswerAsync(HttpContext http, ErrorCode code, string message, string? field)
    {
        var (word, status) = code switch
        {
            ErrorCode.NotFound => ("not_found", 404),
            ErrorCode.AlreadyExists => ("already_exists", 409),
            ErrorCode.InvalidArgument => ("invalid_argument", 400),
            ErrorCode.Conflict => ("conflict", 409),
            ErrorCode.FailedPrecondition => ("failed_precondition", 412),
            ErrorCode.Unauthenticated => ("unauthenticated", 401),
            ErrorCode.Forbidden => ("forbidden", 403),
            ErrorCode.TooLarge => ("too_large", 413),
            ErrorCode.TooManyAttempts => ("too_many_attempts", 429),
            ErrorCode.Unavailable => ("unavailable", 503),
            ErrorCode.StorageFull => ("storage_full", 507),
            _ => ("internal", 500),
        };
        return AnswerAsync(http, word, status, message, field);
    }

    private static async Task AnswerAsync(HttpContext http, string word, int status, string message, string? field)
    {
        if (http.Response.HasStarted)
        {
            // Half of an answer is out: cutting the connection is the only way left to say that it is not whole.
            http.Abort();
            return;
        }

        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(
            new ErrorResponse(new ErrorInfo(word, message, field)),
            CairnJson.Default.ErrorResponse,
            contentType: null,
            http.RequestAborted);
    }

    private static string Describe(JsonException fault) => FieldOf(fault.Path) is { } field
        ? $"The body does not fit at '{field}': {Reason(fault)}"
        : $"The body is not the JSON that is expected here: {Reason(fault)}";

    // The serializer appends where in the text it was ("Path: … | LineNumber: …"); the field says it better.
    private static string Reason(JsonException fault)
    {
        var message = fault.InnerException is { } inner and not JsonException ? inner.Message : fault.Message;
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end > 0 ? message[..end] : message;
    }

    private static string? FieldOf(string? path) =>
        path is { Length: > 2 } && path.StartsWith("$.", StringComparison.Ordinal) ? path[2..] : null;

    private static ILogger LoggerOf(HttpContext http) =>
        http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger<CairnServer>();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, string path, Exception fault);
}
