using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Views;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class ViewEndpoints
{
    public static async Task List(HttpContext http)
    {
        var experiment = await ExperimentAsync(http);
        var views = await Store(http).ListAsync(experiment, Bind.Query(http, "page"), http.RequestAborted);
        await http.WriteJsonAsync(new Wire.SavedViewList([.. views.Select(ToWire)]));
    }

    public static async Task Put(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.SaveViewRequest>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        var view = new SavedView(await ExperimentAsync(http), Bind.Query(http, "page") ?? "", Bind.Query(http, "name") ?? "", request.State, now);
        view.Check();
        await Store(http).PutAsync(view, http.RequestAborted);
        await http.WriteJsonAsync(ToWire(view));
    }

    public static async Task Delete(HttpContext http)
    {
        var (page, name) = (Bind.Query(http, "page") ?? "", Bind.Query(http, "name") ?? "");
        if (!await Store(http).RemoveAsync(await ExperimentAsync(http), page, name, http.RequestAborted))
        {
            throw CairnException.NotFound($"There is no view '{name}' of the page '{page}'.");
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task<ExperimentId> ExperimentAsync(HttpContext http) =>
        (await http.RequestServices.GetRequiredService<ExperimentCatalog>().GetAsync(Bind.ExperimentId(http), http.RequestAborted)).Id;

    private static Wire.SavedViewInfo ToWire(SavedView view) => new(view.Page, view.Name, view.State, view.UpdatedAt);

    private static ISavedViewStore Store(HttpContext http) => http.RequestServices.GetRequiredService<ISavedViewStore>();
}
