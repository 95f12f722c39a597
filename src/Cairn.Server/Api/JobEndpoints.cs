using Cairn.Core;
using Cairn.Core.Triggers;
using Cairn.Server.Hosting;
using Cairn.Server.Triggers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Jobs: what people see of them, and what workers do with them.</summary>
internal static class JobEndpoints
{
    public static async Task List(HttpContext http)
    {
        JobState? state = Bind.Query(http, "state") switch
        {
            null => null,
            "waiting" => JobState.Waiting,
            "running" => JobState.Running,
            var final => ReadEnd(final),
        };
        var query = new JobQuery(Bind.Query(http, "pipeline"), Bind.Query(http, "trigger"), state, (int)Bind.Number(http, "limit", missing: 100, least: 1, most: 1000));
        var jobs = await http.RequestServices.GetRequiredService<ITriggerStore>().ListJobsAsync(query, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.JobList([.. jobs.Select(TriggerWire.ToWire)]));
    }

    public static async Task Get(HttpContext http) => await http.WriteJsonAsync((await Desk(http).GetJobAsync(Id(http), http.RequestAborted)).ToWire());

    public static async Task Cancel(HttpContext http) => await http.WriteJsonAsync((await Desk(http).CancelAsync(Id(http), http.RequestAborted)).ToWire());

    public static async Task Launch(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.LaunchRequest>();
        Core.Runs.RunSnapshot? goOn = null;
        if (request.RunId is { } text)
        {
            var id = Core.Runs.RunId.Parse(text);
            goOn = await http.RequestServices.GetRequiredService<Core.Runs.IRunStore>().FindRunAsync(id, http.RequestAborted)
                ?? throw CairnException.NotFound($"Run with id={id} not found");
        }

        var job = await Desk(http).LaunchAsync(Bind.Route(http, "name"), request.Changes ?? [], request.Key, request.Who, goOn, http.RequestAborted);
        await http.WriteJsonAsync(job.ToWire());
    }

    public static async Task Lease(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.LeaseJobRequest>();
        http.RequestServices.GetRequiredService<WorkerSight>().Note();
        var job = await Desk(http).LeaseAsync(request.Worker, Span(request.Seconds), http.RequestAborted);
        if (job is null)
        {
            await http.WriteJsonAsync(new Wire.LeaseAnswer(null));
            return;
        }

        var pipeline = await http.RequestServices.GetRequiredService<ITriggerStore>().FindPipelineAsync(job.Pipeline, http.RequestAborted);
        if (pipeline is null)
        {
            await Desk(http).EndAsync(job.Id, job.Token, JobState.Cancelled, "the pipeline was removed", CancellationToken.None);
            await http.WriteJsonAsync(new Wire.LeaseAnswer(null));
            return;
        }

        await http.WriteJsonAsync(new Wire.LeaseAnswer(new Wire.JobLease(job.ToWire(), job.Token, await TriggerEndpoints.ToWireAsync(http, pipeline))));
    }

    public static async Task Heartbeat(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.HeartbeatRequest>();
        http.RequestServices.GetRequiredService<WorkerSight>().Note();
        await http.WriteJsonAsync((await Desk(http).ProlongAsync(Id(http), request.Token, Span(request.Seconds), http.RequestAborted)).ToWire());
    }

    public static async Task End(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.EndJobRequest>();
        await http.WriteJsonAsync((await Desk(http).EndAsync(Id(http), request.Token, ReadEnd(request.State), request.Message, http.RequestAborted)).ToWire());
    }

    private static JobState ReadEnd(string state) => state switch
    {
        "finished" => JobState.Finished,
        "failed" => JobState.Failed,
        "cancelled" => JobState.Cancelled,
        _ => throw CairnException.Invalid("state", "'state' must be finished, failed or cancelled (or, in a list, waiting or running)."),
    };

    private static TimeSpan Span(int seconds) => seconds is >= 5 and <= 3600
        ? TimeSpan.FromSeconds(seconds)
        : throw CairnException.Invalid("seconds", $"'seconds' is {seconds}; it must be a whole number from 5 to 3600.");

    private static string Id(HttpContext http) => Bind.Route(http, "jobId");

    private static TriggerDesk Desk(HttpContext http) => http.RequestServices.GetRequiredService<TriggerDesk>();
}
