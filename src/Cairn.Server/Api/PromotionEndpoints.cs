using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Promotion;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>Gates, decisions, approvals and rollbacks.</summary>
internal static class PromotionEndpoints
{
    public static async Task ListAll(HttpContext http)
    {
        var catalog = http.RequestServices.GetRequiredService<ExperimentCatalog>();
        var experiment = Bind.Query(http, "experiment") is { } name ? (ExperimentId?)(await catalog.GetAsync(name, http.RequestAborted)).Id : null;
        await WriteGatesAsync(http, await Store(http).ListGatesAsync(experiment, name: null, http.RequestAborted));
    }

    public static async Task List(HttpContext http)
    {
        var key = Bind.ArtifactKey(http);
        await WriteGatesAsync(http, await Store(http).ListGatesAsync(key.ExperimentId, key.Name, http.RequestAborted));
    }

    public static async Task Get(HttpContext http) => await http.WriteJsonAsync(await ToWireAsync(http, await Desk(http).GetAsync(Place(http), http.RequestAborted)));

    public static async Task Put(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.SetGateRequest>();
        var gate = await Desk(http).SetAsync(
            Place(http),
            PolicyOf(request),
            request.Who,
            request.Source,
            request.OnlyIfMissing,
            http.RequestAborted);
        await http.WriteJsonAsync(await ToWireAsync(http, gate));
    }

    public static async Task Delete(HttpContext http)
    {
        await Desk(http).RemoveAsync(Place(http), Bind.Query(http, "who"), Bind.Query(http, "why"), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public static async Task Judge(HttpContext http)
    {
        var place = Place(http);
        var verdict = await Desk(http).JudgeAsync(place, Bind.Version(Bind.Query(http, "version")), http.RequestAborted);
        if (verdict is null)
        {
            // Says what is missing.
            await Desk(http).GetAsync(place, http.RequestAborted);
        }

        await http.WriteJsonAsync(verdict!.ToWire());
    }

    public static async Task Try(HttpContext http)
    {
        var policy = PolicyOf(await http.ReadJsonAsync<Wire.SetGateRequest>());
        var verdict = await Desk(http).TryAsync(Place(http), policy, VersionReference.Parse(Bind.Query(http, "version")), http.RequestAborted);
        await http.WriteJsonAsync(verdict.ToWire());
    }

    public static async Task ListDecisions(HttpContext http)
    {
        var limit = (int)Bind.Number(http, "limit", missing: 100, least: 1, most: 1000);
        var decisions = await Store(http).ReadDecisionsAsync(Bind.ArtifactKey(http), Bind.Query(http, "alias"), limit, http.RequestAborted);
        await http.WriteJsonAsync(new Wire.DecisionList([.. decisions.Select(PromotionWire.ToWire)]));
    }

    public static async Task ListApprovals(HttpContext http)
    {
        var version = await http.RequestServices.GetRequiredService<ArtifactCatalog>()
            .GetAsync(Bind.ArtifactKey(http), Bind.Version(Bind.Route(http, "version")), http.RequestAborted);
        await WriteApprovalsAsync(http, await Store(http).ReadApprovalsAsync(version.Key, version.Index, http.RequestAborted));
    }

    public static async Task Approve(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.ApproveRequest>();
        bool? granted = request.Verdict switch
        {
            "approve" => true,
            "object" => false,
            "withdraw" => null,
            _ => throw CairnException.Invalid("verdict", "'verdict' must be approve, object or withdraw."),
        };
        await WriteApprovalsAsync(
            http,
            await Desk(http).ApproveAsync(
                new GatePlace(Bind.ArtifactKey(http), request.Alias), Bind.Version(Bind.Route(http, "version")), request.Who, granted, request.Why, http.RequestAborted));
    }

    public static async Task RollBack(HttpContext http)
    {
        var request = await http.ReadJsonAsync<Wire.RollbackRequest>();
        var change = await Desk(http).RollBackAsync(
            Place(http),
            VersionEndpoints.ReadExpected(request.Expect),
            request.Who,
            request.Why,
            request.RunId is { } run ? RunId.Parse(run) : null,
            http.RequestAborted);
        await http.WriteJsonAsync(change.ToWire());
    }

    private static GatePolicy PolicyOf(Wire.SetGateRequest request) => new(
        string.IsNullOrWhiteSpace(request.When) ? null : request.When,
        Given(request.Checks, "checks"),
        request.Approvals,
        Given(request.Approvers, "approvers"),
        string.IsNullOrEmpty(request.Data) ? null : request.Data,
        string.IsNullOrEmpty(request.Stage) ? null : request.Stage);

    private static List<string>? Given(IReadOnlyList<string>? names, string list) =>
        names?.Select((name, i) => Bind.Given(name, list, i)).ToList();

    private static async Task WriteGatesAsync(HttpContext http, IReadOnlyList<Gate> gates)
    {
        var list = new List<Wire.GateInfo>();
        foreach (var gate in gates)
        {
            list.Add(await ToWireAsync(http, gate));
        }

        await http.WriteJsonAsync(new Wire.GateList(list));
    }

    private static Task WriteApprovalsAsync(HttpContext http, IReadOnlyList<Approval> approvals) =>
        http.WriteJsonAsync(new Wire.ApprovalList(
            [.. approvals.Select(approval => new Wire.ApprovalInfo(approval.Place.Alias, WireMap.Label(approval.Index), approval.Who, approval.IsGranted, approval.Why, approval.At))]));

    private static async Task<Wire.GateInfo> ToWireAsync(HttpContext http, Gate gate) => new(
        gate.Place.Key.ExperimentId.ToString(),
        await Names(http).GetAsync(gate.Place.Key.ExperimentId, http.RequestAborted),
        gate.Place.Key.Name,
        gate.Place.Alias,
        gate.Policy.When,
        gate.Policy.Checks,
        gate.Policy.Approvals,
        gate.Policy.Approvers,
        gate.Policy.Data,
        gate.Policy.Stage,
        gate.SetBy,
        gate.Source,
        gate.SetAt);

    private static GatePlace Place(HttpContext http) => new(Bind.ArtifactKey(http), Bind.Alias(http));

    private static ExperimentNames Names(HttpContext http) => new(http.RequestServices.GetRequiredService<ExperimentCatalog>());

    private static PromotionDesk Desk(HttpContext http) => http.RequestServices.GetRequiredService<PromotionDesk>();

    private static IArtifactStore Store(HttpContext http) => http.RequestServices.GetRequiredService<IArtifactStore>();
}
