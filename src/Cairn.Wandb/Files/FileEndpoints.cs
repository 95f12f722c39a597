using Cairn.Core;
using Cairn.Core.Files;
using Cairn.Core.Runs;
using Cairn.Wandb.Runs;
using Cairn.Wandb.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Cairn.Wandb.Files;

/// <summary>The bytes of a run's files: signed addresses without a key, <c>/files/{entity}/{project}/{run}/{path}</c> with one.</summary>
internal sealed class FileEndpoints(WandbServices services, SignedLinks links)
{
    /// <summary><c>PUT /wandb/signed/put/{until}/{mark}/run/{id}/{path}</c>.</summary>
    public async Task PutAsync(HttpContext http)
    {
        var (run, path) = Signed(http, "put");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        await services.Files.PutAsync(FileOwner.Of(run), path, http.Request.Body, expected: null, http.Request.ContentLength, http.RequestAborted);
    }

    /// <summary><c>GET /wandb/signed/get/{until}/{mark}/run/{id}/{path}</c>.</summary>
    public async Task GetSignedAsync(HttpContext http)
    {
        var (run, path) = Signed(http, "get");
        await SendAsync(http, run, path);
    }

    /// <summary><c>GET /files/{entity}/{project}/{run}/{path}</c>.</summary>
    public async Task GetAsync(HttpContext http)
    {
        var project = Value(http, "project");
        var name = Value(http, "run");
        var run = await services.Runs.FindExperimentAsync(project, http.RequestAborted) is { } experiment
            ? await RunIdentity.FindAsync(services.Runs, experiment.Id, name, http.RequestAborted)
            : null;
        await SendAsync(http, (run ?? throw CairnException.NotFound($"There is no run '{name}' in the project '{project}'.")).Id, Value(http, "path"));
    }

    private (RunId Run, string Path) Signed(HttpContext http, string verb)
    {
        var run = Value(http, "id");
        var path = Value(http, "path");
        links.Check(verb, Value(http, "until"), Value(http, "mark"), $"run/{run}/{path}");
        return (RunId.Parse(run), path);
    }

    private async Task SendAsync(HttpContext http, RunId run, string path)
    {
        var (file, content) = await services.Files.OpenAsync(FileOwner.Of(run), path, http.RequestAborted);
        await using (content)
        {
            await SafeDownload.SendAsync(http, content, file.Path, file.Digest);
        }
    }

    private static string Value(HttpContext http, string name) => http.GetRouteValue(name) as string ?? "";
}
