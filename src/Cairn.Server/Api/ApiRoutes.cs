using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;

namespace Cairn.Server.Api;

/// <summary>A row of the route table: what the API description says about a route.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path below <c>/api/v1</c>, with parameters in braces.</param>
/// <param name="Summary">What it does, in a few words.</param>
/// <param name="Body">Type of the JSON body; null for none, <see cref="Stream"/> for bytes.</param>
/// <param name="Answer">Type of the JSON answer; null for none, <see cref="Stream"/> for bytes.</param>
internal sealed record ApiRoute(string Method, string Path, string Summary, Type? Body, Type? Answer);

/// <summary>Maps routes and remembers them for the description at <c>/api/v1/openapi.json</c>.</summary>
internal sealed class ApiRoutes(RouteTable table)
{
    public const string Root = "/api/v1";

    private readonly List<ApiRoute> routes = [];

    public void Get<TAnswer>(string path, string summary, RequestDelegate handler) => Map("GET", path, summary, null, typeof(TAnswer), handler);

    public void Post<TBody, TAnswer>(string path, string summary, RequestDelegate handler) => Map("POST", path, summary, typeof(TBody), typeof(TAnswer), handler);

    public void Post<TAnswer>(string path, string summary, RequestDelegate handler) => Map("POST", path, summary, null, typeof(TAnswer), handler);

    /// <summary>A POST that answers 204.</summary>
    public void Accept<TBody>(string path, string summary, RequestDelegate handler) => Map("POST", path, summary, typeof(TBody), null, handler);

    public void Put<TBody, TAnswer>(string path, string summary, RequestDelegate handler) => Map("PUT", path, summary, typeof(TBody), typeof(TAnswer), handler);

    public void Patch<TBody, TAnswer>(string path, string summary, RequestDelegate handler) => Map("PATCH", path, summary, typeof(TBody), typeof(TAnswer), handler);

    public void Delete(string path, string summary, RequestDelegate handler) => Map("DELETE", path, summary, null, null, handler);

    public void Delete<TAnswer>(string path, string summary, RequestDelegate handler) => Map("DELETE", path, summary, null, typeof(TAnswer), handler);

    public void Upload(string path, string summary, RequestDelegate handler) => Map("PUT", path, summary, typeof(Stream), null, handler);

    public void Upload<TAnswer>(string path, string summary, RequestDelegate handler) => Map("PUT", path, summary, typeof(Stream), typeof(TAnswer), handler);

    public void Download(string path, string summary, RequestDelegate handler) => Map("GET", path, summary, null, typeof(Stream), handler);

    public void Stream(string path, string summary, RequestDelegate handler) => Map("GET", path, summary, null, typeof(Stream), handler);

    /// <summary>Serves the description of what was mapped; it is written when first asked for.</summary>
    public void AddDescription()
    {
        var description = new Lazy<byte[]>(() => OpenApiDocument.Write(routes));
        table.Map("GET", $"{Root}/openapi.json", async http =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(description.Value, http.RequestAborted);
        });
        table.Map(null, $"{Root}/{{**rest}}", http =>
            throw Core.CairnException.NotFound($"There is no {http.Request.Method} {http.Request.Path} in the API. {Root}/openapi.json lists what there is."));
    }

    private void Map(string method, string path, string summary, Type? body, Type? answer, RequestDelegate handler)
    {
        routes.Add(new ApiRoute(method, path, summary, body, answer));
        table.Map(method, Root + path, handler);
    }
}
