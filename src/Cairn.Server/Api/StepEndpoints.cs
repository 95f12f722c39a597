using System.Text.Json;
using Cairn.Core;
using Cairn.Core.Artifacts;
using Cairn.Core.Experiments;
using Cairn.Core.Runs;
using Cairn.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wire = Cairn.Client.Wire;

namespace Cairn.Server.Api;

/// <summary>
/// The steps of a run as a graph. Nobody has to declare it: what each step, with all runs below it, read and logged is in
/// the lineage, and a step that read what another one of the same run logged came after it.
/// </summary>
internal static class StepEndpoints
{
    private const int MostRuns = 5000;

    /// <summary>Tags that the runner sets (docs/pipelines.md).</summary>
    private const string NameTag = "cairn.step.name", ReasonTag = "cairn.step.reason", SameTag = "cairn.step.same", StateTagPrefix = "cairn.steps.", EntryPointTag = "mlflow.project.entryPoint", GraphTag = "cairn.pipeline.graph";

    private sealed record Step(string Name, Run Run, string State, string? Reason, List<string> Inputs, List<string> Outputs);

    public static async Task Get(HttpContext http)
    {
        var id = Bind.RunId(http);
        var cancellation = http.RequestAborted;
        var store = http.RequestServices.GetRequiredService<IRunStore>();
        var names = new ExperimentNames(http.RequestServices.GetRequiredService<ExperimentCatalog>());
        var snapshot = await store.FindRunAsync(id, cancellation) ?? throw CairnException.NotFound($"Run with id={id} not found");
        var steps = await StepsAsync(http, store, snapshot);
        var nodes = new List<Wire.StepNode>();
        foreach (var step in steps)
        {
            nodes.Add(new Wire.StepNode(
                step.Name,
                step.Run.ToWire(await names.GetAsync(step.Run.ExperimentId, cancellation)),
                step.State,
                step.Reason,
                NeedsOf(step, steps),
                step.Inputs,
                step.Outputs));
        }

        await http.WriteJsonAsync(new Wire.StepGraph(snapshot.Run.ToWire(await names.GetAsync(snapshot.Run.ExperimentId, cancellation)), nodes));
    }

    private static async Task<List<Step>> StepsAsync(HttpContext http, IRunStore store, RunSnapshot parent)
    {
        var steps = new List<Step>();
        var children = new List<RunSnapshot>();
        foreach (var child in await store.ListChildrenAsync(parent.Run.Id, http.RequestAborted))
        {
            children.Add((await store.FindRunAsync(child.Id, http.RequestAborted))!);
        }

        // Where some children are components, the others are what those logged beside.
        var components = children.Where(child => child.Tags.ContainsKey(NameTag) || child.Tags.ContainsKey(EntryPointTag)).ToList();
        foreach (var child in components.Count > 0 ? components : children)
        {
            var same = child.Tags.TryGetValue(SameTag, out var text) && RunId.TryParse(text, out var sameId) ? await FindReadableAsync(store, sameId, http.RequestAborted) : null;
            steps.Add(await StepAsync(http, store, NameOf(child), same ?? child, same is null ? null : "cached", child.Tags.GetValueOrDefault(ReasonTag)));
        }

        await AddCachedAsync(http, store, parent, steps);
        return steps;
    }

    /// <summary>Steps of a pipeline that were not run again have no run here: the pipeline's tags name the earlier one.</summary>
    private static async Task AddCachedAsync(HttpContext http, IRunStore store, RunSnapshot parent, List<Step> steps)
    {
        foreach (var (tag, value) in parent.Tags.Where(tag => tag.Key.StartsWith(StateTagPrefix, StringComparison.Ordinal)).OrderBy(tag => tag.Key, StringComparer.Ordinal))
        {
            var parts = value.Split('|', 4);
            if (parts is ["cached", var run, _, var reason] && RunId.TryParse(run, out var id)
                && steps.TrueForAll(step => step.Run.Id != id) && await FindReadableAsync(store, id, http.RequestAborted) is { } earlier)
            {
                steps.Insert(0, await StepAsync(http, store, StepNameOf(tag), earlier, "cached", reason));
            }
        }

        if (parent.Tags.TryGetValue(GraphTag, out var graph))
        {
            // As the pipeline's file has them.
            using var document = JsonDocument.Parse(graph);
            var order = document.RootElement.EnumerateObject().Select(step => step.Name).ToList();
            var sorted = steps.OrderBy(step => order.IndexOf(step.Name.Split('[')[0]) is var index && index < 0 ? int.MaxValue : index).ToList();
            steps.Clear();
            steps.AddRange(sorted);
        }
    }

    /// <summary>"part.0" stands for part[0]: names of tags hold no brackets.</summary>
    private static string StepNameOf(string tag)
    {
        var name = tag[StateTagPrefix.Length..];
        var dot = name.LastIndexOf('.');
        return dot > 0 && dot < name.Length - 1 && name.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? $"{name[..dot]}[{name[(dot + 1)..]}]" : name;
    }

    // The run whose work was not done again may be in an experiment that the reader may not read.
    private static async Task<RunSnapshot?> FindReadableAsync(IRunStore store, RunId id, CancellationToken cancellationToken)
    {
        try
        {
            return await store.FindRunAsync(id, cancellationToken);
        }
        catch (CairnException refusal) when (refusal.Code == ErrorCode.Forbidden)
        {
            return null;
        }
    }

    private static async Task<Step> StepAsync(HttpContext http, IRunStore store, string name, RunSnapshot run, string? state, string? reason)
    {
        var artifacts = http.RequestServices.GetRequiredService<IArtifactStore>();
        var step = new Step(name, run.Run, state ?? run.Run.Status.ToWire(), reason, [], []);
        var open = new Queue<RunId>([run.Run.Id]);
        for (var seen = 0; open.TryDequeue(out var id) && seen < MostRuns; seen++)
        {
            foreach (var edge in await artifacts.ReadEdgesAsync(id, http.RequestAborted))
            {
                var label = $"{edge.Key.Name}:{WireMap.Label(edge.Index)}";
                var list = edge.Direction == LineageDirection.Input ? step.Inputs : step.Outputs;
                if (!list.Contains(label))
                {
                    list.Add(label);
                }
            }

            foreach (var child in await store.ListChildrenAsync(id, http.RequestAborted))
            {
                open.Enqueue(child.Id);
            }
        }

        return step;
    }

    private static List<string> NeedsOf(Step step, List<Step> steps) => steps
        .Where(other => other != step && other.Outputs.Intersect(step.Inputs.Except(step.Outputs), StringComparer.Ordinal).Any())
        .Select(other => other.Name).Distinct().ToList();

    private static string NameOf(RunSnapshot run)
    {
        if (run.Tags.TryGetValue(NameTag, out var name))
        {
            // "PIPELINE/STEP"
            return name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
        }

        return run.Run.Name;
    }
}
