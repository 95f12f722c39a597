using Cairn.Core;
using Cairn.Mlflow.Artifacts;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Wire;

/// <summary>Answers for addresses that lead nowhere.</summary>
internal static class UnknownRoute
{
    /// <summary>Under MLflow's prefixes, but not of its protocol.</summary>
    public static Task AnswerAsync(HttpContext context) =>
        RawPath.GoesUp(context)
            ? throw CairnException.Invalid("path", "Invalid path")
            : ErrorAnswer.WriteAsync(
                context,
                StatusCodes.Status404NotFound,
                "ENDPOINT_NOT_FOUND",
                $"MLflow's protocol has no {context.Request.Method} {context.Request.Path}.");

    public static RequestDelegate WrongMethod(string allowed) => context =>
    {
        if (RawPath.GoesUp(context))
        {
            throw CairnException.Invalid("path", "Invalid path");
        }

        context.Response.Headers.Allow = allowed;
        return ErrorAnswer.WriteAsync(
            context,
            StatusCodes.Status405MethodNotAllowed,
            "BAD_REQUEST",
            $"The method {context.Request.Method} is not allowed for {context.Request.Path}. Use {allowed}.");
    };

    public static RequestDelegate NotImplemented(string name) => context =>
        throw MlflowException.NotImplemented($"{context.Request.Method} {context.Request.Path} ({name}) is not implemented by this version of Cairn.");
}
