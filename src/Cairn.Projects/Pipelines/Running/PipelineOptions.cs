using Cairn.Projects.Environments;

namespace Cairn.Projects.Pipelines.Running;

/// <summary>How to run a pipeline.</summary>
public sealed record PipelineOptions
{
    /// <summary>Name of the experiment; null means the one the file names, else the pipeline's name.</summary>
    public string? Experiment { get; init; }

    /// <summary>Where the pipeline was fetched from; null where it lies in a folder of this machine.</summary>
    public Sources.ProjectSource? Source { get; init; }

    /// <summary>Changes of parameters, in Hydra's style.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Runs every step, whatever is known; not again what this very run has done already.</summary>
    public bool NoCache { get; init; }

    /// <summary>Runs these steps and all after them, but not again those that this very run has done already; earlier ones may come from the cache.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    /// <summary>Only these steps and what they need; empty means all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Goes on with steps that do not need one that failed.</summary>
    public bool KeepGoing { get; init; }

    /// <summary>Where the commands of steps are carried out.</summary>
    public Backends.IRunBackend Backend { get; init; } = Backends.LocalBackend.Instance;

    /// <summary>Shared by pipelines that run at the same time: equal steps are run by one of them.</summary>
    public StepTurns Turns { get; init; } = new();

    /// <summary>Processors that steps may take at once.</summary>
    public int Jobs { get; init; } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Name of the pipeline's run; null lets the server choose.</summary>
    public string? RunName { get; init; }

    /// <summary>Id of the pipeline's run, chosen beforehand; null makes one up.</summary>
    public string? RunId { get; init; }

    /// <summary>Further tags of the pipeline's run.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Run of a pipeline to go on with; null makes a new one.</summary>
    public string? ResumeId { get; init; }

    /// <summary>Goes on with a run that says it is running: a lease keeps others from it.</summary>
    public bool HasLease { get; init; }

    /// <summary>The run that launches this one, or null.</summary>
    public string? ParentId { get; init; }

    /// <summary>Who makes environments where a step does not say.</summary>
    public EnvironmentChoice Environments { get; init; }

    /// <summary>How long processes that were asked to end may take.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Absolute path of the <c>cairn</c> program, or null.</summary>
    public string? CliPath { get; init; }

    /// <summary>Given a run's id, the program that gives it its end should this process be killed; or null.</summary>
    public Func<string, IReadOnlyList<string>>? AfterOurDeath { get; init; }

    /// <summary>Further variables for every step.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Told whenever a step stands elsewhere; from any thread, one call at a time.</summary>
    public Action<StepReport>? Changed { get; init; }

    /// <summary>Gets what a step prints, from many threads.</summary>
    public Action<string, bool, ReadOnlyMemory<byte>>? Output { get; init; }

    /// <summary>Gets remarks for people, of what is being done.</summary>
    public Action<string>? Remark { get; init; }

    /// <summary>Gets what people should still see when all is over; where it is null, <see cref="Remark"/> does.</summary>
    public Action<string>? Warning { get; init; }
}
