namespace Cairn.Projects.Pipelines;

/// <summary>
/// Which step waits for which: by <c>needs</c>, by <c>${{ steps.X… }}</c>, and by an input that is another step's declared
/// output.
/// </summary>
internal sealed class StepGraph
{
    private readonly Dictionary<string, IReadOnlyList<string>> _needs;

    public StepGraph(Pipeline pipeline)
    {
        Steps = pipeline.Steps;
        _needs = pipeline.Steps.ToDictionary(step => step.Name, IReadOnlyList<string> (step) => Needs(pipeline, step), StringComparer.Ordinal);
    }

    public IReadOnlyList<PipelineStep> Steps { get; }

    /// <summary>What a step waits for, in the order of the file.</summary>
    public IReadOnlyList<string> NeedsOf(string step) => _needs[step];

    /// <summary>The step and all that wait for it, through any number of others.</summary>
    public IReadOnlySet<string> After(string step) => Closure(step, name => _needs.Where(pair => pair.Value.Contains(name)).Select(pair => pair.Key));

    /// <summary>The step and all it waits for.</summary>
    public IReadOnlySet<string> Before(string step) => Closure(step, name => _needs.GetValueOrDefault(name) ?? []);

    /// <summary>Steps in an order in which each comes after those it needs; ones that are equal stay as in the file. Null where they go round.</summary>
    public IReadOnlyList<PipelineStep>? Ordered()
    {
        var ordered = new List<PipelineStep>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        while (ordered.Count < Steps.Count)
        {
            if (Steps.FirstOrDefault(step => !done.Contains(step.Name) && _needs[step.Name].All(done.Contains)) is not { } next)
            {
                return null;
            }

            ordered.Add(next);
            done.Add(next.Name);
        }

        return ordered;
    }

    private static HashSet<string> Closure(string start, Func<string, IEnumerable<string>> next)
    {
        var found = new HashSet<string>(StringComparer.Ordinal) { start };
        var open = new Stack<string>([start]);
        while (open.TryPop(out var name))
        {
            foreach (var other in next(name).Where(found.Add))
            {
                open.Push(other);
            }
        }

        return found;
    }

    private static string[] Needs(Pipeline pipeline, PipelineStep step)
    {
        var named = step.Needs.Concat(step.Templates.SelectMany(template => template.Paths).Where(path => path is ["steps", _, ..]).Select(path => path[1]));
        var read = step.Inputs.Select(input => input.Value.Node).OfType<Reading.YamlScalar>()
            .Select(scalar => scalar.Text.Split(':')[0])
            .SelectMany(artifact => pipeline.Steps.Where(other => other != step && other.Outputs.Any(output => output.Value == artifact)).Select(other => other.Name));
        var all = named.Concat(read).ToHashSet(StringComparer.Ordinal);
        return pipeline.Steps.Select(other => other.Name).Where(all.Contains).Concat(all.Where(name => pipeline.Steps.All(other => other.Name != name))).ToArray();
    }
}
