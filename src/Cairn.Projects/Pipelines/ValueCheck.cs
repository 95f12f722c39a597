using Cairn.Projects.Binding;
using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Pipelines;

/// <summary>
/// Works out, before anything runs, what can be worked out of the steps' values: with the parameters that are given, and
/// without what only other steps know.
/// </summary>
internal sealed class ValueCheck
{
    private readonly Pipeline _pipeline;
    private readonly string _file;
    private readonly MapValue _parameters;
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);

    public ValueCheck(Pipeline pipeline, MapValue parameters)
    {
        (_pipeline, _parameters, _file) = (pipeline, parameters, PipelineFile.Shown(pipeline.File));
        var graph = new StepGraph(pipeline);
        foreach (var step in pipeline.Steps.Where(step => step.When is { } when && Evaluate(when, "when", null, []) is { IsTrue: false }))
        {
            _leftOut.UnionWith(graph.After(step.Name));
        }
    }

    /// <summary>Refuses to begin with values that cannot work; of components, those that lie here are looked at.</summary>
    /// <exception cref="PipelineException">There are such; tells all of them.</exception>
    public void Require(IEnumerable<PipelineStep> steps, LocalEntryPoints entryPoints)
    {
        var faults = steps.SelectMany(step => Find(step, entryPoints.Of(step)).Select(fault => fault.Finding with { Field = $"steps.{step.Name}.{fault.Key}" })).Distinct().ToArray();
        if (faults.Length > 0)
        {
            throw new PipelineException(string.Join('\n', faults.Select(fault => fault.ToString())));
        }
    }

    /// <summary>What is wrong, with the step's key it belongs to; without a line where the key's own will do.</summary>
    /// <param name="step">The step.</param>
    /// <param name="entryPoint">What it starts; null where that is not known.</param>
    public IEnumerable<(string Key, ProjectFinding Finding)> Find(PipelineStep step, EntryPoint? entryPoint)
    {
        if (_leftOut.Contains(step.Name))
        {
            return [];
        }

        var findings = new List<(string, ProjectFinding)>();
        if (step.When is { } when)
        {
            Evaluate(when, "when", null, findings);
        }

        foreach (var item in Items(step, findings))
        {
            var before = findings.Count;
            foreach (var (key, templates) in new[] { ("params", step.Parameters), ("inputs", step.Inputs), ("env", step.Variables) })
            {
                foreach (var (name, template) in templates)
                {
                    if (Evaluate(template, key, item, findings) is { } value && key == "params")
                    {
                        CheckType(entryPoint, name, value, template, findings);
                    }
                }
            }

            if (findings.Count > before)
            {
                // The other items have the same faults, or ones that are seen next time.
                break;
            }
        }

        return findings;
    }

    /// <summary>What the step runs for; one nothing where it runs once, or nobody knows yet.</summary>
    private IReadOnlyList<PlainValue?> Items(PipelineStep step, List<(string, ProjectFinding)> findings)
    {
        if (step.ForEach is not { } each || Evaluate(each, "foreach", null, findings) is not { } things)
        {
            return [null];
        }

        if (things is ListValue list)
        {
            return list.Items;
        }

        findings.Add(("foreach", At(each, $"This must be a list, '{things.Text}' is {things.Kind}.")));
        return [];
    }

    /// <summary>Null where it has a fault, or where only a run knows it.</summary>
    private PlainValue? Evaluate(Template template, string key, PlainValue? item, List<(string, ProjectFinding)> findings)
    {
        if (template.Paths.Any(path => path[0] is "steps" or "env" || path is ["pipeline", "run"] || (path[0] == "item" && item is null)))
        {
            return null;
        }

        try
        {
            return template.Evaluate(_file, path => path[0] switch
            {
                "params" => ParameterPath.Find(_parameters, path),
                "item" => ParameterPath.Find(item!, path),
                _ => new TextValue(_pipeline.Name),
            });
        }
        catch (PipelineException fault)
        {
            findings.Add((key, fault.Finding ?? At(template, fault.Message)));
            return null;
        }
    }

    /// <summary>A parameter without a value is one that is to be given on the command line.</summary>
    private void CheckType(EntryPoint? entryPoint, string name, PlainValue value, Template template, List<(string, ProjectFinding)> findings)
    {
        if (value is NullValue || entryPoint?.Parameters.FirstOrDefault(parameter => parameter.Name == name) is not { } declared)
        {
            return;
        }

        try
        {
            ParameterBinder.CheckKind(declared, value.Text);
        }
        catch (ProjectException fault)
        {
            findings.Add(("params", At(template, fault.Message)));
        }
    }

    private ProjectFinding At(Template template, string message) => new(_file, template.Node.Line, template.Node.Column, null, message);
}
