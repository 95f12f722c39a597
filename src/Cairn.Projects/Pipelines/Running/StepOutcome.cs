using Cairn.Client.Wire;
using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>What later steps may know of one that is over.</summary>
internal sealed record StepOutcome(StepState State, string? Reason, RunDetail? Run, IReadOnlyList<StepOutcome>? Each = null)
{
    public bool HasResult => State is StepState.Cached or StepState.Succeeded;

    public static StepOutcome Without(StepState state, string reason) => new(state, reason, null);

    /// <summary>steps.NAME.outputs.KEY and its like. A step that ran for each of several things answers a list.</summary>
    /// <exception cref="ExpressionException">It is not there.</exception>
    public PlainValue Find(PipelineStep step, IReadOnlyList<string> path)
    {
        if (Each is not null)
        {
            return new ListValue(Each.Select(one => one.Find(step, path)).ToArray());
        }

        var run = Run ?? throw new ExpressionException($"step '{step.Name}' has no run.");
        var key = string.Join('.', path.Skip(1));
        return path[0] switch
        {
            "run" when path.Count == 1 => new TextValue(run.Run.Id),
            "outputs" when path.Count == 2 => Output(step, key, run),
            "metrics" => run.Metrics.FirstOrDefault(metric => metric.Key == key) is { } metric
                ? new NumberValue(metric.Value)
                : throw new ExpressionException($"step '{step.Name}' logged no metric '{key}'; it logged {List(run.Metrics.Select(m => m.Key))}."),
            "params" => run.Params.TryGetValue(key, out var value)
                ? PlainValue.OfText(value.ToString())
                : throw new ExpressionException($"step '{step.Name}' has no parameter '{key}'."),
            _ => throw new ExpressionException($"'steps.{step.Name}.{string.Join('.', path)}' leads nowhere."),
        };
    }

    /// <summary>By the declared key, else by the artifact's name, else by its name without the ending.</summary>
    private static ArtifactValue Output(PipelineStep step, string key, RunDetail run)
    {
        var declared = step.Outputs.Where(output => output.Key == key).Select(output => output.Value).FirstOrDefault();
        var found = declared is not null
            ? run.Outputs.LastOrDefault(use => use.Version.Name == declared)
            : run.Outputs.LastOrDefault(use => use.Version.Name == key) ?? run.Outputs.LastOrDefault(use => Path.GetFileNameWithoutExtension(use.Version.Name) == key);
        return found is { Version: var version }
            ? new ArtifactValue(version.Name, version.Version, version.Digest)
            : throw new ExpressionException($"step '{step.Name}' logged no artifact '{declared ?? key}'; it logged {List(run.Outputs.Select(use => use.Version.Name))}.");
    }

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Distinct().Select(name => $"'{name}'")) is { Length: > 0 } list ? list : "nothing";
}
