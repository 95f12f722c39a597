using Cairn.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cairn.Wandb.Wire;

/// <summary>
/// Refusals of everything but GraphQL: <c>{"error": "…"}</c>, with a status that makes clients repeat what may succeed
/// later (5xx) and drop what will not (4xx).
/// </summary>
internal sealed partial class DoorGuard(ILogger logger)
{
    public RequestDelegate Around(RequestDelegate endpoint) => http => AnswerAsync(http, endpoint);

    private async Task AnswerAsync(HttpContext http, RequestDelegate endpoint)
    {
        try
        {
            await endpoint(http);
        }
        catch (CairnException refusal) when (!http.Response.HasStarted)
        {
            if (refusal.Code == ErrorCode.Internal)
            {
                Failed(logger, http.Request.Method, http.Request.Path, refusal);
            }

            http.Response.StatusCode = StatusOf(refusal.Code);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync($$"""{"error":{{JsonText.Quote(refusal.Message)}}}""", http.RequestAborted);
        }
    }

    private static int StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => 404,
        ErrorCode.AlreadyExists or ErrorCode.Conflict => 409,
        ErrorCode.InvalidArgument => 400,
        ErrorCode.FailedPrecondition => 410,
        ErrorCode.Unauthenticated => 401,
        ErrorCode.Forbidden => 403,
        ErrorCode.TooLarge => 413,
        ErrorCode.TooManyAttempts => 429,
        ErrorCode.Unavailable => 503,
        ErrorCode.StorageFull => 507,
        _ => 500,
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, string path, Exception fault);
}
