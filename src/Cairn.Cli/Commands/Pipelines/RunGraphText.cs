using System.Text;
using Cairn.Cli.Output;
using Cairn.Client.Wire;

namespace Cairn.Cli.Commands.Pipelines;

/// <summary>The graph of what a run really did, as text.</summary>
internal static class RunGraphText
{
    public static string Of(StepGraph graph, bool isMermaid, Ink ink)
    {
        if (graph.Steps.Count == 0)
        {
            return isMermaid ? "graph TD\n" : $"Run {TextWidth.Safe(graph.Run.Name)} has no steps.\n";
        }

        return isMermaid ? Mermaid(graph) : Text(graph, ink);
    }

    private static string Mermaid(StepGraph graph)
    {
        var text = new StringBuilder("graph TD\n");
        foreach (var step in graph.Steps)
        {
            foreach (var need in step.Needs)
            {
                text.Append("  ").Append(MermaidName.Of(need)).Append(" --> ").Append(MermaidName.Of(step.Name)).Append('\n');
            }

            if (step.Needs.Count == 0)
            {
                text.Append("  ").Append(MermaidName.Of(step.Name)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Text(StepGraph graph, Ink ink)
    {
        var text = new StringBuilder();
        var width = graph.Steps.Max(step => TextWidth.Safe(step.Name).Length);
        foreach (var step in graph.Steps)
        {
            text.Append("  ").Append(ink.Bold(TextWidth.Safe(step.Name).PadRight(width))).Append("  ").Append(ink.Status(step.State == "cached" ? "finished" : step.State) is var status && step.State == "cached" ? ink.Dim("cached  ") : status);
            if (step.Needs.Count > 0)
            {
                text.Append("  ").Append(ink.Dim("←")).Append(' ').Append(TextWidth.Safe(string.Join(", ", step.Needs)));
            }

            if (step.Inputs.Count + step.Outputs.Count > 0)
            {
                text.Append('\n').Append(' ', width + 4).Append(ink.Dim(TextWidth.Safe($"{string.Join(", ", step.Inputs)} → {string.Join(", ", step.Outputs)}")));
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
