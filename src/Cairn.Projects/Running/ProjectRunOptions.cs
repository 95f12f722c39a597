namespace Cairn.Projects.Running;

/// <summary>How to run an entry point.</summary>
public sealed record ProjectRunOptions
{
    /// <summary>Name of the experiment; null means "Default".</summary>
    public string? Experiment { get; init; }

    /// <summary>Id of an existing experiment, in place of <see cref="Experiment"/>.</summary>
    public string? ExperimentId { get; init; }

    /// <summary>Name of the run; null lets the server choose one.</summary>
    public string? RunName { get; init; }

    /// <summary>Id of an existing run to run as, which keeps its name and experiment; null makes a new one.</summary>
    public string? RunId { get; init; }

    /// <summary>Where the code was fetched from; null for a folder that was there.</summary>
    public Sources.ProjectSource? Source { get; init; }

    /// <summary>The environment to run in; null means the programs on PATH.</summary>
    public Environments.PreparedEnvironment? Environment { get; init; }

    /// <summary>Where the command is carried out.</summary>
    public Backends.IRunBackend Backend { get; init; } = Backends.LocalBackend.Instance;

    /// <summary>What the command needs of a machine.</summary>
    public Backends.JobResources Resources { get; init; } = new();

    /// <summary>Further tags for the run.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Parameters whose values are not recorded, beside those that look like secrets by their names.</summary>
    public IReadOnlySet<string> HiddenParameters { get; init; } = new HashSet<string>();

    /// <summary>Values that are not recorded either where the command prints them, beside those of secret parameters.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Kind of work of the run; null means the project's name, or the entry point's.</summary>
    public string? JobType { get; init; }

    /// <summary>The run that launches this one, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>Ends the run as failed after this time; null means never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long processes that were asked to end may take before they are ended by force.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Absolute path of the <c>cairn</c> program, which the command finds first on its PATH; null where there is none.</summary>
    public string? CliPath { get; init; }

    /// <summary>
    /// Given the run's id, the program and its arguments that are started should this process be killed with no chance to
    /// act: it gives the run its end. Null where there is none.
    /// </summary>
    public Func<string, IReadOnlyList<string>>? AfterOurDeath { get; init; }

    /// <summary>Further variables for the command.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Gets what the command prints as it prints it, from two threads.</summary>
    public OutputHandler? Output { get; init; }

    /// <summary>Gets remarks about the run for people ("the time is up"), from any thread.</summary>
    public Action<string>? Remark { get; init; }
}

/// <summary>Takes bytes a process printed.</summary>
/// <param name="isError">True for standard error.</param>
/// <param name="bytes">In order for each output; may end inside a line or a character.</param>
public delegate void OutputHandler(bool isError, ReadOnlySpan<byte> bytes);
