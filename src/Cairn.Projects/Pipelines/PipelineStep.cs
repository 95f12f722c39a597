using Cairn.Projects.Pipelines.Values;

namespace Cairn.Projects.Pipelines;

/// <summary>A step as written.</summary>
internal sealed record PipelineStep(string Name, int Line, int Column)
{
    /// <summary>Folder below the pipeline's, or a git address.</summary>
    public required string Component { get; init; }

    public string? Version { get; init; }

    public string EntryPoint { get; init; } = "main";

    public string? EnvironmentManager { get; init; }

    public IReadOnlyList<KeyValuePair<string, Template>> Parameters { get; init; } = [];

    /// <summary>Artifacts it reads; a key is the parameter that takes the reference, or only a name.</summary>
    public IReadOnlyList<KeyValuePair<string, Template>> Inputs { get; init; } = [];

    /// <summary>Key, under which others refer to it, to the artifact it must log.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Outputs { get; init; } = [];

    public IReadOnlyList<string> Needs { get; init; } = [];

    public Template? When { get; init; }

    public Template? ForEach { get; init; }

    public int Retries { get; init; }

    public TimeSpan RetryDelay { get; init; }

    public TimeSpan? Timeout { get; init; }

    /// <summary>What it needs; of this machine's processors it takes so many places.</summary>
    public Backends.JobResources Resources { get; init; } = new();

    public IReadOnlyList<KeyValuePair<string, Template>> Variables { get; init; } = [];

    /// <summary>Further files and folders its code depends on.</summary>
    public IReadOnlyList<string> Code { get; init; } = [];

    public bool IsCached { get; init; } = true;

    /// <summary>Where the values of its keys stand in the file.</summary>
    public IReadOnlyDictionary<string, (int Line, int Column)> Places { get; init; } = new Dictionary<string, (int, int)>();

    /// <summary>Where a key's value stands; without the key, where the step does.</summary>
    public (int Line, int Column) PlaceOf(string key) => Places.TryGetValue(key, out var place) ? place : (Line, Column);

    /// <summary>All its templates.</summary>
    public IEnumerable<Template> Templates =>
        Parameters.Concat(Inputs).Concat(Variables).Select(pair => pair.Value).Concat(new[] { When, ForEach }.OfType<Template>());
}
