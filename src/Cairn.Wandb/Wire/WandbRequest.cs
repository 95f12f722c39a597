using Cairn.Wandb.GraphQl;
using Microsoft.AspNetCore.Http;

namespace Cairn.Wandb.Wire;

/// <summary>Who asks, and what of the house is there to answer.</summary>
internal sealed class WandbRequest(HttpContext http, WandbServices services, Schema schema)
{
    public HttpContext Http { get; } = http;

    public WandbServices Services { get; } = services;

    public Schema Schema { get; } = schema;

    /// <summary>Where the client reached this server: what absolute addresses begin with.</summary>
    public string BaseUrl { get; } = $"{http.Request.Scheme}://{http.Request.Host.Value}{http.Request.PathBase.Value}";
}
