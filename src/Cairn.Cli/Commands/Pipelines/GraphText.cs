using System.CommandLine;
using System.Text;
using Cairn.Cli.Output;
using Cairn.Projects.Pipelines;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary>The graph of a pipeline as text.</summary>
internal static class GraphText
{
    public static readonly Option<bool> Mermaid = new("--mermaid") { Description = "As a Mermaid diagram, for READMEs" };

    public static string Of(Pipeline pipeline, bool isMermaid, Ink ink)
    {
        var graph = new StepGraph(pipeline);
        var text = new StringBuilder(isMermaid ? "graph TD\n" : "");
        if (isMermaid)
        {
            foreach (var step in pipeline.Steps)
            {
                var needs = graph.NeedsOf(step.Name);
                foreach (var need in needs)
                {
                    text.Append("  ").Append(MermaidName.Of(need)).Append(" --> ").Append(MermaidName.Of(step.Name)).Append('\n');
                }

                if (needs.Count == 0)
                {
                    text.Append("  ").Append(MermaidName.Of(step.Name)).Append('\n');
                }
            }

            return text.ToString();
        }

        var width = pipeline.Steps.Max(step => step.Name.Length);
        foreach (var level in Levels(graph))
        {
            foreach (var step in level)
            {
                var needs = string.Join(", ", graph.NeedsOf(step.Name));
                text.Append("  ").Append(ink.Bold(step.Name.PadRight(width))).Append(needs.Length > 0 ? $"  {ink.Dim("←")} {needs}" : "").Append('\n');
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>Steps that can run at the same time stand together.</summary>
    private static IEnumerable<IReadOnlyList<PipelineStep>> Levels(StepGraph graph)
    {
        var level = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in graph.Ordered()!)
        {
            level[step.Name] = graph.NeedsOf(step.Name).Select(need => level[need] + 1).DefaultIfEmpty(0).Max();
        }

        return graph.Steps.GroupBy(step => level[step.Name]).OrderBy(group => group.Key).Select(group => group.ToArray());
    }
}
