using Cairn.Core;
using Cairn.Core.Experiments;
using Cairn.Core.Triggers;
using Cairn.Server.Hosting;
using Cairn.Server.Triggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Registered pipelines and what sets them going.</summary>
internal static class TriggerEndpoints
{
    public static async Task Register(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.RegisterPipelineRequest>();
        var catalog = http.RequestServices.GetRequiredService<ExperimentCatalog>();
        var experiment = await catalog.EnsureAsync(new NewExperiment(request.Experiment), http.RequestAborted);
        var triggers = new List<NewTrigger>();
        for (var i = 0; i < (request.Triggers?.Count ?? 0); i++)
        {
            var wanted = Bind.Given(request.Triggers![i], "triggers", i);
            var place = string.IsNullOrEmpty(wanted.Experiment) ? experiment : await catalog.EnsureAsync(new NewExperiment(wanted.Experiment), http.RequestAborted);
            triggers.Add(TriggerWire.Read(wanted, place.Id, $"triggers[{i}]"));
        }

        var pipeline = await Desk(http).RegisterAsync(
            new RegisteredPipeline(
                Bind.Route(http, "name"),
                experiment.Id,
                new PipelineSource(request.Source.Kind, request.Source.Location, request.Source.Commit, request.Source.File),
                request.Changes ?? [],
                request.Who,
                RegisteredAt: 0),
            triggers,
            http.RequestAborted);
        await http.WriteJsonAsync(pipeline.ToWire(experiment.Name));
    }

    public static async Task ListPipelines(HttpContext http)
    {
        var list = new List<Wire.PipelineInfo>();
        foreach (var pipeline in await Store(http).ListPipelinesAsync(http.RequestAborted))
        {
            list.Add(await ToWireAsync(http, pipeline));
        }

        await http.WriteJsonAsync(new Wire.PipelineList(list));
    }

    public static async Task GetPipeline(HttpContext http) =>
        await http.WriteJsonAsync(await ToWireAsync(http, await Desk(http).GetPipelineAsync(Bind.Route(http, "name"), http.RequestAborted)));

    public static async Task RemovePipeline(HttpContext http)
    {
        await Desk(http).RemovePipelineAsync(Bind.Route(http, "name"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task List(HttpContext http)
    {
        var triggers = await Store(http).ListTriggersAsync(Bind.Query(http, "pipeline"), http.RequestAborted);
        await http.WriteJsonAsync(new Wire.TriggerList([.. triggers.Select(TriggerWire.ToWire)], http.RequestServices.GetRequiredService<WorkerSight>().SeenAt));
    }

    public static async Task Get(HttpContext http) =>
        await http.WriteJsonAsync((await Desk(http).GetTriggerAsync(Id(http), http.RequestAborted)).ToWire());

    public static async Task Fire(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.FireTriggerRequest>();
        await http.WriteJsonAsync((await Desk(http).FireAsync(Id(http), request.Key, request.Who, http.RequestAborted)).ToWire());
    }

    public static async Task Pause(HttpContext http) =>
        await http.WriteJsonAsync((await Desk(http).PauseAsync(Id(http), isPaused: true, http.RequestAborted)).ToWire());

    public static async Task Resume(HttpContext http) =>
        await http.WriteJsonAsync((await Desk(http).PauseAsync(Id(http), isPaused: false, http.RequestAborted)).ToWire());

    public static async Task Remove(HttpContext http)
    {
        await Desk(http).RemoveTriggerAsync(Id(http), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    /// <summary>A delivery to a webhook. It needs no key: its signature is its authority.</summary>
    public static async Task Deliver(HttpContext http)
    {
        var trigger = await Store(http).FindTriggerAsync(Id(http), http.RequestAborted);
        var delivery = await HookSignature.CheckAsync(http, trigger, http.RequestServices.GetRequiredService<TimeProvider>());
        var job = await Desk(http).DeliverAsync(trigger!, delivery, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        await http.WriteJsonAsync(job.ToWire());
    }

    public static async Task<Wire.PipelineInfo> ToWireAsync(HttpContext http, RegisteredPipeline pipeline)
    {
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        try
        {
            return pipeline.ToWire(await names.GetAsync(pipeline.ExperimentId, http.RequestAborted));
        }
        catch (CairnException gone) when (gone.Code == ErrorCode.NotFound)
        {
            // Its experiment was removed for good; the next run makes one of the pipeline's name.
            return pipeline.ToWire(pipeline.Name);
        }
    }

    private static string Id(HttpContext http) => Bind.Route(http, "triggerId");

    private static TriggerDesk Desk(HttpContext http) => http.RequestServices.GetRequiredService<TriggerDesk>();

    private static ITriggerStore Store(HttpContext http) => http.RequestServices.GetRequiredService<ITriggerStore>();
}
