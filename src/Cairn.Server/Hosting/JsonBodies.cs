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
        DemandJson(http);
        return Demand(await JsonSerializer.DeserializeAsync(http.Request.Body, StrictType<T>(), http.RequestAborted));
    }

    /// <summary>
    /// Reads a body that must be small. The HTTP server has a limit of its own, by which it cuts the connection while a
    /// client may still be sending, who then never sees the answer; here the rest is left to it, which reads it away.
    /// </summary>
    public static async Task<T> ReadJsonAsync<T>(this HttpContext http, int largest)
        where T : class
    {
        DemandJson(http);
        var body = http.Request.BodyReader;
        var read = await body.ReadAtLeastAsync(largest + 1, http.RequestAborted);
        try
        {
            if (read.Buffer.Length > largest)
            {
                throw new CairnException(ErrorCode.TooLarge, $"The body has more than {largest} bytes.");
            }

            var reader = new Utf8JsonReader(read.Buffer);
            var value = JsonSerializer.Deserialize(ref reader, StrictType<T>());

            // Throws where something follows.
            reader.Read();
            return Demand(value);
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
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

    private static void DemandJson(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            // A form or a plain text is what a page of another site could post unasked.
            throw new BadHttpRequestException("The body must be JSON: send it with 'Content-Type: application/json'.", StatusCodes.Status415UnsupportedMediaType);
        }
    }

    private static T Demand<T>(T? value)
        where T : class => value ?? throw new CairnException(ErrorCode.InvalidArgument, "The body is null where an object is expected.");

    private static JsonTypeInfo<T> StrictType<T>() => (JsonTypeInfo<T>)Strict.GetTypeInfo(typeof(T))!;
}
