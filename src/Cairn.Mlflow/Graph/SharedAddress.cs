using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Graph;

/// <summary>
/// <c>/graphql</c> is an address of more than one protocol. Which is meant shows in the document, in the body of a POST or
/// the query of a GET: what asks for MLflow's fields is answered here, all else goes on.
/// </summary>
internal sealed class SharedAddress(RequestDelegate graph)
{
    private const int Peeked = 64 * 1024;

    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        var isOurs = context.Request.Path == "/graphql"
            && (HttpMethods.IsPost(context.Request.Method) ? await PeekAsync(context)
                : HttpMethods.IsGet(context.Request.Method) && GraphEndpoint.IsMeant(Encoding.UTF8.GetBytes(context.Request.Query["query"].ToString())));
        await (isOurs ? graph : next)(context);
    }

    // Looks at the beginning of the body and leaves it unread.
    private static async ValueTask<bool> PeekAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var result = await reader.ReadAsync(context.RequestAborted);
        var start = result.Buffer.Slice(0, Math.Min(result.Buffer.Length, Peeked));
        var isMeant = GraphEndpoint.IsMeant(start.IsSingleSegment ? start.FirstSpan : start.ToArray());
        reader.AdvanceTo(result.Buffer.Start);
        return isMeant;
    }
}
