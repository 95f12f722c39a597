using Cairn.Core;
using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Runs;

/// <summary>
/// The proxy to a gateway of language models. Cairn has none, and opens no address that a request names: so it says what
/// MLflow's server says where no gateway is set, which its web page understands.
/// </summary>
internal static class Gateway
{
    public static async Task AnswerAsync(HttpContext context)
    {
        using var fields = await RequestFields.ReadAsync(context);
        if (fields.Text("gateway_path") is not { Length: > 0 } path)
        {
            throw CairnException.Invalid("gateway_path", "Deployments proxy request must specify a gateway_path.");
        }

        if (!IsKnown(context.Request.Method, path.Trim('/')))
        {
            throw CairnException.Invalid("gateway_path", $"Invalid gateway_path: {path} for method: {context.Request.Method}");
        }

        await JsonAnswer.WriteAsync(context, 0, static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("endpoints"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    /// <summary>A gateway's list of endpoints is read, <c>gateway/{name}/invocations</c> is posted to; MLflow 3 knows no other.</summary>
    private static bool IsKnown(string method, string path) =>
        HttpMethods.IsGet(method)
            ? path == "api/2.0/endpoints"
            : path.Split('/') is ["gateway", { Length: > 0 }, "invocations"];
}
