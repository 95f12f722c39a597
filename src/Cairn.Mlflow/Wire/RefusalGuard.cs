using Cairn.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cairn.Mlflow.Wire;

/// <summary>Turns what goes wrong in an endpoint into an answer in MLflow's dialect.</summary>
internal sealed partial class RefusalGuard(ILogger logger)
{
    public RequestDelegate Around(RequestDelegate endpoint) => context => AnswerAsync(context, endpoint);

    private async Task AnswerAsync(HttpContext context, RequestDelegate endpoint)
    {
        try
        {
            await endpoint(context);
        }
        catch (CairnException refusal) when (!context.Response.HasStarted)
        {
            if (refusal.Code == ErrorCode.Internal)
            {
                Failed(logger, context.Request.Method, context.Request.Path, refusal);
            }

            await ErrorAnswer.WriteAsync(context, refusal);
        }
        catch (BadHttpRequestException broken) when (!context.Response.HasStarted)
        {
            await ErrorAnswer.WriteAsync(context, broken.StatusCode, "BAD_REQUEST", broken.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; there is nobody to answer.
        }
#pragma warning disable CA1031 // The last net: the client gets an answer it understands, the operator a log line.
        catch (Exception fault) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            Failed(logger, context.Request.Method, context.Request.Path, fault);
            await ErrorAnswer.WriteAsync(context, new CairnException(ErrorCode.Internal, "The server failed; its log says why.", inner: fault));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private static partial void Failed(ILogger logger, string method, string path, Exception fault);
}
