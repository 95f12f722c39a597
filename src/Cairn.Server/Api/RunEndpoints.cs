using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Accounts;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Core.Security;
using Cairn.Core.Search;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class RunEndpoints
{
    private const int LargestPage = 10_000;

    public static async Task Create(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.CreateRunRequest>();
        var catalog = http.RequestServices.GetRequiredService<ExperimentCatalog>();
        var experiment = request.ExperimentId is { } id ? await catalog.GetAsync(id, http.RequestAborted)
            : request.Experiment is { Length: > 0 } name ? await catalog.EnsureAsync(new NewExperiment(name), http.RequestAborted)
            : await catalog.GetAsync(ExperimentId.Default, http.RequestAborted);
        var asked = RunUpdates.ToNewRun(request, experiment.Id);
        var run = await Journal(http).CreateAsync(asked with { ParentId = asked.ParentId ?? http.Features.Get<LaunchedBy>()?.Run }, http.RequestAborted);
        await http.WriteJsonAsync(run.ToWire(experiment.Name));
    }

    public static async Task IssueLaunchToken(HttpContext http)
    {
        const int longest = 90 * 24;
        var id = Bind.RunId(http);
        if ((await Store(http).FindRunsAsync([id], http.RequestAborted)).Count == 0)
        {
            throw CairnException.NotFound($"Run with id={id} not found");
        }

        var hours = Bind.Number(http, "hours", missing: 7 * 24, least: 1, longest);
        var (token, expiresAt) = http.RequestServices.GetRequiredService<LaunchTokens>().Issue(id, TimeSpan.FromHours(hours), Caller.Current.UserId);
        await http.WriteJsonAsync(new Wire.LaunchToken(token, expiresAt));
    }

    public static async Task Update(HttpContext http)
    {
        var body = await http.ReadJsonAsync<Wire.RunUpdate>();
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds();
        await Journal(http).ApplyAsync(RunUpdates.ToUpdate(Bind.RunId(http), body, now), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Search(HttpContext http)
    {
        var catalog = http.RequestServices.GetRequiredService<ExperimentCatalog>();
        var names = new ExperimentNames(catalog);
        var limit = (int)Bind.Number(http, "limit", missing: 100, least: 1, LargestPage);
        var (offset, after) = RunPageToken.Read(Bind.Query(http, "pageToken"));
        var query = await RunSearchBinding.ReadAsync(http, catalog, names) with
        {
            OrderBy = [.. OrderByParser.ParseRunOrder(Bind.All(http, "orderBy"), SearchDialect.Extended).Select(ordering => ordering with { NumbersByValue = ordering.Field.Kind is FieldKind.Param or FieldKind.Tag })],
            Limit = limit + 1,
            Offset = offset,
            After = after,
        };
        var found = await Store(http).SearchRunsAsync(query, http.RequestAborted);
        var rows = new List<Wire.RunRow>();
        foreach (var snapshot in found.Take(limit))
        {
            rows.Add(snapshot.ToRow(await names.GetAsync(snapshot.Run.ExperimentId, http.RequestAborted)));
        }

        var next = found.Count > limit ? RunPageToken.Write(offset + limit, RunPosition.Of(found[limit - 1], query.OrderBy)) : null;
        await http.WriteJsonAsync(new Wire.RunPage(rows, next));
    }

    public static async Task Get(HttpContext http)
    {
        var id = Bind.RunId(http);
        var store = Store(http);
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var cancellation = http.RequestAborted;
        var snapshot = await store.FindRunAsync(id, cancellation) ?? throw CairnException.NotFound($"Run with id={id} not found");
        var (inputs, outputs) = await UsesAsync(http, id, names);
        var parents = snapshot.Run.ParentId is { } parent ? await store.FindRunsAsync([parent], cancellation) : [];
        var logs = await store.ReadLogsAsync(id, long.MaxValue, limit: 0, cancellation);
        await http.WriteJsonAsync(new Wire.RunDetail(
            snapshot.Run.ToWire(await names.GetAsync(snapshot.Run.ExperimentId, cancellation)),
            WireMap.ToJson(snapshot.Params),
            snapshot.Tags,
            [.. snapshot.Latest.Select(metric => new Wire.MetricInfo(metric.Key, metric.Point.Value, metric.Point.Step, metric.Point.Time))],
            WireMap.ToJson(snapshot.Summary),
            inputs,
            outputs,
            [.. (await store.ReadMediaAsync(id, cancellation)).Select(media => media.ToWire())],
            parents.Count > 0 ? parents[0].ToWire(await names.GetAsync(parents[0].ExperimentId, cancellation)) : null,
            await names.ToWireAsync(await store.ListChildrenAsync(id, cancellation), cancellation),
            logs.Total,
            snapshot.Run.StopRequested,
            await AlertsAsync(store, id, cancellation)));
    }

    /// <summary>Asks a run to stop. What carries it out hears of it and ends; nothing is changed but the request.</summary>
    public static async Task Stop(HttpContext http)
    {
        var id = Bind.RunId(http);
        var found = await Store(http).FindRunsAsync([id], http.RequestAborted);
        var run = found.Count > 0 ? found[0] : throw CairnException.NotFound($"Run with id={id} not found");
        if (run.IsOver)
        {
            throw new CairnException(ErrorCode.FailedPrecondition, $"The run '{run.Name}' is over already ({WireMap.ToWire(run.Status)}).");
        }

        run = await Journal(http).ApplyAsync(new RunUpdate(id) { StopRequested = true }, http.RequestAborted);
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        await http.WriteJsonAsync(run.ToWire(await names.GetAsync(run.ExperimentId, http.RequestAborted)));
    }

    public static async Task Delete(HttpContext http)
    {
        await Journal(http).ApplyAsync(new RunUpdate(Bind.RunId(http)) { Lifecycle = Lifecycle.Deleted }, http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Restore(HttpContext http)
    {
        var run = await Journal(http).ApplyAsync(new RunUpdate(Bind.RunId(http)) { Lifecycle = Lifecycle.Active }, http.RequestAborted);
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        await http.WriteJsonAsync(run.ToWire(await names.GetAsync(run.ExperimentId, http.RequestAborted)));
    }

    private static async Task<IReadOnlyList<Wire.AlertInfo>?> AlertsAsync(IRunStore store, RunId id, CancellationToken cancellationToken) =>
        await store.FindDocumentAsync(id, RunDocument.Alerts, cancellationToken) is { } json
            ? JsonSerializer.Deserialize(json, Wire.CairnJson.Default.IReadOnlyListAlertInfo)
            : null;

    private static async Task<(List<Wire.LineageUse> Inputs, List<Wire.LineageUse> Outputs)> UsesAsync(HttpContext http, RunId id, ExperimentNames names)
    {
        var artifacts = http.RequestServices.GetRequiredService<IArtifactStore>();
        var inputs = new List<Wire.LineageUse>();
        var outputs = new List<Wire.LineageUse>();
        foreach (var edge in await artifacts.ReadEdgesAsync(id, http.RequestAborted))
        {
            // A deleted version stays in the lineage of what was made of it, but there is nothing left to show.
            if (await artifacts.FindVersionAsync(edge.Key, new VersionReference(edge.Index, null), http.RequestAborted) is { } version)
            {
                var use = new Wire.LineageUse(version.ToWire(await names.GetAsync(edge.Key.ExperimentId, http.RequestAborted)), edge.At, edge.UsedAs);
                (edge.Direction == LineageDirection.Input ? inputs : outputs).Add(use);
            }
        }

        return (inputs, outputs);
    }

    private static RunJournal Journal(HttpContext http) => http.RequestServices.GetRequiredService<RunJournal>();

    private static IRunStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IRunStore>();
}
