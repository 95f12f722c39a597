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

    /// <summary>The run that launches this one, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>Ends the run as failed after this time; null means never.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long processes that were asked to end may take before they are ended by force.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Absolute path of the <c>cairn</c> program, which the command finds first on its PATH; null where there is none.</summary>
    public string? CliPath { get; init; }

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
