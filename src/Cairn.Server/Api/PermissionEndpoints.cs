using Cairn.Core;
using Cairn.Core.Access;
using Cairn.Core.Experiments;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Who may do what with an experiment or a registered model: for those who manage it.</summary>
internal static class PermissionEndpoints
{
    public static async Task OfExperiment(HttpContext http) => await ListAsync(http, await ExperimentAsync(http));

    public static async Task SetOfExperiment(HttpContext http) => await SetAsync(http, await ExperimentAsync(http));

    public static async Task RemoveOfExperiment(HttpContext http) => await RemoveAsync(http, await ExperimentAsync(http));

    public static Task OfModel(HttpContext http) => ListAsync(http, Model(http));

    public static Task SetOfModel(HttpContext http) => SetAsync(http, Model(http));

    public static Task RemoveOfModel(HttpContext http) => RemoveAsync(http, Model(http));

    private static async Task ListAsync(HttpContext http, GrantPlace place)
    {
        var given = await Desk(http).ListAsync(place, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.PermissionList(
            [.. given.Select(grant => new Wire.PermissionInfo(grant.User.Name, PermissionNames.Of(grant.Permission)))],
            PermissionNames.Of(http.RequestServices.GetRequiredService<AccessGuard>().ByDefault)));
    }

    private static async Task SetAsync(HttpContext http, GrantPlace place)
    {
        var request = await http.ReadJsonAsync<Wire.SetPermissionRequest>();
        var permission = PermissionNames.Parse(request.Permission, "permission");
        var user = await Desk(http).SetAsync(place, Bind.Route(http, "user"), permission, GrantWrite.Set, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.PermissionInfo(user.Name, PermissionNames.Of(permission)));
    }

    private static async Task RemoveAsync(HttpContext http, GrantPlace place)
    {
        await Desk(http).RemoveAsync(place, Bind.Route(http, "user"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>By number or name.</summary>
    private static async Task<GrantPlace> ExperimentAsync(HttpContext http) =>
        GrantPlace.Of((await http.RequestServices.GetRequiredService<ExperimentCatalog>()
            .GetAsync(Bind.Route(http, "experimentId").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), http.RequestAborted)).Id);

    private static GrantPlace Model(HttpContext http) => GrantPlace.Of(
        Bind.Query(http, "model") ?? throw CairnException.Invalid("model", "Name the registered model: ?model=NAME."));

    private static PermissionDesk Desk(HttpContext http) => http.RequestServices.GetRequiredService<PermissionDesk>();
}
