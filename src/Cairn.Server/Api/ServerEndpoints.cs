using System.Net;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class ServerEndpoints
{
    public static Task Get(HttpContext http, ServerFacts facts)
    {
        var isLocal = http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        return http.WriteJsonAsync(new Wire.ServerInfo(facts.Version, facts.StartedAt, isLocal ? facts.DataFolder : null, facts.AuthRequired()));
    }
}
