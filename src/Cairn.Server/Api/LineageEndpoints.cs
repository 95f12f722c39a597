using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

internal static class LineageEndpoints
{
    public static async Task Get(HttpContext http)
    {
        var cancellation = http.RequestAborted;
        var store = http.RequestServices.GetRequiredService<IArtifactStore>();
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var start = await StartAsync(http);
        var depth = (int)Bind.Number(http, "depth", missing: 10, least: 1, most: 100);
        var (edges, beyond) = await http.RequestServices.GetRequiredService<Lineage>().WalkAsync(start, depth, cancellation);

        var nodes = new List<Wire.LineageNode>();
        var runIds = edges.Select(edge => edge.RunId).Concat(start.Run is { } run ? [run] : []).Distinct().ToList();
        foreach (var info in await names.ToWireAsync(
            await http.RequestServices.GetRequiredService<IRunStore>().FindRunsAsync(runIds, cancellation),
            cancellation))
        {
            nodes.Add(new Wire.LineageNode($"run:{info.Id}", info, null, beyond.GetValueOrDefault(LineageStart.Of(RunId.Parse(info.Id)))));
        }

        var versions = edges.Select(edge => (edge.Key, edge.Index)).Concat(start.Key is { } key ? [(key, start.Index)] : []).Distinct();
        foreach (var (artifact, index) in versions)
        {
            var version = await store.FindVersionAsync(artifact, new VersionReference(index, null), cancellation);
            nodes.Add(new Wire.LineageNode(
                IdOf(artifact, index),
                null,
                version?.ToWire(await names.GetAsync(artifact.ExperimentId, cancellation)),
                beyond.GetValueOrDefault(LineageStart.Of(artifact, index))));
        }

        await http.WriteJsonAsync(new Wire.LineageGraph(nodes, [.. edges.Select(ToWire)]));
    }

    private static Wire.LineageEdge ToWire(LineageEdge edge)
    {
        var run = $"run:{edge.RunId}";
        var version = IdOf(edge.Key, edge.Index);
        return edge.Direction == LineageDirection.Input ? new Wire.LineageEdge(version, run) : new Wire.LineageEdge(run, version);
    }

    private static string IdOf(ArtifactKey key, int index) => $"version:{key}:{WireMap.Label(index)}";

    private static async Task<LineageStart> StartAsync(HttpContext http)
    {
        if (Bind.Query(http, "run") is { } text)
        {
            var id = RunId.Parse(text);
            var found = await http.RequestServices.GetRequiredService<IRunStore>().FindRunsAsync([id], http.RequestAborted);
            return found.Count > 0 ? LineageStart.Of(id) : throw CairnException.NotFound($"Run with id={id} not found");
        }

        var reference = Bind.Query(http, "version") ?? throw CairnException.Invalid("run", "Name a start: 'run' or 'version'.");
        var (experiment, name, version) = Bind.Reference(reference, "version");
        if (!ExperimentId.TryParse(experiment, out var experimentId))
        {
            throw CairnException.Invalid("version", "'version' must be {experimentId}/{name}:{version}.");
        }

        var key = new ArtifactKey(experimentId, name);
        var resolved = await http.RequestServices.GetRequiredService<ArtifactCatalog>().GetAsync(key, version, http.RequestAborted);
        return LineageStart.Of(key, resolved.Index);
    }
}
