using Cairn.Mlflow.Wire;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow;

/// <summary>What newer clients ask a server about itself.</summary>
internal static class ServerInfo
{
    public static Task AnswerAsync(HttpContext context) =>
        JsonAnswer.WriteAsync(context, 0, static (writer, _) =>
        {
            writer.WriteStartObject();
            writer.WriteString("store_type"u8, "SqlStore"u8);
            writer.WriteBoolean("workspaces_enabled"u8, false);
            writer.WriteEndObject();
        });
}
