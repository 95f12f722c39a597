using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class ExperimentEndpoints
{
    public static async Task List(HttpContext http)
    {
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var found = await store.ListExperimentsAsync(Bind.State(http), http.RequestAborted);
        await http.WriteJsonAsync(new Wire.ExperimentList([.. found.Select(one => one.Experiment.ToWire(one.RunCount, one.LastRunAt))]));
    }

    public static async Task Ensure(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.EnsureExperimentRequest>();
        var experiment = await Catalog(http).EnsureAsync(new NewExperiment(request.Name, Tags: request.Tags), http.RequestAborted);
        await http.WriteJsonAsync(experiment.ToWire());
    }

    public static async Task Get(HttpContext http)
    {
        var experiment = await Catalog(http).GetAsync(Bind.ExperimentId(http), http.RequestAborted);
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var activity = (await store.ListExperimentsAsync(LifecycleFilter.All, http.RequestAborted)).FirstOrDefault(one => one.Experiment.Id == experiment.Id);
        await http.WriteJsonAsync(experiment.ToWire(activity?.RunCount ?? 0, activity?.LastRunAt));
    }

    public static async Task Delete(HttpContext http)
    {
        await MoveAsync(http, Lifecycle.Deleted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Restore(HttpContext http) => await http.WriteJsonAsync((await MoveAsync(http, Lifecycle.Active)).ToWire());

    private static Task<Experiment> MoveAsync(HttpContext http, Lifecycle lifecycle) =>
        Catalog(http).UpdateAsync(Bind.ExperimentId(http), new ExperimentChange(Lifecycle: lifecycle), http.RequestAborted);

    private static ExperimentCatalog Catalog(HttpContext http) => http.RequestServices.GetRequiredService<ExperimentCatalog>();
}
