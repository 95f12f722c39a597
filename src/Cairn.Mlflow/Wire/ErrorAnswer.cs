using Cairn.Core;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Wire;

/// <summary>Refusals in MLflow's dialect: the one table from the house's codes to its codes and statuses.</summary>
internal static class ErrorAnswer
{
    // 408, 429 and most of 5xx make MLflow's clients repeat the call up to seven times with growing waits: they are for
    // what may go away by itself, and for nothing else.
    private static (string Code, int Status) For(ErrorCode code) => code switch
    {
        ErrorCode.NotFound => ("RESOURCE_DOES_NOT_EXIST", 404),
        ErrorCode.AlreadyExists => ("RESOURCE_ALREADY_EXISTS", 400),
        ErrorCode.InvalidArgument or ErrorCode.FailedPrecondition => ("INVALID_PARAMETER_VALUE", 400),
        ErrorCode.Conflict => ("RESOURCE_CONFLICT", 409),
        ErrorCode.Unauthenticated => ("UNAUTHENTICATED", 401),
        ErrorCode.Forbidden => ("PERMISSION_DENIED", 403),
        ErrorCode.TooLarge => ("INVALID_PARAMETER_VALUE", 413),
        ErrorCode.TooManyAttempts => ("REQUEST_LIMIT_EXCEEDED", 429),
        ErrorCode.Unavailable => ("TEMPORARILY_UNAVAILABLE", 503),
        ErrorCode.StorageFull => ("RESOURCE_EXHAUSTED", 507),
        _ => ("INTERNAL_ERROR", 500),
    };

    public static Task WriteAsync(HttpContext context, CairnException refusal)
    {
        var (code, status) = refusal is MlflowException own ? (own.MlflowCode, own.Status) : For(refusal.Code);
        return WriteAsync(context, status, code, refusal.Message);
    }

    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        return JsonAnswer.WriteAsync(context, (code, message), static (writer, error) =>
        {
            writer.WriteStartObject();
            writer.WriteString("error_code"u8, error.code);
            writer.WriteString("message"u8, error.message);
            writer.WriteEndObject();
        });
    }
}
