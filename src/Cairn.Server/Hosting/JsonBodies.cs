using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Cairn.Client.Wire;
using Cairn.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Cairn.Server.Hosting;

/// <summary>Reading and writing JSON bodies of the native API.</summary>
internal static class JsonBodies
{
    /// <summary>Largest JSON body: far above what clients send in one piece, far below what hurts.</summary>
    public const long LargestBody = 64 * 1024 * 1024;

    /// <summary>Requests are read strictly: what the contract asks for must be there, and null only where it may be.</summary>
    private static readonly CairnJson Strict = new(new JsonSerializerOptions(CairnJson.Default.Options)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
    });

    public static async Task<T> ReadJsonAsync<T>(this HttpContext http)
        where T : class
    {
        if (!http.Request.HasJsonContentType())
        {
            // A form or a plain text is what a page of another site could post unasked.
            throw new BadHttpRequestException("The body must be JSON: send it with 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);
        }

        var type = (JsonTypeInfo<T>)Strict.GetTypeInfo(typeof(T))!;
        return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
            ?? throw new CairnException(ErrorCode.InvalidArgument, "The body is null where an object is expected.");
    }

    public static Task WriteJsonAsync<T>(this HttpContext http, T value)
    {
        var type = (JsonTypeInfo<T>)CairnJson.Default.GetTypeInfo(typeof(T))!;
        return http.Response.WriteAsJsonAsync(value, type, contentType: null, http.RequestAborted);
    }

    /// <summary>Uploads may have any size: they are streamed to the disk.</summary>
    public static void AllowAnySize(this HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
    }
}
