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
        if (fields.Text("gateway_path") is not { Length: > 0 })
        {
            throw CairnException.Invalid("gateway_path", "Deployments proxy request must specify a gateway_path.");
        }

        await JsonAnswer.WriteAsync(context, 0, static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("endpoints"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
