using Cairn.Projects.Reading;

namespace Cairn.Projects.Pipelines;

/// <summary>What in a pipeline refers to something that is not there, or goes round.</summary>
internal sealed class GraphChecker(ProjectFindings findings)
{
    private static readonly string[] Roots = ["params", "steps", "env", "item", "pipeline"];
    private static readonly string[] OfStep = ["outputs", "metrics", "params", "run"];

    public void Check(Pipeline pipeline)
    {
        var names = pipeline.Steps.Select(step => step.Name).ToArray();
        foreach (var step in pipeline.Steps)
        {
            foreach (var need in step.Needs.Where(need => !names.Contains(need)))
            {
                var (line, column) = step.PlaceOf("needs");
                findings.Fault(line, column, $"steps.{step.Name}.needs", $"There is no step '{need}'.", Near(need, names));
            }

            foreach (var template in step.Templates)
            {
                foreach (var path in template.Paths)
                {
                    Check(pipeline, step, names, template.Node, path);
                }
            }
        }

        foreach (var (name, template) in pipeline.Variables)
        {
            foreach (var path in template.Paths)
            {
                CheckVariable(pipeline, name, template.Node, path);
            }
        }

        if (!findings.HasFaults && new StepGraph(pipeline) is var graph && graph.Ordered() is null)
        {
            var first = pipeline.Steps.First(step => graph.NeedsOf(step.Name).Any(need => graph.Before(need).Contains(step.Name)));
            var round = pipeline.Steps.Where(step => graph.Before(first.Name).Contains(step.Name) && graph.Before(step.Name).Contains(first.Name)).Select(step => step.Name);
            findings.Fault(first.Line, first.Column, $"steps.{first.Name}", $"Steps wait for each other in a circle: {string.Join(" → ", round)} → {first.Name}.");
        }
    }

    private void Check(Pipeline pipeline, PipelineStep step, string[] names, YamlNode at, IReadOnlyList<string> path)
    {
        var field = $"steps.{step.Name}";
        if (!Roots.Contains(path[0]))
        {
            findings.Fault(at, field, $"'{string.Join('.', path)}' begins with a name that is not known.", Near(path[0], Roots) ?? $"Known are {string.Join(", ", Roots)}.");
        }
        else if (path[0] == "steps" && (path.Count < 3 || !OfStep.Contains(path[2])))
        {
            findings.Fault(at, field, $"'{string.Join('.', path)}' leads nowhere.", "Write steps.NAME.outputs.KEY, steps.NAME.metrics.KEY, steps.NAME.params.KEY or steps.NAME.run.");
        }
        else if (path[0] == "steps" && !names.Contains(path[1]))
        {
            findings.Fault(at, field, $"There is no step '{path[1]}'.", Near(path[1], names));
        }
        else if (path[0] == "steps" && path[1] == step.Name)
        {
            findings.Fault(at, field, "A step cannot refer to itself.");
        }
        else if (path[0] == "item" && step.ForEach is null)
        {
            findings.Fault(at, field, "'item' is known only in a step with 'foreach'.");
        }
        else if (path[0] == "steps" && path is [_, _, "outputs", var output, ..]
            && pipeline.Steps.First(other => other.Name == path[1]).Outputs is { Count: > 0 } declared && declared.All(known => known.Key != output && known.Value != output && Path.GetFileNameWithoutExtension(known.Value) != output))
        {
            findings.Fault(at, field, $"Step '{path[1]}' declares no output '{output}'; it has {string.Join(", ", declared.Select(known => $"'{known.Key}'"))}.", Near(output, declared.Select(known => known.Key)));
        }
        else if (path[0] == "params" && path.Count > 1 && !IsParameter(pipeline, path[1]))
        {
            findings.Fault(at, field, $"There is no parameter '{path[1]}' under 'params:'.", Near(path[1], pipeline.Parameters.Pairs.Select(pair => pair.Key)));
        }
    }

    /// <summary>The variables of all steps: none of them can have a part in what they are.</summary>
    private void CheckVariable(Pipeline pipeline, string name, YamlNode at, IReadOnlyList<string> path)
    {
        if (path[0] is not ("params" or "env" or "pipeline"))
        {
            findings.Fault(at, $"env.{name}", $"'{string.Join('.', path)}' is not known to every step.", Near(path[0], Roots[..1]) ?? "Known are params, env and pipeline; write it under the 'env' of a step.");
        }
        else if (path[0] == "params" && path.Count > 1 && !IsParameter(pipeline, path[1]))
        {
            findings.Fault(at, $"env.{name}", $"There is no parameter '{path[1]}' under 'params:'.", Near(path[1], pipeline.Parameters.Pairs.Select(pair => pair.Key)));
        }
    }

    /// <summary>Deeper parts may come from overrides (+a.b=1); the first must be declared.</summary>
    private static bool IsParameter(Pipeline pipeline, string name) =>
        pipeline.Parameters.Find(name) is not null || pipeline.Groups.Any(group => group.Name == name || group.Options.Any(option => option.Value.Find(name) is not null));

    private static string? Near(string word, IEnumerable<string> known) => Closest.To(word, known) is { } near ? $"Did you mean '{near}'?" : null;
}
