using Cairn.Projects.Pipelines.Promotion;
using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Pipelines;

/// <summary>A pipeline.yaml, read and checked.</summary>
public sealed class Pipeline
{
    internal Pipeline(string name, string file, string? experiment, MapValue parameters, IReadOnlyList<ParameterGroup> groups,
        IReadOnlyList<KeyValuePair<string, string>> chosen, IReadOnlyList<KeyValuePair<string, Template>> variables,
        IReadOnlyList<string> code, IReadOnlyList<PipelineStep> steps, IReadOnlyList<DeclaredGate> gates, IReadOnlyList<DeclaredTrigger> triggers,
        IReadOnlyList<ProjectFinding> notes)
    {
        Name = name;
        File = file;
        Experiment = experiment;
        Parameters = parameters;
        Groups = groups;
        Chosen = chosen;
        Variables = variables;
        Code = code;
        Steps = steps;
        Gates = gates;
        Triggers = triggers;
        Notes = notes;
    }

    /// <summary>The file's <c>name</c>, else the folder's.</summary>
    public string Name { get; }

    /// <summary>Absolute path of the file.</summary>
    public string File { get; }

    /// <summary>Absolute path of its folder.</summary>
    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>The experiment it names, or null.</summary>
    public string? Experiment { get; }

    /// <summary>What was tolerated while reading.</summary>
    public IReadOnlyList<ProjectFinding> Notes { get; }

    /// <summary>What must hold before its artifacts get an alias.</summary>
    internal IReadOnlyList<DeclaredGate> Gates { get; }

    /// <summary>What sets it going once it is registered.</summary>
    internal IReadOnlyList<DeclaredTrigger> Triggers { get; }

    internal MapValue Parameters { get; }

    internal IReadOnlyList<ParameterGroup> Groups { get; }

    /// <summary>Group to option, as the file's <c>defaults</c> have it.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Chosen { get; }

    internal IReadOnlyList<KeyValuePair<string, Template>> Variables { get; }

    /// <summary>Files and folders every step's code depends on, beside its component.</summary>
    internal IReadOnlyList<string> Code { get; }

    internal IReadOnlyList<PipelineStep> Steps { get; }
}

/// <summary>Sets of parameters of which one is chosen (<c>model=forest</c>).</summary>
internal sealed record ParameterGroup(string Name, IReadOnlyList<KeyValuePair<string, MapValue>> Options);
