using Cairn.Core;
using Microsoft.AspNetCore.Http;

namespace Cairn.Mlflow.Wire;

/// <summary>MLflow takes a POST or PUT of fields only as JSON. It keeps forms of foreign web pages out.</summary>
internal static class ContentTypeRule
{
    private const string Json = "application/json";

    public static void Check(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method) && !HttpMethods.IsPut(request.Method) && !HttpMethods.IsPatch(request.Method))
        {
            return;
        }

        if (string.IsNullOrEmpty(request.ContentType))
        {
            throw CairnException.Invalid("Content-Type", "Bad Request. Content-Type header is missing.");
        }

        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        if (!(end < 0 ? type : type[..end]).Trim().Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            throw CairnException.Invalid("Content-Type", $"Bad Request. Content-Type must be one of ['{Json}'].");
        }
    }
}
