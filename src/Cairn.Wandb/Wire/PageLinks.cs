using Cairn.Core.Accounts;
using Cairn.Core.Runs;
using Cairn.Wandb.Accounts;
using Cairn.Wandb.Registries;
using Cairn.Wandb.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Cairn.Wandb.Wire;

/// <summary>The addresses of pages that clients print, sent on to ours.</summary>
internal sealed class PageLinks(IRunStore runs)
{
    private const string KeyPage =
        """
        <!doctype html><html lang="en"><meta charset="utf-8"><title>Cairn: API key</title>
        <body><h1>API key</h1>
        <p>If this server was started with a key (CAIRN_API_KEY), that is the key to paste.</p>
        <p>A server without one takes any 40 letters or digits, such as <code>0000000000000000000000000000000000000000</code>.</p>
        </body></html>
        """;

    public void Map(IEndpointRouteBuilder routes)
    {
        const string entity = "/" + Entities.Default;
        routes.MapGet(WandbDoor.KeyPage, AuthorizeAsync);
        routes.MapGet(entity + "/{project}", ProjectAsync);
        routes.MapGet(entity + "/{project}/runs/{run}/{**rest}", RunAsync);
        routes.MapGet(entity + "/{project}/runs/{run}", RunAsync);
        routes.MapGet(entity + "/{project}/sweeps/{sweep}", SweepAsync);
        routes.MapGet(entity + "/{project}/artifacts/{type}/{collection}/{**version}", ArtifactAsync);
        routes.MapGet(entity + "/{project}/{**rest}", ProjectAsync);
        routes.MapGet("/orgs/{organization}/registry/{registry}", RegistryAsync);
    }

    private static Task AuthorizeAsync(HttpContext http)
    {
        if (http.RequestServices.GetRequiredService<AccountBook>().HasUsers)
        {
            http.Response.Redirect("/settings/keys");
            return Task.CompletedTask;
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        return http.Response.WriteAsync(KeyPage, http.RequestAborted);
    }

    private Task ProjectAsync(HttpContext http) => SendOnAsync(http, project => $"/experiments/{project}");

    private async Task RunAsync(HttpContext http)
    {
        var name = http.GetRouteValue("run") as string;
        if (await FindAsync(http) is { } experiment && await RunIdentity.FindAsync(runs, experiment.Id, name, http.RequestAborted) is { } run)
        {
            http.Response.Redirect($"/runs/{run.Id}");
        }
        else
        {
            throw Core.CairnException.NotFound($"There is no run '{name}' in the project '{http.GetRouteValue("project")}'.");
        }
    }

    private Task SweepAsync(HttpContext http) => SendOnAsync(http, project => $"/sweeps/{project}/{Segment(http, "sweep")}");

    private Task ArtifactAsync(HttpContext http)
    {
        var version = Segment(http, "version");
        return SendOnAsync(http, project => $"/artifacts/{project}/{Segment(http, "collection")}{(version.Length > 0 ? $"?v={version}" : "")}");
    }

    // A registry is the project of that name; "selectionPath" names the collection that is looked at.
    private Task RegistryAsync(HttpContext http)
    {
        http.Request.RouteValues["project"] = RegistryNames.Prefix + http.GetRouteValue("registry");
        var path = http.Request.Query["selectionPath"].ToString();
        var collection = path[(path.LastIndexOf('/') + 1)..];
        var version = http.Request.Query["version"].ToString();
        return SendOnAsync(
            http,
            project => collection.Length == 0
                ? $"/experiments/{project}/artifacts"
                : $"/artifacts/{project}/{Uri.EscapeDataString(collection)}{(version.Length > 0 ? $"?v={Uri.EscapeDataString(version)}" : "")}");
    }

    private async Task SendOnAsync(HttpContext http, Func<string, string> address)
    {
        var experiment = await FindAsync(http) ?? throw Core.CairnException.NotFound($"There is no project '{http.GetRouteValue("project")}'.");
        http.Response.Redirect(address(experiment.Id.ToString()));
    }

    private async Task<Core.Experiments.Experiment?> FindAsync(HttpContext http) =>
        await runs.FindExperimentAsync(http.GetRouteValue("project") as string ?? "", http.RequestAborted);

    private static string Segment(HttpContext http, string name) => Uri.EscapeDataString((http.GetRouteValue(name) as string ?? "").Trim('/'));
}
