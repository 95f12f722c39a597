using System.CommandLine;

namespace Cairn.Cli.Parsing;

/// <summary>A command with examples for its help page.</summary>
internal sealed class CairnCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>"what is typed  # what it does".</summary>
    public IReadOnlyList<string> Examples { get; } = examples;
}
