namespace Cairn.Cli.Commands.Pipelines;

/// <summary>The name of a step in a Mermaid diagram, which reads brackets, colons and some words as its own.</summary>
internal static class MermaidName
{
    private static readonly HashSet<string> Words = new(["end", "graph", "flowchart", "subgraph", "style", "linkstyle", "class", "classdef", "click", "default", "direction"], StringComparer.OrdinalIgnoreCase);

    public static string Of(string name)
    {
        var plain = new string([.. name.Select(c => char.IsLetterOrDigit(c) || c is '_' or '-' ? c : '_')]);
        return Words.Contains(plain) ? $"{plain}_[\"{plain}\"]" : plain;
    }
}
