using Cairn.Core;
using Cairn.Core.Runs;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Cairn.Wandb.Streams;

/// <summary><c>POST /files/{entity}/{project}/{run}/file_stream</c>: what a run says while it runs. Answered when it is on disk.</summary>
internal sealed class FileStreamEndpoint(WandbServices services, RunDesks desks)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = FileStreamBody.Largest;
        }

        var run = await FindAsync(http);
        var bytes = await FileStreamBody.ReadAsync(http.Request, http.RequestAborted);
        using var body = LenientJson.Parse(bytes, "body");
        using var desk = await desks.EnterAsync(run.Id, http.RequestAborted);
        try
        {
            var now = services.Clock.GetUtcNow().ToUnixTimeMilliseconds();
            desk.State ??= await StreamState.LoadAsync(services.Runs, run.Id, http.RequestAborted);
            var before = FileStreamChunk.Ends(body.RootElement) ? await BeforeAsync(run.Id, http.RequestAborted) : null;
            var update = new FileStreamChunk(run, desk.State, now, before).Read(body.RootElement);
            run = await services.Journal.ApplyAsync(update, CancellationToken.None);
        }
        catch
        {
            // The state has taken in what was not written.
            desk.State = null;
            throw;
        }

        await AnswerAsync(http, run);
    }

    private async Task<RunBefore> BeforeAsync(RunId run, CancellationToken cancellationToken) => new(
        await services.Runs.FindDocumentAsync(run, RunSummary.Document, cancellationToken),
        (await services.Runs.FindRunAsync(run, cancellationToken))?.Latest ?? []);

    private async Task<Run> FindAsync(HttpContext http)
    {
        var project = (string?)http.GetRouteValue("project");
        var name = (string?)http.GetRouteValue("run");
        return await services.Runs.FindExperimentAsync(project ?? "", http.RequestAborted) is { } experiment
            && await RunIdentity.FindAsync(services.Runs, experiment.Id, name, http.RequestAborted) is { } run
                ? run
                : throw CairnException.NotFound($"There is no run '{name}' in the project '{project}'.");
    }

    private static Task AnswerAsync(HttpContext http, Run run)
    {
        http.Response.ContentType = "application/json";
        var stopped = run.StopRequested && !run.IsOver ? "true" : "false";
        return http.Response.WriteAsync(
            $$$"""{"exitcode":null,"limits":{"heartbeat_seconds":30,"system_sample_seconds":2},"stopped":{{{stopped}}}}""",
            http.RequestAborted);
    }
}
